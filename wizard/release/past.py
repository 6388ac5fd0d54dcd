"""What AWS remembers of a service's deployments (90 days), and what follows from it for each revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.revision import Outcome

A_CALL = 20
"""How many service revisions or deployments ECS describes at once."""
IN_FLIGHT = frozenset({"PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"})
GOING_BACK = frozenset({"ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"})


@dataclass(frozen=True)
class Past:
    """One service deployment, with the task definition and the image digests that it was to bring."""

    arn: str
    status: str
    task_definition: str
    created_at: datetime
    finished_at: datetime | None = None
    reason: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Digest by container."""

    @property
    def in_flight(self) -> bool:
        """Whether AWS is still at it."""
        return self.status in IN_FLIGHT


@dataclass(frozen=True)
class Memory:
    """What the deployments of one task definition say together."""

    outcome: Outcome = Outcome.UNKNOWN
    reason: str = ""
    deployed_at: datetime | None = None
    minutes: float | None = None
    seconds: float | None = None
    digests: Mapping[str, str] = field(default_factory=dict)


def read_past(aws: Calls, cluster: str, service: str, most: int = 60) -> tuple[Past, ...] | None:
    """The newest service deployments, newest first; None when AWS does not tell.

    Two calls for twenty of them. Raises `AmbiguousAnswer` when AWS could not be reached.
    """
    try:
        briefs = _briefs(aws, cluster, service, most)
        revisions = _revisions(aws, [brief["targetServiceRevisionArn"] for brief in briefs])
    except AmbiguousAnswer:
        raise
    except AwsError:
        # Denied, or a service without deployments of its own: the task definitions' tags have to do.
        return None
    found = []
    for brief in briefs:
        revision = revisions.get(brief["targetServiceRevisionArn"], {})
        images = revision.get("containerImages") or ()
        found.append(
            Past(
                arn=brief["serviceDeploymentArn"],
                status=brief["status"],
                task_definition=revision.get("taskDefinition", ""),
                created_at=brief["createdAt"],
                finished_at=brief.get("finishedAt"),
                reason=brief.get("statusReason", ""),
                digests={image["containerName"]: image["imageDigest"] for image in images if image.get("imageDigest")},
            )
        )
    return tuple(found)


def _briefs(aws: Calls, cluster: str, service: str, most: int) -> list[Mapping[str, Any]]:
    """ListServiceDeployments has no paginator in botocore."""
    found: list[Mapping[str, Any]] = []
    token: dict[str, Any] = {}
    while len(found) < most:
        answer = aws.read(
            "ecs", "list_service_deployments", cluster=cluster, service=service, maxResults=A_CALL, **token
        )
        found += answer["serviceDeployments"]
        if not answer.get("nextToken"):
            break
        token = {"nextToken": answer["nextToken"]}
    return found[:most]


def _revisions(aws: Calls, arns: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    wanted = list(dict.fromkeys(arns))
    batches = [wanted[start : start + A_CALL] for start in range(0, len(wanted), A_CALL)]
    if not batches:
        return {}

    def describe(batch: list[str]) -> list[Mapping[str, Any]]:
        answer = aws.read("ecs", "describe_service_revisions", serviceRevisionArns=batch)
        return list(answer["serviceRevisions"])

    if len(batches) == 1:
        return {one["serviceRevisionArn"]: one for one in describe(batches[0])}
    with ThreadPoolExecutor(min(len(batches), 4), thread_name_prefix="past") as pool:
        return {one["serviceRevisionArn"]: one for batch in pool.map(describe, batches) for one in batch}


def remembered(past: Sequence[Past], now: datetime, pace: float = 1.0) -> dict[str, Memory]:
    """What became of each task definition, from its deployments, newest first.

    A revision serves from the end of a successful deployment of it to the end of the next successful one of another;
    a deployment that was rolled back changes nothing about that. `pace`: AWS seconds in a second of AWS's timestamps.
    """
    served = _served(past, now)
    found: dict[str, Memory] = {}
    for definition in dict.fromkeys(each.task_definition for each in past if each.task_definition):
        own = [each for each in past if each.task_definition == definition]
        successes = [each for each in own if each.status == "SUCCESSFUL"]
        found[definition] = Memory(
            outcome=_outcome(own, successes),
            reason="" if successes else own[0].reason,
            deployed_at=own[0].created_at,
            minutes=served.get(definition, 0.0),
            seconds=_seconds(successes[0], pace) if successes else None,
            digests=next((each.digests for each in (*successes, *own) if each.digests), {}),
        )
    return found


def _outcome(own: Sequence[Past], successes: Sequence[Past]) -> Outcome:
    if successes:
        return Outcome.WORKED
    newest = own[0]
    if newest.status in IN_FLIGHT:
        # AWS is going back from it already: that it failed, or was given up, is settled.
        return Outcome.FAILED if newest.status in GOING_BACK else Outcome.IN_PROGRESS
    failed = newest.status.startswith("ROLLBACK") or "failed" in newest.reason
    return Outcome.FAILED if failed else Outcome.UNKNOWN


def _seconds(one: Past, pace: float) -> float | None:
    return (one.finished_at - one.created_at).total_seconds() * pace if one.finished_at else None


def _served(past: Sequence[Past], now: datetime) -> dict[str, float]:
    minutes: dict[str, float] = {}
    until = now
    for each in past:
        if each.status == "SUCCESSFUL" and each.finished_at:
            span = max(0.0, (until - each.finished_at).total_seconds() / 60)
            minutes[each.task_definition] = minutes.get(each.task_definition, 0.0) + span
            until = each.finished_at
    return minutes
