"""One sandbox a worker for the whole folder; every test begins with a fresh world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.practice import Practice
from tests.ready import ReadyProcess
from wizard.aws import sandbox

SCALE = 600.0


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, ready: ReadyProcess) -> Iterator[Practice]:
    home: Path = tmp_path_factory.mktemp("practice")
    sandbox.start(home, SCALE)
    yield Practice(home, SCALE, ready)
    sandbox.stop(home)


@pytest.fixture
def practice(running: Practice) -> Practice:
    running.reset()
    return running
