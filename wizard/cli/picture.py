"""Shows a run on stderr while it goes on: plain lines here, a live picture in `live`."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from wizard.cli.lines import Lines
from wizard.cli.progress import Progress
from wizard.cli.report import Report
from wizard.engine.events import Event


class Picture(Protocol):
    """Hears the events of a run and shows them."""

    progress: Progress

    def take(self, event: Event) -> None:
        """Show one event."""
        ...

    def close(self) -> None:
        """Show no more; what follows is written below."""
        ...


class PlainPicture:
    """Lines only: for logs, pipes, screen readers. A thread of its own reminds of what is still running."""

    def __init__(self, report: Report, progress: Progress) -> None:
        self.progress = progress
        self._report = report
        self._lines = Lines(progress)
        self._closed = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._remind, name="reminder", daemon=True).start()

    def take(self, event: Event) -> None:
        """Say what one event means."""
        self.progress.take(event)
        with self._lock:
            for line in self._lines.of(event):
                self._report.tell(line.text, line.style)

    def tick(self) -> None:
        """Remind, if it is time."""
        with self._lock:
            for line in self._lines.reminder():
                self._report.tell(line.text, line.style)

    def close(self) -> None:
        """End the reminders."""
        self._closed.set()

    def _remind(self) -> None:
        while not self._closed.wait(1.0):
            self.tick()


def picture_for(report: Report, *, told: bool) -> Picture:
    """The picture that fits where stderr goes; the plain one also for a command whose events nobody is told."""
    progress = Progress(time.monotonic)
    if report.plain or not told:
        return PlainPicture(report, progress)
    from wizard.cli.live import LivePicture

    return LivePicture(report, progress)
