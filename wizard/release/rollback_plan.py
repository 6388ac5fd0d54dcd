"""Where a rollback would go, by which means, and what it will do: decided from facts alone, and said in sentences.

The command line and the console show the same plan, because both show this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wizard.errors import Held, NeedsPerson, PilotageError, PreflightError, UsageError
from wizard.release.hold import BY_ROLLBACK, Hold
from wizard.release.readiness import Can, Readiness
from wizard.release.revision import Outcome, Revision
from wizard.release.service_ref import ServiceRef


class Way(StrEnum):
    """By which means."""

    STOP = "stop"
    """A deployment is in flight: StopServiceDeployment with ROLLBACK."""
    CONTINUE = "continue"
    """It waits at a hook: ContinueServiceDeployment with ROLLBACK."""
    UPDATE = "update"
    """A new deployment of the revision."""
    FOLLOW = "follow"
    """AWS is going back by itself already."""
    NOTHING = "nothing"
    """It runs already, and well."""


@dataclass(frozen=True)
class Skipped:
    """A revision that was passed over, and why."""

    number: int
    label: str
    reason: str

    def words(self) -> str:
        """On one line: `revision 41 is skipped: the image is gone`."""
        return f"revision {self.number} is skipped: {self.reason}"


@dataclass(frozen=True)
class Choice:
    """The revision to go to."""

    target: Revision
    readiness: Readiness
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class RollbackPlan:
    """What will be done, before it is done."""

    service: ServiceRef
    way: Way
    current: Revision | None
    target: Revision
    readiness: Readiness
    skipped: tuple[Skipped, ...] = ()
    effect: tuple[str, ...] = ()
    """Sentences for whoever confirms it: what stops, what starts, what stays, how long."""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    """AWS seconds that it usually takes."""
    command: str = ""
    """The same as a command of the AWS CLI."""
    registers_copy: bool = False
    """Whether the revision is registered again, with its images by digest."""
    deployment_arn: str = ""
    """The service deployment that is stopped, or followed."""
    hook: str = ""
    holds: bool = True
    """Whether the service is held afterwards."""
    seen: str = ""
    """What was running when it was planned; if that moved, the plan is void."""

    @property
    def title(self) -> str:
        """`Roll back chatkit/prod/backend to revision 42`."""
        return f"Roll back {self.service.title} to revision {self.target.number}"

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "service": self.service.title,
            "way": str(self.way),
            "from": self.current.number if self.current else None,
            "to": self.target.number,
            "target": self.target.as_json() | self.readiness.as_json(),
            "skipped": [dict(one.__dict__) for one in self.skipped],
            "effect": list(self.effect),
            "warnings": list(self.warnings),
            "expected_s": round(self.seconds),
            "command": self.command,
            "registers_copy": self.registers_copy,
        }


def choose(
    ref: ServiceRef,
    revisions: Sequence[Revision],
    readiness: Mapping[str, Readiness],
    to: str = "",
) -> Choice:
    """The revision to go to: the one that is named, or the newest that worked, can start and is not what runs.

    `revisions` newest first. Raises `UsageError` for an unknown one, `PreflightError` for a named one that cannot
    start, `NeedsPerson` when there is none.
    """
    current = next((one for one in revisions if one.serving), None)
    if to:
        return _named(ref, revisions, readiness, to, current)
    skipped: list[Skipped] = []
    unknown: list[tuple[Revision, Readiness]] = []
    for one in revisions:
        if one is current:
            continue
        ready = readiness.get(one.id, Readiness(Can.UNKNOWN))
        reason = _why_not(one, current) or _why_it_cannot(ready)
        if not reason and ready.can is Can.YES:
            return Choice(one, ready, tuple(skipped))
        if not reason:
            unknown.append((one, ready))
            reason = f"not known whether it can start: {ready.reason or 'nothing could be looked at'}"
        skipped.append(Skipped(one.number, one.label, reason))
    if unknown:
        target, ready = unknown[0]
        rest = tuple(each for each in skipped if each.label != target.label)
        return Choice(target, ready, rest)
    raise nothing_to_go_back_to(ref, current, skipped)


def _named(
    ref: ServiceRef,
    revisions: Sequence[Revision],
    readiness: Mapping[str, Readiness],
    to: str,
    current: Revision | None,
) -> Choice:
    family = current.label.rpartition(":")[0] if current else ""
    matching = [one for one in revisions if to in (one.label, one.id)]
    matching += [one for one in revisions if str(one.number) == to and one.label.rpartition(":")[0] == family]
    matching += [one for one in revisions if str(one.number) == to]
    if not matching:
        known = ", ".join(str(one.number) for one in revisions)
        raise UsageError(
            f"{ref.title} has no revision {to}",
            evidence=f"known are {known or 'none'}",
            safe="nothing was changed",
            next_step=f"pilotage revisions {ref.target}   lists them",
        )
    target = matching[0]
    ready = readiness.get(target.id, Readiness(Can.UNKNOWN))
    if reason := _why_it_cannot(ready):
        raise PreflightError(
            f"revision {target.number} of {ref.title} cannot start: {reason}",
            evidence="\n".join(each.sentence for each in ready.findings if each.can is Can.NO),
            safe="nothing was changed",
            next_step=f"pilotage rollback {ref.target}   goes to the newest one that worked and can start",
        )
    return Choice(target, ready)


def _why_not(one: Revision, current: Revision | None) -> str:
    """Why nobody would want to go there unasked."""
    if one.left:
        return f"a rollback left it: {one.left}"
    if current and one.origin == current.origin:
        return "it is the same as what runs"
    if current and _is_newer(one, current):
        return "it is newer than what runs"
    if one.outcome is Outcome.FAILED:
        return f"it never worked{f': {one.outcome_reason}' if one.outcome_reason else ''}"
    if one.outcome is Outcome.IN_PROGRESS:
        return "it is only just being deployed"
    if one.outcome is Outcome.UNKNOWN:
        return "nobody knows whether it ever worked"
    return ""


def _is_newer(one: Revision, current: Revision) -> bool:
    same_family = one.label.rpartition(":")[0] == current.label.rpartition(":")[0]
    if same_family:
        return one.origin > current.origin
    known = one.registered_at and current.registered_at
    return bool(known and one.registered_at > current.registered_at)  # type: ignore[operator]


def _why_it_cannot(ready: Readiness) -> str:
    return f"{ready.reason}" if ready.can is Can.NO else ""


def nothing_to_go_back_to(ref: ServiceRef, current: Revision | None, skipped: Sequence[Skipped] = ()) -> PilotageError:
    """No revision is known to have worked that could start."""
    what = f" before revision {current.number}" if current else ""
    return NeedsPerson(
        f"{ref.title} has nothing to go back to: no revision{what} is known to have worked and can start",
        evidence="\n".join(one.words() for one in skipped) or "there is no other revision",
        safe="nothing was changed",
        next_step=f"pilotage revisions {ref.target}, then pilotage rollback {ref.target} --to N (or deploy anew)",
    )


def refuse_second_step(ref: ServiceRef, hold: Hold | None, *, to: str, in_flight: bool) -> None:
    """Raise `Held` when a rollback left the service held and this one names no revision.

    Two people who press at once must not go back twice: the slower one is told who did what.
    """
    if hold and hold.by == BY_ROLLBACK and not to and not in_flight:
        raise Held(
            f"{ref.title} was rolled back already, and is held",
            evidence=hold.words(),
            safe="nothing was changed by this command",
            next_step=f"pilotage rollback {ref.target} --to N   goes further back; "
            f"pilotage release {ref.target}   lets it move again",
        )


def number_word(one: Revision | None) -> str:
    """`revision 42`."""
    return f"revision {one.number}" if one else "what runs"
