"""ECS of one account and region: what exists there, and what time it is.

Moments are AWS seconds since the region was first used; `Region.wall` turns one into the wall-clock time of answers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from wizard.sandbox.clock import SandboxClock
from wizard.sandbox.ecs.store import Cluster, Service, Tags, Task, TaskDefinition
from wizard.sandbox.world import LOCK, on_reset, on_skip


@dataclass(frozen=True)
class Pace:
    """A stretch of time at one scale: from when on, on the three clocks."""

    clock: SandboxClock
    moment: float
    monotonic: float
    wall: datetime


@dataclass
class Region:
    """ECS of one account in one region."""

    account: str
    name: str
    paces: list[Pace]
    time: float = 0.0
    clusters: dict[str, Cluster] = field(default_factory=dict)
    families: dict[str, list[TaskDefinition]] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    tags: dict[str, Tags] = field(default_factory=dict)
    tokens: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    account_settings: dict[str, str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def now(self) -> float:
        """The moment that the clock shows."""
        pace = self.paces[-1]
        return max(self.time, pace.moment + pace.clock.aws_seconds_since(pace.monotonic))

    def keep_pace(self, clock: SandboxClock) -> None:
        """Go on with another clock, from now; what was before keeps its times."""
        if clock != self.paces[-1].clock:
            self.paces.append(Pace(clock, self.now(), clock.monotonic(), self.wall(self.now())))

    def skip(self, aws_seconds: float) -> None:
        """Let AWS seconds pass at once, on the wall clock of answers too: what happens later is told as later."""
        clock, moment = self.paces[-1].clock, self.now() + aws_seconds
        self.paces.append(Pace(clock, moment, clock.monotonic(), self.wall(moment)))

    def wall(self, moment: float) -> datetime:
        """The wall-clock time of a moment."""
        pace = next((pace for pace in reversed(self.paces) if pace.moment <= moment), self.paces[0])
        return pace.wall + timedelta(seconds=(moment - pace.moment) / pace.clock.scale)

    def moment(self, wall: datetime) -> float:
        """The moment of a wall-clock time."""
        aware = wall if wall.tzinfo else wall.replace(tzinfo=UTC)
        pace = next((pace for pace in reversed(self.paces) if pace.wall <= aware), self.paces[0])
        return pace.moment + (aware - pace.wall).total_seconds() * pace.clock.scale

    def arn(self, rest: str) -> str:
        """An ECS ARN of this account and region."""
        return f"arn:aws:ecs:{self.name}:{self.account}:{rest}"

    @property
    def caller(self) -> str:
        """Who asks: the sandbox knows one user."""
        return f"arn:aws:iam::{self.account}:user/sandbox"

    def fresh_id(self, length: int = 32) -> str:
        """A new hexadecimal id: the same in every run that does the same things."""
        return hashlib.sha256(f"{self.account}/{self.name}/{next(self.numbers)}".encode()).hexdigest()[:length]

    def fresh_number(self) -> str:
        """A new decimal id as in `ecs-svc/…`."""
        return str(int(self.fresh_id(), 16))[:19]


REGIONS: dict[tuple[str, str], Region] = {}
"""Whoever touches one holds `world.LOCK`."""


def region_of(account: str, name: str, clock: SandboxClock) -> Region:
    """Return the region, beginning its time at the first use."""
    region = REGIONS.get((account, name))
    if region is None:
        region = REGIONS[(account, name)] = Region(account, name, [Pace(clock, 0.0, clock.monotonic(), clock.now())])
    region.keep_pace(clock)
    return region


@on_reset
def reset() -> None:
    """Forget everything, as after a restart."""
    with LOCK:
        REGIONS.clear()


@on_skip
def skip(aws_seconds: float) -> None:
    """Let AWS seconds pass at once, as the rest of the sandbox does."""
    with LOCK:
        for region in REGIONS.values():
            region.skip(aws_seconds)
