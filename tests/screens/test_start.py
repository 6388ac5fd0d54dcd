"""What is loaded before the first paint, and how a defect ends."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.page import Page
from tests.acceptance.practice import ROOT
from tests.screens.stage import play
from tests.terminal import Terminal

HEAVY = ("boto3", "botocore", "pydantic", "ruamel", "jinja2", "keyring", "questionary", "moto", "wizard.kinds")
PAINTED = """
import sys
from screens.app import PilotageApp
from screens.home import Home
from screens.place import Place
from tests.screens.stage import shown
from wizard.deployment.request import Request
import wizard.cli.entry

seen = []

async def first_thing(home):
    assert "new deployment" in shown(home.app)
    seen.extend(name for name in {heavy!r} if name in sys.modules)
    home.app.exit()

Home._look_here = first_thing
PilotageApp.go_to = lambda app, place: None
PilotageApp(Place(Request(sandbox=True))).run(headless=True)
print(seen)
"""
BROKEN = """
import sys
from screens.home import Home
Home.action_new = lambda self: 1 / 0
from wizard.cli import main
sys.exit(main())
"""


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    code = PAINTED.replace("{heavy!r}", repr(HEAVY))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip().split("\n")[-1] == "[]", done.stderr


def test_textual_is_told_of_the_frames_before_it_is_loaded() -> None:
    code = "import screens.entry, textual.screen; print(round(1 / textual.screen.UPDATE_PERIOD))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "240"


def test_the_collector_makes_a_full_round_now_and_then_while_the_screen_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("screens.app.COLLECT_EVERY_S", 0.01)
    full = 0

    def told(phase: str, facts: dict[str, int]) -> None:
        nonlocal full
        full += phase == "stop" and facts["generation"] == 2

    async def look(pilot: Pilot[Any]) -> None:
        gc.callbacks.append(told)
        try:
            while full < 2:
                await pilot.pause(0.01)
        finally:
            gc.callbacks.remove(told)

    assert play(Page(), look).defect is None


def test_a_defect_is_told_in_four_parts_once_the_terminal_is_given_back(tmp_path: Path) -> None:
    environment = {"PILOTAGE_HOME": str(tmp_path), "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    terminal = Terminal((), environment, program=BROKEN)
    terminal.wait("Start")
    terminal.settle()
    terminal.press("n")
    assert terminal.end() == 1
    assert b"Traceback" not in terminal.raw
    assert "division by zero" not in terminal.text
    assert b"\x1b[?1049l" in terminal.raw
    assert "safe" in terminal.text
