"""The sandbox as a process: started once, found again, told apart from others, ended."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sandbox.conftest import Aws
from wizard.aws import sandbox


def test_two_starts_at_the_same_time_end_with_one_process_that_stop_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PILOTAGE_TIME_SCALE", raising=False)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: sandbox.start(tmp_path, 50.0), range(2))
    assert first == second
    assert sandbox.find(tmp_path) == first
    assert first.scale == 50.0

    faster = sandbox.start(tmp_path, 100.0)
    assert (faster.pid, faster.scale) == (first.pid, 100.0)
    assert sandbox.start(tmp_path) == faster

    sandbox.wait_until_warm(faster)
    assert sandbox._ask(faster.port, "GET", "status")["warm"]
    assert sandbox.reset(tmp_path)
    assert sandbox.stop(tmp_path)
    assert sandbox.find(tmp_path) is None
    assert not sandbox.stop(tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(first.pid, 0)


def test_nobody_waits_for_a_process_that_ended(tmp_path: Path) -> None:
    with pytest.raises(sandbox.SandboxNotStarted, match="ended while it loaded"):
        sandbox.wait_until_warm(sandbox.Endpoint("http://127.0.0.1:1", 1, 1, 1.0))


def test_a_file_that_names_another_process_is_not_believed(running: Aws, tmp_path: Path) -> None:
    facts = {"pid": running.endpoint.pid + 1, "port": running.endpoint.port, "url": "", "scale": 1}
    (tmp_path / "sandbox.json").write_text(json.dumps(facts))
    assert sandbox.find(tmp_path) is None
    assert not sandbox.stop(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", '{"pid": 1, "port": "x"}', "[1]"])
def test_a_broken_file_means_that_nothing_runs(tmp_path: Path, content: str) -> None:
    (tmp_path / "sandbox.json").write_text(content)
    assert sandbox.find(tmp_path) is None


def test_without_moto_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(sandbox.SandboxNotInstalled) as raised:
        sandbox.start(tmp_path)
    assert "pilotage[sandbox]" in raised.value.next_step


def test_a_process_that_ends_at_once_is_reported_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(sandbox.SandboxNotStarted) as raised:
        sandbox.start(tmp_path)
    assert str(sandbox.log_path(tmp_path)) in raised.value.evidence
