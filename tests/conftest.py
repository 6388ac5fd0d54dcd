"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ready import ReadyProcess


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadyProcess]:
    """One process a worker that has the program loaded."""
    process = ReadyProcess.start(tmp_path_factory.mktemp("ready"))
    yield process
    process.stop()
