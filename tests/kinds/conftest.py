"""One sandbox for all tests of kinds, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kinds.driver import Account
from tests.kinds.stage import Stage
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


@pytest.fixture(scope="session")
def stage(sandbox_home: Path, session: Session) -> Stage:
    """Where the tests of one case share its world."""

    def empty_account() -> Account:
        sandbox.reset(sandbox_home)
        return Account(session, SCALE)

    return Stage(empty_account)


@pytest.fixture
def account(stage: Stage) -> Iterator[Account]:
    """An empty account; afterwards no verb may have called what its kind does not declare."""
    fresh = stage.cleared()
    yield fresh
    assert fresh.undeclared() == {}


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Let the contract's tests of one case follow each other, in the order of their file."""
    places = [at for at, item in enumerate(items) if item.path.stem == "test_contract" and hasattr(item, "callspec")]
    cases = [str(items[at].callspec.params["case"]) for at in places]
    grouped = sorted(zip(cases, places, strict=True), key=lambda pair: cases.index(pair[0]))
    items_by_case = [items[at] for _, at in grouped]
    for at, item in zip(places, items_by_case, strict=True):
        items[at] = item
