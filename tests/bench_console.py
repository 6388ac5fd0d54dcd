"""The console in a crowded account: 200 services, one with 500 revisions and a log of a thousand lines a second."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.acceptance.practice import ROOT, Practice
from tests.bench_screens import KEYS, moving, tell, typing, until
from tests.crowd import CROWDED, Crowd
from tests.terminal import Terminal
from wizard.aws import sandbox

SERVICES, REVISIONS = 200, 500
LATENCY_MS = 40
LINES_A_SECOND = 1000
CROWDED_SERVICE = ("--cluster", "c0", "--service", CROWDED)
NIGHT_S = 60.0
Row = Callable[[str, str, str], None]


def bench(row: Row, home: Path) -> None:
    """Print the rows of the console."""
    endpoint = sandbox.start(home, 60.0)
    practice = Practice(home, 1.0)
    Crowd(endpoint.url).gather(SERVICES, REVISIONS)
    time.sleep(3)
    practice.control("POST", "clock", {"scale": 1.0})
    practice.control("POST", "latency", {"ms": LATENCY_MS})
    try:
        _of_the_list(row, practice)
        _of_a_service(row, practice, endpoint.url)
    finally:
        sandbox.stop(home)


@contextmanager
def _opened(practice: Practice, *arguments: str) -> Iterator[Terminal]:
    environment = dict(practice.environment())
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    terminal = Terminal(["console", *arguments, "--sandbox"], environment, 120, 40)
    yield terminal
    terminal.press("ctrl+c")
    terminal.end()


def _of_the_list(row: Row, practice: Practice) -> None:
    """The first time everything is read; the second time the list of the first stands at once."""
    with _opened(practice) as terminal:
        terminal.wait(f"{SERVICES} services")
        row(f"console: {SERVICES} services read", f"{terminal.read_at - terminal.started:.2f} s", "under 3 s")
    with _opened(practice) as terminal:
        terminal.wait(f"{SERVICES} services")
        row("console: the list of the last time", f"{terminal.read_at - terminal.started:.2f} s", "under 0.6 s")
        tell(row, "the list from its first paint", moving(terminal))


def _of_a_service(row: Row, practice: Practice, url: str) -> None:
    # In a process of its own: what measures must not take turns with what it measures.
    talk = subprocess.Popen([sys.executable, "-m", "tests.crowd", url, str(LINES_A_SECOND)], cwd=ROOT)
    try:
        with _opened(practice, *CROWDED_SERVICE) as terminal:
            terminal.wait("is serving")
            row("console: verdict on the screen", f"{terminal.read_at - terminal.started:.2f} s", "under 3 s")
            tell(row, f"{LINES_A_SECOND:,} lines/s from the verdict, filter", typing(terminal))
            calls = _calls_a_minute(practice, terminal)
            row("console: calls in the first minute, the log followed", f"{calls:.0f}", "")
            row("console: memory", f"{_megabytes(terminal.pid):.0f} MB", "under 150 MB")
        with _opened(practice, *CROWDED_SERVICE) as terminal:
            terminal.wait(f"▸  {REVISIONS}")
            tell(row, f"{REVISIONS} revisions as soon as they stand, cursor", moving(terminal))
            terminal.press("l")
            terminal.wait("[logs]")
            tell(row, f"{LINES_A_SECOND:,} lines/s, panes", _switching(terminal))
    finally:
        talk.kill()
        talk.wait()


def _switching(terminal: Terminal) -> list[float]:
    """From the log, which flows, to the revisions and back."""
    return [
        until(terminal, "l", lambda w=wanted: w in terminal.text)  # type: ignore[misc]
        for wanted in ["[revisions]", "[logs]"] * (KEYS // 2)
    ]


def _look_on(terminal: Terminal, seconds: float) -> None:
    """Look at the screen so long, as a person does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        terminal.read(0.2)


def _calls_a_minute(practice: Practice, terminal: Terminal) -> float:
    """While somebody only looks. The crowd's own calls, which write, are not the console's."""
    before, began = practice.last_call(), time.perf_counter()
    _look_on(terminal, NIGHT_S)
    reads = [call for call in practice.calls_since(before) if not call["mutating"]]
    return len(reads) * 60 / (time.perf_counter() - began)


def _megabytes(pid: int) -> float:
    """The most that a process held so far."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    """The rows alone."""
    import tempfile

    from tests.bench import row

    with tempfile.TemporaryDirectory() as folder:
        bench(row, Path(folder))


if __name__ == "__main__":
    main()
