"""The live picture of a run in a terminal: a bar, a line for each resource in work, finished ones scroll above.

It is drawn when something was heard, when a second passed, and never more than eight times a second.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from wizard.cli import words
from wizard.cli.lines import Lines
from wizard.cli.progress import Moving, Progress
from wizard.cli.report import Report, harmless
from wizard.engine.events import Event

SHORTEST_BETWEEN_DRAWINGS_S = 0.125
BAR = 20
ROOM_FOR_ECHO = 4
"""Columns left free at the right: the terminal echoes `^C` at the cursor, and a line that wraps breaks the region."""
STYLES = {"bad": "red", "good": "green", "wait": "yellow", "strong": "bold", "quiet": "dim", "": ""}


class LivePicture:
    """Draws on the terminal of stderr. The region opens with the first step and closes with the run."""

    def __init__(self, report: Report, progress: Progress, console: Console | None = None) -> None:
        self.progress = progress
        self._report = report
        self._console = console or Console(file=report.err, no_color=not report.colour, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True, redirect_stdout=False)
        self._lines = Lines(progress, brief=True)
        self._heard = threading.Event()
        self._closed = threading.Event()
        self._lock = threading.RLock()
        self._open = False
        self._drawer = threading.Thread(target=self._keep_drawing, name="picture", daemon=True)

    def take(self, event: Event) -> None:
        """Show one event: at once what has an end, with the next drawing what goes on."""
        self.progress.take(event)
        with self._lock:
            for line in self._lines.of(event):
                self._above(line.text, line.style)
            if self.progress.begun and not self._open and not self._closed.is_set():
                self._begin()
        self._heard.set()

    def _begin(self) -> None:
        self._open = True
        self._report.above = self._above
        self._live.start()
        self._drawer.start()

    def _above(self, text: str, style: str = "") -> None:
        if not self._open:
            self._report.above = None
            self._report.say(text, style)
            return
        self._report.log(text)
        try:
            with self._lock:
                self._console.print(Text(harmless(text), style=STYLES[style]), soft_wrap=True)
        except OSError:
            self._closed.set()

    def close(self) -> None:
        """Take the region away and give the terminal back as it was."""
        self._closed.set()
        self._heard.set()
        with self._lock:
            if self._open:
                self._open = False
                self._report.above = None
                try:
                    self._live.stop()
                except OSError:
                    # The terminal hung up; there is nothing to give back.
                    return

    def _keep_drawing(self) -> None:
        while not self._closed.is_set():
            self._heard.wait(1.0)
            self._heard.clear()
            with self._lock:
                if not self._open:
                    return
                try:
                    self._live.update(drawing(self.progress, *self._console.size), refresh=True)
                except OSError:
                    return
            self._closed.wait(SHORTEST_BETWEEN_DRAWINGS_S)


def drawing(progress: Progress, width: int, height: int) -> Group:
    """The region as it is now, not higher than the terminal."""
    rows = [Text(top_line(progress), style="bold")]
    moving = progress.moving
    room = max(height - 3, 3)
    column = min(max((len(each.address) for each in moving), default=0), max(20, width * 2 // 5))
    for number, each in enumerate(moving):
        block = _rows(each, progress, column)
        rest = len(moving) - number
        if len(rows) + len(block) > room - (1 if rest > 1 else 0):
            rows.append(Text(f" and {rest} more", style="dim"))
            break
        rows += block
    for row in rows:
        row.truncate(max(width - ROOM_FOR_ECHO, 10), overflow="ellipsis")
        row.no_wrap = True
    return Group(*rows)


def top_line(progress: Progress) -> str:
    """`31 of 64  ███████░░░  11:40 of about 22:00   1 failed`."""
    ended = progress.done + progress.failed + progress.skipped
    full = BAR * ended // max(progress.total, 1)
    line = f" {ended} of {progress.total}  {'█' * full}{'░' * (BAR - full)}  {words.clock(progress.elapsed)}"
    if progress.expected_s:
        line += f" of about {words.clock(progress.expected_s / progress.scale)}"
    if progress.failed:
        line += f"   {progress.failed} failed"
    return line + ("   SANDBOX" if progress.head.get("sandbox") else "")


def _rows(each: Moving, progress: Progress, column: int) -> list[Text]:
    address = each.address if len(each.address) <= column else f"{each.address[: column - 1]}…"
    usual = each.usual_s / progress.scale
    row = Text(f" {address:<{column}}  {words.DOING.get(each.action, 'working'):<9} ")
    row.append(f"{words.clock(progress.now() - each.since):>6}")
    if usual >= 1:
        row.append(f"  usually {words.roughly(usual)}", style="dim")
    sentence = harmless(" ".join(each.sentence.split()))
    if "desired" not in each.detail:
        if sentence:
            row.append(f"  {sentence}")
        return [row]
    row.append(f"  {_counts(each.detail)}", style="red" if each.detail.get("failed") else "")
    return [row, Text(f"   {sentence}", style="dim")] if sentence else [row]


def _counts(detail: Mapping[str, Any]) -> str:
    parts = [f"{detail.get('running', 0)} of {detail.get('desired', 0)} running"]
    parts += [f"{detail[name]} {name}" for name in ("pending", "failed") if detail.get(name)]
    targets: Mapping[str, int] = detail.get("targets") or {}
    if targets:
        parts.append(f"targets {targets.get('healthy', 0)} of {sum(targets.values())} healthy")
    return ", ".join(parts)
