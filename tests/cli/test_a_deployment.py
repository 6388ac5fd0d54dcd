"""The whole way on the embedded AWS, as a person without a terminal sees it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Pilotage
from wizard.aws import sandbox

STARTER = str(ROOT / "blueprints" / "carepolicy-hub.yaml")
NAME = "carepolicy-hub/main"
SECRETS = str(ROOT / "blueprints" / "practice.env")
PLACE = "SANDBOX 000000000000 us-east-1"
SCALE = 600.0


@pytest.fixture
def in_sandbox(apart: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sandbox of its own, meant by every command."""
    for name, value in (("TIME_SCALE", str(SCALE)), ("SANDBOX", "1"), ("SECRETS_FILE", SECRETS), ("YES", "1")):
        monkeypatch.setenv(f"PILOTAGE_{name}", value)
    sandbox.start(apart, SCALE)
    yield
    sandbox.stop(apart)


@pytest.mark.usefixtures("in_sandbox")
def test_a_deployment_is_made_looked_at_and_taken_down(pilotage: Pilotage, tmp_path: Path) -> None:
    plan_file = tmp_path / "plan.json"
    planned = pilotage("plan", STARTER, "--detailed-exitcode", "--out", str(plan_file))
    assert planned.code == 3, planned.err
    assert planned.out.startswith(f"{NAME}  {PLACE}\nplan  ")
    assert "  +   vpc.main" in planned.out

    made = pilotage("replay", STARTER, "--plan", str(plan_file))
    assert made.code == 0, made.err
    assert made.err.startswith(f"{NAME}  {PLACE}\nplan  ")
    assert re.search(r"\n\d\d:\d\d  vpc\.main", made.err)
    assert f"undo: pilotage destroy {NAME} --sandbox" in made.err
    receipt = dict(line.split(maxsplit=1) for line in made.out.splitlines())
    assert receipt["url"].startswith("https://")
    assert PLACE in receipt["deployment"]
    assert receipt["costs"].endswith("/month")

    assert pilotage("replay", STARTER, "--plan", str(plan_file)).code == 9
    assert "nothing to do" in pilotage("replay", STARTER).out
    assert pilotage("plan", STARTER, "--detailed-exitcode").code == 0

    (state,) = pilotage("status", NAME, "--json").lines
    assert (state["service"], state["state"], state["sandbox"]) == ("carepolicy-hub", "OK", True)
    assert f"{NAME}/carepolicy-hub" in pilotage("status", "carepolicy-hub").out
    assert f"url {receipt['url']}" in " ".join(pilotage("outputs", NAME).out.split())
    (run,) = pilotage("history", NAME, "--json").lines
    assert (run["run"], run["verdict"]) == (receipt["run"], "ok")
    assert "no run is unfinished" in pilotage("resume").out

    kept = pilotage("destroy", NAME)
    assert kept.code == 0, kept.err
    assert "add --yes-delete-data" in kept.out
    gone = pilotage("destroy", STARTER, "--yes-delete-data")
    assert gone.code == 0, gone.err
    assert PLACE in gone.out
    assert "Pilotage's own logbook" in gone.out


@pytest.mark.usefixtures("in_sandbox")
def test_an_interrupted_run_is_carried_on_by_the_command_that_it_names(pilotage: Pilotage) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "wizard.cli", "replay", STARTER, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=dict(os.environ),
    )
    assert process.stdout is not None
    for line in process.stdout:
        if '"apply_complete"' in line:
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert '"verdict":"interrupted","exit_code":130' in out.splitlines()[-1]
    command = err.rsplit("next:", 1)[1].split()
    assert command[:2] == ["pilotage", "resume"]

    resumed = pilotage(*command[1:], "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.lines[-1]["verdict"] == "ok"
    assert pilotage("resume", "--json").lines[-1]["verdict"] == "no_changes"
