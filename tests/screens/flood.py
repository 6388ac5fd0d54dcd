"""A run of 100 resources whose containers write 1,000 lines a second, for ever: the deploy screen must keep up with it.

`python -m tests.screens.flood` shows it in a terminal.
"""

from __future__ import annotations

import itertools
import threading
import time
from datetime import UTC, datetime
from typing import Any

from screens.app import PilotageApp
from screens.bridge import BackgroundRun, Call
from screens.deploy.screen import Deploy
from screens.entry import put_keys_first
from tests.screens.stage import SANDBOX
from wizard.deployment.request import Request
from wizard.engine.events import Event, EventType

RESOURCES = 100
KINDS = (
    "subnet",
    "security_group",
    "role",
    "secret",
    "log_group",
    "alarm",
    "target_group",
    "record",
    "bucket",
    "queue",
)
LINES_A_TICK = 10
TICK_S = 0.01
PROGRAM = "from tests.screens.flood import main; main()"


def addresses() -> list[str]:
    """A hundred resources of ten kinds."""
    return [f"{KINDS[number % len(KINDS)]}.n{number}" for number in range(RESOURCES)]


class Flood:
    """Tells a run its events on a thread of its own."""

    def __init__(self) -> None:
        self.run = BackgroundRun(Request(sandbox=True), _never, _never)
        self._seq = itertools.count(1)

    def tell(self, type: EventType, address: str = "", **more: Any) -> None:
        """One event."""
        self.run.hear(Event(next(self._seq), "flood", datetime.now(UTC), type, address, "create", **more))

    def plan(self) -> None:
        """What is going to be made."""
        for address in addresses():
            self.tell(EventType.PLANNED_CHANGE, address, detail={"expected_s": 60.0})
        self.tell(EventType.CHANGE_SUMMARY, detail={"counts": {"create": RESOURCES}, "expected_s": 600.0})

    def pour(self) -> None:
        """Log lines every 10 ms, a step of a resource and a call every 50 ms; never ends."""
        self.plan()
        steps = itertools.cycle(addresses())
        for tick in itertools.count():
            self.run.lines.extend(
                f"backend | {tick:07} INFO  GET /items/{number} 200 in 3 ms" for number in range(LINES_A_TICK)
            )
            if tick % 5 == 0:
                address = next(steps)
                self.tell(EventType.APPLY_START, address)
                self.tell(EventType.APPLY_PROGRESS, address, message="pending")
                self.run.calls_seen += 1
                self.run.calls.append(
                    Call(self.run.calls_seen, "ec2", "DescribeSubnets", False, "200", 40.0, "aws ec2")
                )
            time.sleep(TICK_S)


def main() -> None:
    """Show it."""
    flood = Flood()
    put_keys_first()
    threading.Thread(target=flood.pour, daemon=True).start()
    PilotageApp(SANDBOX, Deploy(flood.run, "flood/dev", agreed=True)).run()


def _never(*_: object) -> Any:
    raise AssertionError("a flood is never carried out")


if __name__ == "__main__":
    main()
