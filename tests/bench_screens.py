"""How quick the full screen is, seen from the other end of a pseudo-terminal. `make bench` prints its rows."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.screens.flood import PROGRAM
from tests.terminal import Terminal

STARTS = 7
KEYS = 60
TYPED = "items/3"
SETTLED_S = 3.0
LOST_S = 5.0
QUIET_S = 0.03
"""A drawing is over when nothing came for so long."""
Row = Callable[[str, str, str], None]


def first_paint(environment: Mapping[str, str]) -> float:
    """Seconds from the start of the process until its first line is on the screen."""
    terminal = Terminal((), environment)
    while "Pilotage" not in terminal.text:
        terminal.read(0.002)
    seconds = terminal.read_at - terminal.started
    terminal.kill()
    return seconds


def key_to_paint(environment: Mapping[str, str], pane: str) -> list[float]:
    """Seconds from a key until what it does is on the screen, during the flood, with a pane open."""
    terminal = Terminal((), environment, 120, 40, program=PROGRAM)
    terminal.wait("flood/dev")
    deadline = time.monotonic() + SETTLED_S
    while time.monotonic() < deadline:
        terminal.read(0.05)
    found = {"resources": moving, "logs": typing, "panes": _switching}[pane](terminal)
    terminal.kill()
    return found


def moving(terminal: Terminal) -> list[float]:
    """The cursor goes down and up a list."""
    times = []
    for number in range(KEYS):
        _rest(terminal)
        elsewhere = _cursor(terminal) + (1 if number % 8 < 4 else -1)
        key = "down" if number % 8 < 4 else "up"
        times.append(until(terminal, key, lambda wanted=elsewhere: _cursor(terminal) == wanted))  # type: ignore[misc]
    return times


def typing(terminal: Terminal) -> list[float]:
    """Letters into the filter of the log lines, which flow meanwhile."""
    terminal.press("l")
    terminal.wait("[logs]")
    terminal.press("/")
    terminal.wait("show only")
    field = next(number for number, line in enumerate(terminal.text.split("\n")) if "show only" in line)

    def reads(wanted: str) -> bool:
        return terminal.text.split("\n")[field].strip() == wanted

    times, typed = [], ""
    for number in range(KEYS):
        if len(typed) == len(TYPED):
            terminal.press("ctrl+u")
            terminal.wait("show only")
            typed = ""
        typed += TYPED[number % len(TYPED)]
        times.append(until(terminal, typed[-1], lambda wanted=typed: reads(wanted)))  # type: ignore[misc]
    return times


def _switching(terminal: Terminal) -> list[float]:
    """To the pane of the log lines, which flow, and to the one beside it: the whole screen is drawn anew."""
    times = []
    for number in range(KEYS):
        key, wanted = ("l", "[logs]") if number % 2 == 0 else ("tab", "[result]")
        times.append(until(terminal, key, lambda w=wanted: w in terminal.text))  # type: ignore[misc]
    return times


def _cursor(terminal: Terminal) -> int:
    return next((number for number, line in enumerate(terminal.text.split("\n")) if "▸" in line), -1)


def _rest(terminal: Terminal) -> None:
    """Look until nothing is being drawn, as a person does before the next key."""
    deadline = time.perf_counter() + LOST_S
    while terminal.read(0.004) and time.perf_counter() < deadline:
        pass


def until(terminal: Terminal, key: str, done: Callable[[], bool]) -> float:
    """Press a key between two drawings, and look until it shows; the seconds until the bytes that show it came."""
    _rest(terminal)
    assert not done(), f"{key} would show nothing new; the screen is\n{terminal.text}"
    began = time.perf_counter()
    terminal.press(key)
    return terminal.await_paint(done, QUIET_S, LOST_S) - began


def tell(row: Row, what: str, times: Sequence[float]) -> None:
    """Two rows about key presses."""
    at_95 = sorted(times)[int(len(times) * 0.95)]
    row(f"key to paint, {what}: median", f"{statistics.median(times) * 1000:.0f} ms", "")
    row(f"key to paint, {what}: p95", f"{at_95 * 1000:.0f} ms", "under 35 ms")


def bench(row: Row, home: Path) -> None:
    """Print the rows of the full screen."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PILOTAGE_"))}
    environment = kept | {"PILOTAGE_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    paints = sorted(first_paint(environment) for _ in range(STARTS))
    row("full screen: first paint, median", f"{statistics.median(paints) * 1000:.0f} ms", "under 600 ms")
    row("full screen: first paint, worst", f"{paints[-1] * 1000:.0f} ms", "")
    for pane in ("resources", "logs", "panes"):
        tell(row, f"100 resources and 1,000 lines/s, {pane}", key_to_paint(environment, pane))


def main() -> None:
    """The rows alone."""
    import tempfile

    from tests.bench import row

    with tempfile.TemporaryDirectory() as folder:
        bench(row, Path(folder))


if __name__ == "__main__":
    main()
