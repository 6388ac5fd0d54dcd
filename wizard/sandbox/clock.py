"""The pace of the sandbox: how long AWS's waits last here."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime

DEFAULT_SCALE = 20.0
"""AWS minutes per sandbox minute when `PILOTAGE_TIME_SCALE` is not set: FastTriage takes about a minute."""


@dataclass(frozen=True)
class SandboxClock:
    """Divides AWS's durations by `scale`; timestamps stay those of the wall clock."""

    scale: float = DEFAULT_SCALE

    @classmethod
    def from_environment(cls) -> SandboxClock:
        """Read `PILOTAGE_TIME_SCALE` (CONTRACT §7)."""
        return cls(float(os.environ.get("PILOTAGE_TIME_SCALE") or DEFAULT_SCALE))

    def now(self) -> datetime:
        """Wall-clock time, for timestamps in answers."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Real seconds of a clock that never goes back."""
        return time.monotonic()

    def aws_seconds_since(self, moment: float) -> float:
        """AWS seconds that have passed since `moment`, a value of `monotonic()`."""
        return (self.monotonic() - moment) * self.scale
