"""A service of ECS or Express Mode as it stands: what runs, what is in flight, and the revisions that there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.finding import Found, together
from wizard.release.hold import Hold, hold_in
from wizard.release.notes import Notes, notes_in
from wizard.release.past import IN_FLIGHT, Memory, Past, read_past, remembered
from wizard.release.revision import ImageUse, Outcome, Revision
from wizard.release.service_ref import ServiceRef

LIMIT = 20
"""Revisions that are looked at, unless more are asked for."""
MIGRATES = re.compile(
    r"\b(alembic\s+upgrade|migrat\w*|flyway|liquibase|db:migrate|prisma\s+db\s+push)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Standing:
    """What was read at one moment. `past` is None when AWS does not tell of service deployments."""

    ref: ServiceRef
    service: Mapping[str, Any] = field(repr=False)
    tags: Mapping[str, str] = field(repr=False)
    revisions: tuple[Revision, ...]
    """Newest first."""
    past: tuple[Past, ...] | None = None
    deployment: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The service deployment in flight, in full; empty when none is, or AWS does not tell."""

    @property
    def hold(self) -> Hold | None:
        """Who holds the service."""
        return hold_in(self.tags)

    @property
    def current(self) -> Revision | None:
        """What runs, or what AWS is moving the service to."""
        return next((one for one in self.revisions if one.serving), None)

    @property
    def in_flight(self) -> bool:
        """Whether a deployment is under way."""
        if self.past is not None and self.past:
            return self.past[0].in_flight
        return primary_of(self.service).get("rolloutState") == "IN_PROGRESS"

    @property
    def newest(self) -> Past | None:
        """The newest service deployment."""
        return self.past[0] if self.past else None


