"""The world that the sandbox shows: its account, its clock, and what is due to happen in it.

AWS finishes slow work on its own. Here a module that starts such work notes on the agenda when it will be done;
whatever is due happens before the next request is looked at, so that no thread changes the world behind its back.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from typing import Any

from wizard.sandbox.clock import SandboxClock

ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"

LOCK = threading.RLock()
"""Held while a request looks at or changes the world; moto is not safe for two at a time."""

Event = Callable[[], None]

_RESETS: list[Event] = []
_SKIPS: list[Callable[[float], None]] = []


class Agenda:
    """What is due when, on the wall clock divided by the clock's scale."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self._entries: list[tuple[float, int, Event]] = []
        self._order = itertools.count()

    def after(self, aws_seconds: float, event: Event) -> None:
        """Let `event` happen once `aws_seconds` of AWS time have passed."""
        due = self.clock.monotonic() + aws_seconds / self.clock.scale
        heapq.heappush(self._entries, (due, next(self._order), event))

    def advance(self) -> None:
        """Let everything happen that is due, in order; events may add others."""
        while self._entries and self._entries[0][0] <= self.clock.monotonic():
            heapq.heappop(self._entries)[2]()

    def set_scale(self, scale: float) -> None:
        """Change the pace; what is still to come keeps its remaining AWS time. Raises `ValueError` unless positive."""
        if scale <= 0:
            raise ValueError("scale must be greater than 0")
        now, ratio = self.clock.monotonic(), self.clock.scale / scale
        self._entries = [(now + (due - now) * ratio, order, event) for due, order, event in self._entries]
        self.clock = SandboxClock(scale)

    def skip(self, aws_seconds: float) -> None:
        """Let AWS time pass at once: what is due within it is due now. Raises `ValueError` for a negative time."""
        if aws_seconds < 0:
            raise ValueError("time does not go back")
        real = aws_seconds / self.clock.scale
        self._entries = [(due - real, order, event) for due, order, event in self._entries]

    def clear(self) -> None:
        """Forget everything that was still to come."""
        self._entries.clear()


AGENDA = Agenda(SandboxClock.from_environment())


def after(aws_seconds: float, event: Event) -> None:
    """Note on the agenda that `event` happens in `aws_seconds` of AWS time."""
    AGENDA.after(aws_seconds, event)


def on_reset(function: Event) -> Event:
    """Register what empties a module's own state, or seeds it again, when the world starts afresh."""
    _RESETS.append(function)
    return function


def on_skip(function: Callable[[float], None]) -> Callable[[float], None]:
    """Register what moves a clock of its own when AWS seconds are let pass at once."""
    _SKIPS.append(function)
    return function


def skip(aws_seconds: float) -> None:
    """Let AWS seconds pass at once, everywhere. Raises `ValueError` for a negative time."""
    with LOCK:
        AGENDA.skip(aws_seconds)
        for function in _SKIPS:
            function(aws_seconds)


def reset() -> None:
    """A fresh world: moto's state gone, the agenda empty, every module's own state as at the start."""
    with LOCK:
        AGENDA.clear()
        _drop_moto_state()
        for function in _RESETS:
            function()


def _drop_moto_state() -> None:
    """Forget moto's stores; they are made anew when asked for, which moto's own reset would do at once for all."""
    from moto.core.base_backend import BackendDict, BaseBackend

    every_service: Any = BackendDict
    for service in list(every_service._instances):
        for account in service.values():
            for backend in account.values():
                if type(backend).reset is not BaseBackend.reset:
                    backend.reset()
            account.clear()
