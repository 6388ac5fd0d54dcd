"""Killed at any change and run again, the world is the same: nothing twice, nothing missing, nothing left over."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.acceptance.practice import ROOT, Practice

SAMPLE = ["before:0", "after:3", "after:12", "before:25", "after:31", "after:44", "before:58", "after:66"]


def kill_and_compare(practice: Practice, file: str, kills: list[str], timeout: float) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.acceptance.crash", str(practice.home), file, *kills],
        cwd=ROOT,
        env=practice.environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_same_world(results: list[dict[str, Any]]) -> None:
    wrong = [result for result in results if result["code"] != 0 or result["missing"] or result["extra"]]
    assert results and not wrong, json.dumps(wrong[:5], indent=1)


@pytest.mark.timeout(240)
def test_a_killed_carepolicy_run_carries_on_to_the_same_world(practice: Practice) -> None:
    results = kill_and_compare(practice, "carepolicy-hub.yaml", SAMPLE, 230)
    assert_same_world(results)
    assert sum(result["died"] for result in results) >= len(SAMPLE) - 1


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("file", ["carepolicy-hub.yaml", "fasttriage.yaml"])
def test_a_run_killed_at_every_change_carries_on_to_the_same_world(file: str, practice: Practice) -> None:
    assert_same_world(kill_and_compare(practice, file, ["all"], 3500))
