"""The console in a crowded account: 200 services, one with 500 revisions and a log of a thousand lines a second."""

from __future__ import annotations

import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.acceptance.practice import Practice
from tests.bench_screens import typing
from tests.crowd import CROWDED, Crowd
from tests.terminal import Terminal
from wizard.aws import sandbox

SERVICES, REVISIONS = 200, 500
LATENCY_MS = 40
LINES_A_SECOND = 1000
Row = Callable[[str, str, str], None]


def bench(row: Row, home: Path) -> None:
    """Print the rows of the console."""
    endpoint = sandbox.start(home, 60.0)
    practice, crowd = Practice(home, 1.0), Crowd(endpoint.url)
    crowd.gather(SERVICES, REVISIONS)
    time.sleep(3)
    practice.control("POST", "clock", {"scale": 1.0})
    practice.control("POST", "latency", {"ms": LATENCY_MS})
    try:
        _of_the_list(row, practice)
        _of_a_service(row, practice, crowd)
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


def _of_a_service(row: Row, practice: Practice, crowd: Crowd) -> None:
    before = practice.last_call()
    with _opened(practice, "--cluster", "c0", "--service", CROWDED) as terminal:
        terminal.wait("is serving")
        row("console: verdict on the screen", f"{terminal.read_at - terminal.started:.2f} s", "under 3 s")
        over = threading.Event()
        talk = threading.Thread(target=_chatter, args=(crowd, over), daemon=True)
        talk.start()
        times = sorted(typing(terminal))
        over.set()
        talk.join()
        label = f"console: key to paint, {LINES_A_SECOND:,} lines/s"
        row(f"{label}, median", f"{statistics.median(times) * 1000:.0f} ms", "")
        row(f"{label}, p95", f"{times[int(len(times) * 0.95)] * 1000:.0f} ms", "under 35 ms")
        minutes = (time.perf_counter() - terminal.started) / 60
        calls = [each for each in practice.calls_since(before) if each["operation"] != "PutLogEvents"]
        row("console: calls a minute", f"{len(calls) / minutes:.0f}", "")
        row("console: memory", f"{_megabytes(terminal.pid):.0f} MB", "under 150 MB")


def _chatter(crowd: Crowd, over: threading.Event) -> None:
    while not over.wait(0.5):
        crowd.chatter(LINES_A_SECOND // 2)


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
