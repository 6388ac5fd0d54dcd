"""Whether a revision could start again now: yes, no or unknown, each with its reason.

Everything that its tasks need at their start is looked up: image, secrets, parameters, roles, log groups, file
systems, and what the service gives them: target groups, ports, subnets, security groups. Each thing is asked once for
all revisions. What cannot be asked is unknown, never taken for well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wizard.engine.kind import Calls


class Can(StrEnum):
    """Whether it could start."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, with what was found in words that a person can act on."""

    subject: str
    can: Can
    sentence: str

    @classmethod
    def there(cls, subject: str) -> Finding:
        """It is as it must be."""
        return cls(subject, Can.YES, f"{subject} is there")

    @classmethod
    def broken(cls, subject: str, sentence: str) -> Finding:
        """With this a task cannot start."""
        return cls(subject, Can.NO, sentence)

    @classmethod
    def unclear(cls, subject: str, sentence: str) -> Finding:
        """Nobody can tell from here."""
        return cls(subject, Can.UNKNOWN, sentence)


@dataclass(frozen=True)
class Readiness:
    """The sum of the findings about one revision."""

    can: Can
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """What does not keep it from starting but must be known: a migration that ran after it, a copy that is needed."""

    @property
    def reason(self) -> str:
        """Why not, or why nobody knows, on one line; empty when it can."""
        return "; ".join(dict.fromkeys(each.sentence for each in self.findings if each.can is self.can is not Can.YES))

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"can_start": str(self.can), "reason": self.reason, "notes": list(self.notes)}


def summed(findings: Iterable[Finding], notes: Sequence[str] = ()) -> Readiness:
    """No when one thing says no; unknown when one does not know; nothing looked at is unknown too."""
    found = tuple(findings)
    for can in (Can.NO, Can.UNKNOWN):
        if any(each.can is can for each in found):
            return Readiness(can, found, tuple(notes))
    return Readiness(Can.YES if found else Can.UNKNOWN, found, tuple(notes))


Findings = Mapping[Any, Finding]


@dataclass(frozen=True)
class Place:
    """Whose account and Region is asked; what lies elsewhere is out of reach."""

    aws: Calls
    account: str
    region: str

    def is_here(self, arn: str) -> bool:
        """Whether an ARN of a regional resource is in this account and Region."""
        parts = arn.split(":")
        return len(parts) > 5 and parts[3] == self.region and parts[4] == self.account

    @classmethod
    def of(cls, aws: Calls, service_arn: str) -> Place:
        """Where a service lives."""
        parts = service_arn.split(":")
        return cls(aws, parts[4], parts[3])
