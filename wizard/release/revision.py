"""What ran: the revisions of a service, what became of each, and how long it did well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of a revision when it was deployed."""

    WORKED = "worked"
    """A deployment of it ended successfully."""
    FAILED = "failed"
    """It was deployed and never came up."""
    IN_PROGRESS = "in_progress"
    UNKNOWN = "unknown"
    """Never deployed here, or so long ago that AWS no longer tells, and nobody wrote it down."""


@dataclass(frozen=True)
class ImageUse:
    """One container's image: as the revision names it, and the digest that it ran, where that is known."""

    container: str
    reference: str
    digest: str = ""

    @property
    def is_pinned(self) -> bool:
        """Whether the reference itself is a digest, so that it can never mean another image."""
        return "@sha256:" in self.reference

    @property
    def pinned(self) -> str:
        """The reference by digest; as it is when no digest is known."""
        if self.is_pinned or not self.digest:
            return self.reference
        head, slash, last = self.reference.rpartition("/")
        return f"{head}{slash}{last.partition(':')[0]}@{self.digest}"


@dataclass(frozen=True)
class Revision:
    """One version of a service. Numbers are those of the task definition; App Runner's are counted by Pilotage."""

    id: str
    """The task definition's ARN; on App Runner the image."""
    number: int
    label: str
    """`family:42`; on App Runner the image's tag or digest."""
    images: tuple[ImageUse, ...] = ()
    outcome: Outcome = Outcome.UNKNOWN
    outcome_reason: str = ""
    """Why it failed, in AWS's words."""
    registered_at: datetime | None = None
    deployed_at: datetime | None = None
    by: str = ""
    why: str = ""
    commit: str = ""
    healthy_minutes: float | None = None
    """Minutes that it served after a deployment of it had ended successfully; None when nobody knows."""
    deploy_seconds: float | None = None
    """How long its last successful deployment took."""
    serving: bool = False
    """Whether it is what runs, or what AWS is moving the service to."""
    status: str = "ACTIVE"
    """`ACTIVE`, `INACTIVE`, or `GONE` when AWS no longer shows it."""
    origin: int = 0
    """The number of the revision that it repeats; its own when it is no copy."""
    left: str = ""
    """Why a rollback went away from it; empty when none did."""
    migration: str = ""
    """The command that changes the database when it starts; empty when there is none."""
    definition: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The task definition as AWS shows it; environment values included, so it is for comparing, not for printing."""
    tags: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """The digest of its first image; empty when it is not known."""
        return next((image.digest for image in self.images if image.digest), "")

    @property
    def short_digest(self) -> str:
        """The beginning of the digest, as a table has room for it."""
        return f"{self.digest.removeprefix('sha256:')[:12]}" if self.digest else ""

    def as_json(self) -> dict[str, Any]:
        """Plain data; no environment values."""
        shown = {
            name: getattr(self, name)
            for name in ("id", "number", "label", "by", "why", "commit", "serving", "status", "left", "migration")
        }
        return shown | {
            "outcome": str(self.outcome),
            "outcome_reason": self.outcome_reason,
            "registered_at": moment(self.registered_at),
            "deployed_at": moment(self.deployed_at),
            "healthy_minutes": None if self.healthy_minutes is None else round(self.healthy_minutes, 1),
            "copy_of": self.origin if self.origin != self.number else None,
            "digest": self.digest,
            "images": [dict(image.__dict__) for image in self.images],
        }


def moment(when: datetime | None) -> str:
    """A moment as RFC 3339, empty when it is not known."""
    return when.isoformat(timespec="seconds") if when else ""