def primary_of(service: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry of `deployments[]` that AWS is moving the service to."""
    return next((each for each in service.get("deployments") or () if each.get("status") == "PRIMARY"), {})


def read_standing(aws: Calls, found: Found, now: datetime, limit: int = LIMIT, pace: float = 1.0) -> Standing:
    """Read the revisions of a service that was just described; 4 calls and one for each revision, eight at once."""
    ref, service = found.ref, found.shown
    past = read_past(aws, ref.cluster, ref.name)
    primary = primary_of(service).get("taskDefinition") or service.get("taskDefinition", "")
    wanted = _wanted(aws, service, past or (), primary, limit)
    shown = together(lambda arn: _describe(aws, arn), wanted)
    memory = remembered(past, now, pace) if past else _from_entries(service)
    revisions = [
        _revision(arn, answer, memory.get(arn, Memory()), serving=arn == primary)
        for arn, answer in zip(wanted, shown, strict=True)
    ]
    revisions.sort(key=lambda one: (one.registered_at.timestamp() if one.registered_at else 0.0, one.number))
    ordered = tuple(_with_minutes_from_notes(revisions, now))[::-1]
    return Standing(ref, service, found.tags, ordered, past, _in_flight(aws, past))


def _from_entries(service: Mapping[str, Any]) -> dict[str, Memory]:
    """Without service deployments: a deployment that completed, or whose tasks still serve while another comes up."""
    found = {}
    for entry in service.get("deployments") or ():
        serves = entry.get("status") != "PRIMARY" and entry.get("runningCount")
        if serves or entry.get("rolloutState") == "COMPLETED":
            found[entry["taskDefinition"]] = Memory(Outcome.WORKED, deployed_at=entry.get("createdAt"))
        else:
            state = {"FAILED": Outcome.FAILED, "IN_PROGRESS": Outcome.IN_PROGRESS}.get(entry.get("rolloutState", ""))
            found.setdefault(
                entry["taskDefinition"], Memory(state or Outcome.UNKNOWN, entry.get("rolloutStateReason", ""))
            )
    return found


def _wanted(aws: Calls, service: Mapping[str, Any], past: Sequence[Past], primary: str, limit: int) -> list[str]:
    """Task definitions: what runs, what was deployed, and the ACTIVE ones of the family; the newest of them."""
    entries = [each.get("taskDefinition", "") for each in service.get("deployments") or ()]
    deployed = list(dict.fromkeys(each.task_definition for each in past if each.task_definition))
    family = primary.rpartition("/")[2].rpartition(":")[0]
    known = list(dict.fromkeys(arn for arn in (primary, *entries) if arn))
    others = dict.fromkeys([*deployed[:limit], *(_active(aws, family, limit) if family else ())])
    for arn in sorted(others, key=number_of, reverse=True):
        if arn not in known and len(known) < limit:
            known.append(arn)
    return known


def _active(aws: Calls, family: str, limit: int) -> list[str]:
    try:
        answer = aws.read(
            "ecs",
            "list_task_definitions",
            familyPrefix=family,
            sort="DESC",
            status="ACTIVE",
            maxResults=min(limit, 100),
        )
    except AmbiguousAnswer:
        raise
    except AwsError:
        # What was deployed is known from the service deployments all the same.
        return []
    return list(answer["taskDefinitionArns"])


def _describe(aws: Calls, arn: str) -> Mapping[str, Any]:
    try:
        return aws.read("ecs", "describe_task_definition", taskDefinition=arn, include=["TAGS"])
    except AmbiguousAnswer:
        raise
    except AwsError as error:
        # ECS has no code of its own for "deleted"; a denial must not look like one.
        gone = error.code == "ClientException" and "describe" in error.message.lower()
        return {"refused": "" if gone else error.code}


def number_of(arn: str) -> int:
    """The revision number at the end of a task definition's ARN."""
    tail = arn.rpartition(":")[2]
    return int(tail) if tail.isdigit() else 0


def _revision(arn: str, answer: Mapping[str, Any], memory: Memory, *, serving: bool) -> Revision:
    definition = answer.get("taskDefinition") or {}
    tags = tag_map(answer.get("tags"))
    notes = notes_in(tags)
    number = number_of(arn)
    status = definition.get("status", "GONE" if answer.get("refused") == "" else "UNKNOWN")
    return Revision(
        id=arn,
        number=number,
        label=arn.rpartition("/")[2],
        images=tuple(_images(definition, memory.digests)),
        outcome=_outcome(memory, notes),
        outcome_reason=memory.reason,
        registered_at=definition.get("registeredAt"),
        deployed_at=memory.deployed_at,
        by=notes.by or str(definition.get("registeredBy", "")).split(":")[-1],
        why=notes.why,
        commit=notes.commit,
        healthy_minutes=memory.minutes,
        deploy_seconds=memory.seconds,
        serving=serving,
        status=status,
        origin=notes.copy_of or number,
        left=notes.left,
        migration=migration_of(definition.get("containerDefinitions") or ()),
        definition=definition,
        tags=tags,
    )


def _outcome(memory: Memory, notes: Notes) -> Outcome:
    """Service deployments know better; where they no longer tell, what was written on it does."""
    return memory.outcome if memory.outcome is not Outcome.UNKNOWN else notes.outcome


def _images(definition: Mapping[str, Any], digests: Mapping[str, str]) -> Iterable[ImageUse]:
    for container in definition.get("containerDefinitions") or ():
        reference = str(container.get("image", ""))
        own = reference.partition("@")[2]
        yield ImageUse(str(container["name"]), reference, own or digests.get(container["name"], ""))


def migration_of(containers: Iterable[Mapping[str, Any]]) -> str:
    """The command that changes the database when a task starts, as far as names and commands tell; empty if none."""
    for container in containers:
        words = " ".join([*(container.get("entryPoint") or ()), *(container.get("command") or ())])
        if MIGRATES.search(words):
            return words[:120]
        if not container.get("essential", True) and MIGRATES.search(str(container.get("name", ""))):
            return f"the container {container['name']}"
    return ""


def _with_minutes_from_notes(revisions: Sequence[Revision], now: datetime) -> list[Revision]:
    """Where deployments are forgotten, a revision served from when it was seen to work until the next one was."""
    known = [(one, notes_in(one.tags)) for one in revisions]
    found = []
    for index, (one, notes) in enumerate(known):
        if one.healthy_minutes is not None or notes.outcome is not Outcome.WORKED or notes.at is None:
            found.append(one)
            continue
        later = [other.at for _, other in known[index + 1 :] if other.outcome is Outcome.WORKED and other.at]
        until = min((at for at in later if at > notes.at), default=now)
        found.append(replace(one, healthy_minutes=(until - notes.at).total_seconds() / 60))
    return found


def _in_flight(aws: Calls, past: Sequence[Past] | None) -> Mapping[str, Any]:
    if not past or past[0].status not in IN_FLIGHT:
        return {}
    try:
        answer = aws.read("ecs", "describe_service_deployments", serviceDeploymentArns=[past[0].arn])
    except AmbiguousAnswer:
        raise
    except AwsError:
        return {}
    return next(iter(answer["serviceDeployments"]), {})
