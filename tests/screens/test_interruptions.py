"""Whatever ends the terminal, it is left as it was found, and nothing that was begun is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.acceptance.practice import ROOT, RUN, SECRETS, Practice
from tests.terminal import Terminal
from wizard.aws import sandbox

SCALE = 60.0
SLOW_MS = 60
LONG_S = 100.0
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l")
"""Alternate screen left, cursor shown, mouse off."""
DOING = "waiting for"


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    home = tmp_path_factory.mktemp("interruptions")
    made = Practice(home, SCALE)
    sandbox.start(home, SCALE)
    made.control("POST", "latency", {"ms": SLOW_MS})
    yield made
    sandbox.stop(home)


def given(practice: Practice, **more: str) -> Mapping[str, str]:
    """The environment of a person who keeps secrets in variables."""
    pairs = [line.split("=", 1) for line in SECRETS.read_text(encoding="utf-8").splitlines() if "=" in line]
    values = {f"PILOTAGE_SECRET_{name}": value for name, value in pairs if not name.startswith("#")}
    return practice.environment() | values | more


def assert_left(terminal: Terminal) -> None:
    """The terminal is as it was, and no traceback was written."""
    after = bytes(terminal.raw)[bytes(terminal.raw).rfind(b"\x1b[?1049h") :]
    for code in LEFT:
        assert code in after
    assert b"Traceback" not in terminal.raw


def carried_on(practice: Practice) -> Terminal:
    """Home offers what was interrupted; enter carries it on."""
    terminal = Terminal(("--sandbox",), given(practice))
    terminal.wait("stopped", LONG_S)
    terminal.wait("000000000000", LONG_S)
    terminal.settle()
    terminal.press("enter")
    terminal.wait(DOING, LONG_S)
    return terminal


def test_a_run_outlives_every_way_to_end_it(practice: Practice) -> None:
    terminal = Terminal(("--sandbox",), given(practice))
    terminal.wait("000000000000", LONG_S)
    terminal.press("o")
    terminal.wait("carepolicy-hub.yaml", LONG_S)
    terminal.settle()
    while "▸ blueprints/carepolicy-hub.yaml" not in terminal.text:
        terminal.press("down")
        terminal.settle()
    terminal.press("enter")
    terminal.wait("make it so", LONG_S)
    terminal.settle()
    terminal.press("d")
    terminal.wait(DOING, LONG_S)
    terminal.signal(signal.SIGTERM)
    assert terminal.end(LONG_S) == 128 + signal.SIGTERM
    assert_left(terminal)
    assert "carry on with: pilotage resume" in terminal.text

    terminal = carried_on(practice)
    terminal.press("ctrl+c", "ctrl+c")
    assert terminal.end(LONG_S) == 130
    assert_left(terminal)
    assert "pilotage resume" in terminal.text

    terminal = carried_on(practice)
    terminal.press("ctrl+c")
    terminal.wait("interrupted", LONG_S)
    terminal.press("ctrl+c")
    assert terminal.end(LONG_S) == 130
    assert_left(terminal)

    terminal = carried_on(practice)
    terminal.hang_up()
    assert terminal.exit_code == 128 + signal.SIGHUP

    done = practice.run("resume", "--sandbox", "--yes", "--json", "--secrets-file", str(SECRETS))
    assert done.code == 0, done.stderr
    assert done.last["verdict"] == "ok"


def test_a_killed_walk_is_found_again_where_it_stood(practice: Practice, tmp_path: Path) -> None:
    environment = dict(practice.environment()) | {"PILOTAGE_HOME": str(tmp_path)}
    terminal = Terminal(("new", "--region", "us-east-1", "--sandbox", "carepolicy-hub"), environment)
    terminal.wait("What should it run on?", LONG_S)
    terminal.settle()
    terminal.press("enter")
    terminal.wait("What is it called?", LONG_S)
    terminal.settle()
    terminal.press("ctrl+u")
    terminal.settle()
    terminal.press("policies")
    terminal.wait(" policies", LONG_S)
    terminal.press("enter")
    terminal.wait("people find it", LONG_S)
    terminal.signal(signal.SIGKILL)
    terminal.end()
    terminal = Terminal(("new",), environment)
    terminal.wait("Carry on, or begin anew?", LONG_S)
    terminal.wait("policies", LONG_S)
    terminal.settle()
    terminal.press("enter")
    terminal.wait("people find it", LONG_S)
    assert "· policies" in terminal.text
    terminal.press("ctrl+c")
    assert terminal.end() == 0
    assert_left(terminal)
    assert "pilotage new" in terminal.text


@pytest.mark.parametrize(
    ("arguments", "names"),
    [(("new",), "pilotage replay FILE --yes"), (("console",), "pilotage status")],
)
def test_without_a_terminal_the_headless_command_is_named(arguments: tuple[str, ...], names: str) -> None:
    done = piped(*arguments)
    assert done.returncode == 2
    assert names in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_alone_without_a_terminal_it_helps() -> None:
    done = piped()
    assert done.returncode == 0
    assert "Usage: pilotage" in done.stdout


def piped(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it as another program would."""
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PILOTAGE_")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_dumb_terminal_is_told_what_it_can_do(practice: Practice) -> None:
    terminal = Terminal((), practice.environment(), term="dumb")
    assert terminal.end(LONG_S) == 2
    assert "pilotage new --plain" in " ".join(terminal.text.split())
    assert b"\x1b[?1049h" not in terminal.raw


def test_a_terminal_of_sixteen_colours_gets_no_others(practice: Practice) -> None:
    colourful = {name: value for name, value in practice.environment().items() if name != "NO_COLOR"}
    terminal = Terminal((), colourful, term="xterm-16color")
    terminal.wait("Start", LONG_S)
    terminal.settle()
    terminal.press("q")
    terminal.end(LONG_S)
    assert b"38;2;" not in terminal.raw
    assert b"38;5;" not in terminal.raw
