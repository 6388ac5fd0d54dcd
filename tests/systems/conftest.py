"""One sandbox a worker for the folder; each class of tests has one starter, deployed once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.practice import Practice
from tests.ready import ReadyProcess
from tests.systems.account import Account
from tests.systems.deployment import Deployment
from wizard.aws import sandbox

SCALE = 600.0


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory, ready: ReadyProcess) -> Iterator[Practice]:
    home: Path = tmp_path_factory.mktemp("systems")
    sandbox.start(home, SCALE)
    yield Practice(home, SCALE, ready)
    sandbox.stop(home)


@pytest.fixture(scope="session")
def reader(practice: Practice) -> Account:
    running = sandbox.find(practice.home)
    assert running is not None
    return Account(running.url)


@pytest.fixture(scope="class")
def deployed(
    request: pytest.FixtureRequest, practice: Practice, reader: Account, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """The class's starter."""
    return Deployment(practice, reader, request.cls.starter, tmp_path_factory.mktemp("secrets") / "secrets.env")


@pytest.fixture
def account(deployed: Deployment) -> Account:
    """The account, with the class's starter in it."""
    return deployed.account
