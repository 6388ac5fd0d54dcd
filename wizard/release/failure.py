"""The first task of a rollout that failed, among the stopped tasks that ECS still shows (about an hour long)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    return _failure(min(own, key=lambda task: task.get("stoppedAt") or task.get("createdAt") or LONG_AGO))


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
    )


def _blame(container: Mapping[str, Any]) -> int:
    """A reason tells most; then a code of its own; 143 and 137 alone may be the stop signal of the whole task."""
    code = container.get("exitCode")
    if container.get("reason"):
        return 3
    if code not in (None, 0):
        return 1 if code in (137, 143) else 2
    return 0
