"""How long a step goes on: time limits, and errors that mean "not yet"."""

from __future__ import annotations

from wizard.engine.kind import Kind
from wizard.engine.site import Site
from wizard.errors import AwsError

SPREADING_SECONDS = 120.0
"""How long a parent that was just made may still be "not found" to another part of AWS."""


class Deadline:
    """A time limit that also wants AWS to have been asked a few times: a laptop that slept proves nothing."""

    def __init__(self, site: Site, seconds: float, asks: int = 8) -> None:
        self._site = site
        self._at = site.now() + seconds
        self._asks = asks

    def is_over(self) -> bool:
        """Count one question to AWS, and tell whether that was the last."""
        self._asks -= 1
        return self._asks < 0 and self._site.now() >= self._at


class Patience:
    """Counts how long an error may go on meaning "not yet", by the rules of the kind."""

    def __init__(self, site: Site, kind: Kind) -> None:
        self._site = site
        self._kind = kind
        self._deadlines: dict[tuple[str, str], Deadline] = {}

    def forgives(self, verb: str, error: AwsError) -> bool:
        """Whether to try again rather than give up."""
        limit = self._limit(verb, error)
        deadline = self._deadlines.setdefault((verb, error.code), Deadline(self._site, limit, asks=5))
        return limit > 0 and not deadline.is_over()

    def _limit(self, verb: str, error: AwsError) -> float:
        for rule in self._kind.settling:
            if rule.verb == verb and rule.code == error.code and rule.contains in error.message:
                return rule.seconds
        missing = "NotFound" in error.code or "NoSuch" in error.code
        return SPREADING_SECONDS if missing and verb != "delete" else 0.0
