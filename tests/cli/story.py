"""A made-up run as events, with a clock that the test turns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from wizard.cli.progress import Progress
from wizard.engine.events import Event, EventType


class Story:
    """Makes events; `now` is real seconds and moves only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.progress = Progress(lambda: self.now)
        self._seq = 0

    def event(self, type: EventType, **fields: Any) -> Event:
        """The next event, which the progress has heard."""
        self._seq += 1
        made = Event(self._seq, "20261126-000000-abc", datetime(2026, 11, 26, tzinfo=UTC), type, **fields)
        self.progress.take(made)
        return made

    def start(self) -> list[Event]:
        """A run of four creations is planned."""
        where = {"deployment": "fasttriage/dev", "account": "000000000000", "region": "us-east-1", "sandbox": True}
        planned = (("vpc.main", 2), ("nat_gateway.a", 120), ("broker.main", 1100), ("service.backend", 180))
        return [
            self.event(EventType.RUN_START, detail=where),
            *(
                self.event(EventType.PLANNED_CHANGE, address=address, action="create", detail={"expected_s": seconds})
                for address, seconds in planned
            ),
            self.event(
                EventType.CHANGE_SUMMARY,
                detail={"counts": {"create": 4, "update": 0, "delete": 0}, "expected_s": 1282, "monthly_usd": 214.3},
            ),
        ]

    def begin(self, address: str, action: str = "create") -> Event:
        """A step begins."""
        return self.event(EventType.APPLY_START, address=address, action=action)

    def end(self, address: str, seconds: float, action: str = "create") -> Event:
        """A step is done."""
        return self.event(EventType.APPLY_COMPLETE, address=address, action=action, elapsed_s=seconds)

    def rollout(self, running: int, sentence: str, failed: int = 0, targets: dict[str, int] | None = None) -> Event:
        """The rollout of the backend goes on."""
        detail = {"verdict": "in_progress", "desired": 2, "running": running, "pending": 2 - running, "failed": failed}
        return self.event(
            EventType.ROLLOUT,
            address="service.backend",
            action="create",
            message=sentence,
            detail=detail | {"targets": targets or {}},
        )
