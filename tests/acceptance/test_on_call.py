"""A night on call, by real key presses: break, open, see the cause, roll back, held, a replay refused, released."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.practice import Practice
from tests.terminal import Terminal
from wizard.aws import sandbox

NAME = "carepolicy-hub/main/carepolicy-hub"
FILE = "carepolicy-hub.yaml"
CALM = 10.0
"""At six hundred times the pace of AWS a failing deployment is over before anybody could look at it."""


@pytest.fixture
def night(practice: Practice) -> Iterator[Practice]:
    """A service that works, in a sandbox at a pace at which a person can act."""
    assert practice.replay(FILE).code == 0
    calm = Practice(practice.home, CALM, practice.ready)
    sandbox.start(practice.home, CALM)
    yield calm
    sandbox.start(practice.home, practice.scale)


@pytest.fixture
def console(night: Practice) -> Iterator[Callable[..., Terminal]]:
    """Opens the console of the service; what is left open is ended."""
    opened: list[Terminal] = []

    def begin(size: tuple[int, int], *more: str) -> Terminal:
        opened.append(Terminal(["console", NAME, "--sandbox", *more], night.environment(), *size))
        return opened[-1]

    yield begin
    for each in opened:
        each.kill()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_three_keys_lead_from_the_cause_to_a_version_that_works(
    night: Practice, console: Callable[..., Terminal], size: tuple[int, int]
) -> None:
    assert night.run("sandbox", "break", "unhealthy-path").code == 0
    terminal = console(size)
    terminal.wait("health check")
    terminal.wait("← goes")
    pressed = ["r", "tab", "enter"]
    terminal.press(pressed[0])
    terminal.wait("to confirm")
    assert "Nothing healthy is stopped" in terminal.text
    terminal.press(pressed[1])
    terminal.settle()
    terminal.press(pressed[2])
    terminal.wait("restored", 60)
    assert len(pressed) <= 5
    terminal.press("ctrl+c")
    assert terminal.end() == 0

    changed = ("--set", "services.carepolicy-hub.count=2")
    refused = night.replay(FILE, *changed)
    assert (refused.code, refused.last["verdict"]) == (8, "held")
    assert night.run("release", NAME, "--sandbox").code == 0
    assert night.replay(FILE, *changed).code == 0


def test_a_console_that_only_reads_offers_no_way_to_change_anything(
    night: Practice, console: Callable[..., Terminal]
) -> None:
    before = night.last_call()
    terminal = console((80, 24), "--read-only")
    terminal.wait("runs now")
    assert "roll back" not in terminal.text
    terminal.press("r", "h")
    terminal.settle()
    assert "to confirm" not in terminal.text
    terminal.press("ctrl+c")
    assert terminal.end() == 0
    assert not [call for call in night.calls_since(before) if call["mutating"]]
