"""One sandbox for the tests of releases, and a shop in it that Pilotage did not make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.release.shop import Shop
from wizard.aws import sandbox
from wizard.aws.calls import AwsCalls
from wizard.aws.session import Session, Target
from wizard.engine.clock import Clock
from wizard.release import claim

SCALE = 2000.0


@pytest.fixture(scope="session")
def practice_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a sandbox that runs as long as the tests do."""
    home = tmp_path_factory.mktemp("release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILOTAGE_TIME_SCALE", repr(SCALE))
        sandbox.start(home, SCALE)
        yield home
        sandbox.stop(home)


@pytest.fixture(scope="session")
def practice_session(practice_home: Path) -> Session:
    """Clients are slow to make, so all tests share them."""
    running = sandbox.find(practice_home)
    assert running is not None
    return Session(Target(sandbox_url=running.url))


@pytest.fixture
def shop(practice_home: Path, practice_session: Session, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A fresh account with the shop's surroundings."""
    monkeypatch.setattr(claim, "LEAST_REAL_SECONDS", 0.02)
    sandbox.reset(practice_home)
    running = sandbox.find(practice_home)
    assert running is not None
    made = Shop(AwsCalls(practice_session, Clock(SCALE)), url=running.url)
    made.pace(SCALE)
    return made.build()
