"""The first task of a rollout that failed, among the stopped tasks that ECS still shows (about an hour long)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONG_AGO = datetime.min.replace(tzinfo=UTC)
HARMLESS = ("UserInitiated", "SpotInterruption", "TerminationNotice")
"""Stop codes that say nothing about the version."""


@dataclass(frozen=True)
class Failure:
    """Why one task stopped, in AWS's words, and the container that is to blame."""

    task: str
    """The task's id."""
    reason: str
    code: str = ""
    """`stopCode`: TaskFailedToStart, EssentialContainerExited, ServiceSchedulerInitiated."""
    container: str = ""
    container_reason: str = ""
    image: str = ""
    exit_code: int | None = None
    task_definition: str = ""


def first_failure(tasks: Iterable[Mapping[str, Any]], task_definition: str, since: datetime | None) -> Failure | None:
    """The earliest failed task of a task definition, of those made since then; None when none failed."""
    own = [
        task
        for task in tasks
        if task.get("taskDefinitionArn") == task_definition
        and (since is None or task.get("createdAt", since) >= since)
        and _failed(task)
    ]
    if not own:
        return None
    return _failure(min(own, key=_ended))


def newest_failure(tasks: Iterable[Mapping[str, Any]], task_definitions: Collection[str]) -> Failure | None:
    """The latest failed task of one of these task definitions; None when none failed."""
    own = [task for task in tasks if task.get("taskDefinitionArn") in task_definitions and _failed(task)]
    return _failure(max(own, key=_ended)) if own else None


def running_task(tasks: Iterable[Mapping[str, Any]], task_definition: str) -> tuple[str, str]:
    """Ids of a running task of a task definition and of its first container; empty when none runs."""
    own = [task for task in tasks if task.get("taskDefinitionArn") == task_definition and task.get("containers")]
    if not own:
        return "", ""
    return own[0]["taskArn"].rpartition("/")[2], own[0]["containers"][0].get("name", "")


def _ended(task: Mapping[str, Any]) -> datetime:
    ended: datetime = task.get("stoppedAt") or task.get("createdAt") or LONG_AGO
    return ended


def _failed(task: Mapping[str, Any]) -> bool:
    code = task.get("stopCode", "")
    if code == "ServiceSchedulerInitiated":
        # The scheduler also stops healthy tasks, when it scales in or deploys.
        return "failed" in task.get("stoppedReason", "").lower()
    return code not in HARMLESS and bool(task.get("stoppedReason"))


def _failure(task: Mapping[str, Any]) -> Failure:
    blamed = max(task.get("containers") or [{}], key=_blame)
    return Failure(
        task=task.get("taskArn", "").rpartition("/")[2],
        reason=task.get("stoppedReason", ""),
        code=task.get("stopCode", ""),
        container=blamed.get("name", ""),
        container_reason=blamed.get("reason", ""),
        image=blamed.get("image", ""),
        exit_code=blamed.get("exitCode"),
        task_definition=task.get("taskDefinitionArn", ""),
    )


def _blame(container: Mapping[str, Any]) -> int:
    """A reason tells most; then a code of its own; 143 and 137 alone may be the stop signal of the whole task."""
    code = container.get("exitCode")
    if container.get("reason"):
        return 3
    if code not in (None, 0):
        return 1 if code in (137, 143) else 2
    return 0
