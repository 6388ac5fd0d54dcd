"""The one stream that journal, JSON lines and screens listen to (CONTRACT §4)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from wizard.engine.clock import Clock
from wizard.engine.values import shown

VERSION = 1


class EventType(StrEnum):
    """What an event line can be about."""

    RUN_START = "run_start"
    PLANNED_CHANGE = "planned_change"
    RESOURCE_DRIFT = "resource_drift"
    CHANGE_SUMMARY = "change_summary"
    APPLY_START = "apply_start"
    APPLY_PROGRESS = "apply_progress"
    APPLY_COMPLETE = "apply_complete"
    APPLY_ERRORED = "apply_errored"
    APPLY_SKIPPED = "apply_skipped"
    ROLLOUT = "rollout"
    DIAGNOSIS = "diagnosis"
    OUTPUTS = "outputs"
    DIAGNOSTIC = "diagnostic"
    RUN_COMPLETE = "run_complete"


@dataclass(frozen=True)
class Event:
    """One line of the stream. `elapsed_s` is real seconds; `verdict` and `exit_code` belong to `run_complete`."""

    seq: int
    run: str
    at: datetime
    type: EventType
    address: str = ""
    action: str = ""
    message: str = ""
    id: str = ""
    elapsed_s: float | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    verdict: str = ""
    exit_code: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The event as one JSON object; secrets and unknown values as words."""
        line: dict[str, Any] = {
            "v": VERSION,
            "seq": self.seq,
            "run": self.run,
            "at": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "type": str(self.type),
        }
        for name in ("address", "action", "message", "id"):
            if getattr(self, name):
                line[name] = getattr(self, name)
        if self.elapsed_s is not None:
            line["elapsed_s"] = round(self.elapsed_s, 3)
        if self.detail:
            line["detail"] = shown(self.detail)
        if self.type is EventType.RUN_COMPLETE:
            line |= {"verdict": self.verdict, "exit_code": self.exit_code}
        return line

    def as_line(self) -> str:
        """The event as one line of text without its newline."""
        return json.dumps(self.as_json(), separators=(",", ":"), default=str)


Listener = Callable[[Event], None]


class EventStream:
    """Numbers the events of one run and hands each to every listener, in order, whichever thread it comes from."""

    def __init__(self, run: str, clock: Clock) -> None:
        self.run = run
        self._clock = clock
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._seq = 0

    def subscribe(self, listener: Listener) -> None:
        """Hear every event from now on."""
        self._listeners.append(listener)

    def publish(self, type: EventType, **fields: Any) -> Event:
        """Make the next event and hand it round."""
        with self._lock:
            self._seq += 1
            event = Event(self._seq, self.run, self._clock.now(), type, **fields)
            for listener in self._listeners:
                listener(event)
        return event
