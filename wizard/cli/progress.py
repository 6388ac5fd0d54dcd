"""How far a run is: fed with its events, asked by every picture of it. No output, no time of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wizard.engine.events import Event, EventType

Now = Callable[[], float]
"""A reading, in real seconds, of a clock that never goes back."""


@dataclass(frozen=True)
class Moving:
    """A resource on which work goes on. `usual_s` is AWS seconds."""

    address: str
    action: str
    since: float
    usual_s: float = 0.0
    sentence: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class Progress:
    """Counts and remembers; safe to ask from another thread than the one that feeds it."""

    def __init__(self, now: Now) -> None:
        self.now = now
        self.scale = 1.0
        """AWS seconds in a real one (`PILOTAGE_TIME_SCALE`)."""
        self.head: Mapping[str, Any] = {}
        self.summary: Mapping[str, Any] = {}
        self.usual_s: dict[str, float] = {}
        self.done = 0
        self.failed = 0
        self.skipped = 0
        self.ended = False
        self._ended_at: float | None = None
        self._planned = 0
        self._begun: float | None = None
        self._moving: dict[tuple[str, str], Moving] = {}
        self._lock = threading.Lock()

    def take(self, event: Event) -> None:
        """Hear the next event."""
        with self._lock:
            self._take(event)

    def _take(self, event: Event) -> None:
        key = (event.address, event.action)
        match event.type:
            case EventType.RUN_START:
                self.head = event.detail
            case EventType.PLANNED_CHANGE:
                self.usual_s[event.address] = float(event.detail.get("expected_s", 0))
            case EventType.CHANGE_SUMMARY:
                self.summary = event.detail
                self._planned = _steps(event.detail.get("counts", {}))
            case EventType.APPLY_START:
                self._begin()
                usual = 0.0 if event.action == "delete" else self.usual_s.get(event.address, 0.0)
                self._moving[key] = Moving(event.address, event.action, self.now(), usual)
            case EventType.APPLY_PROGRESS | EventType.ROLLOUT:
                if key in self._moving:
                    told = replace(self._moving[key], sentence=event.message, detail=event.detail)
                    self._moving[key] = told
            case EventType.APPLY_COMPLETE:
                self._moving.pop(key, None)
                self.done += 1
            case EventType.APPLY_ERRORED:
                self._moving.pop(key, None)
                self.failed += 1
            case EventType.APPLY_SKIPPED:
                self._begin()
                self.skipped += 1
            case EventType.RUN_COMPLETE:
                self.ended = True
                self._ended_at = self.now()

    def _begin(self) -> None:
        if self._begun is None:
            self._begun = self.now()

    @property
    def begun(self) -> bool:
        """Whether anything was started; before that, time is a person's who reads the plan."""
        return self._begun is not None

    @property
    def elapsed(self) -> float:
        """Real seconds since the first step began, until the end."""
        return 0.0 if self._begun is None else (self._ended_at or self.now()) - self._begun

    @property
    def total(self) -> int:
        """Steps of the run; what is only waited for is not in the plan and counts once it began."""
        return max(self._planned, self.done + self.failed + self.skipped + len(self._moving))

    @property
    def moving(self) -> list[Moving]:
        """What is being worked on now, the longest first."""
        with self._lock:
            return sorted(self._moving.values(), key=lambda each: (each.since, each.address))

    @property
    def expected_s(self) -> float:
        """AWS seconds that the plan expects for the whole run; 0 when it does not say."""
        return float(self.summary.get("expected_s", 0))


def _steps(counts: Mapping[str, int]) -> int:
    """A replacement is two steps: a removal and a creation."""
    once = sum(number for action, number in counts.items() if action not in ("no-op", "replace"))
    return once + 2 * counts.get("replace", 0)
