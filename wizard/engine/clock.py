"""Time as the engine sees it: every interval and limit goes through here and can be scaled or faked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Clock:
    """`scale` divides every interval and limit (`PILOTAGE_TIME_SCALE`, CONTRACT §7).

    All arguments and results named seconds are AWS seconds: what would pass without the scale.
    """

    scale: float = 1.0

    def now(self) -> datetime:
        """Wall-clock time in UTC, for showing and recording."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """A reading, in AWS seconds, of a clock that never goes back."""
        return time.monotonic() * self.scale

    def real(self, seconds: float) -> float:
        """The real seconds that an interval of AWS seconds takes."""
        return seconds / self.scale

    def sleep(self, seconds: float) -> None:
        """Let an interval pass."""
        time.sleep(self.real(seconds))
