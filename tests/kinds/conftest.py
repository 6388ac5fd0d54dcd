"""One sandbox for all tests of kinds, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kinds.driver import Account
from wizard.aws import sandbox
from wizard.aws.session import Session, Target

SCALE = 2000.0


@pytest.fixture(scope="session")
def sandbox_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a sandbox that runs as long as the tests do."""
    home = tmp_path_factory.mktemp("sandbox")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILOTAGE_TIME_SCALE", repr(SCALE))
        sandbox.start(home, SCALE)
        yield home
        sandbox.stop(home)


@pytest.fixture(scope="session")
def session(sandbox_home: Path) -> Session:
    """Clients are slow to make, so all tests share them."""
    running = sandbox.find(sandbox_home)
    assert running is not None
    return Session(Target(sandbox_url=running.url))


@pytest.fixture
def account(sandbox_home: Path, session: Session) -> Iterator[Account]:
    """An empty account; afterwards no verb may have called what its kind does not declare."""
    sandbox.reset(sandbox_home)
    fresh = Account(session, SCALE)
    yield fresh
    assert fresh.undeclared() == {}
