"""The tasks of a service, running and stopped: where they are, how they are, and why they ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wizard.engine.kind import Calls

MOST = 100
"""DescribeTasks takes a hundred; a console shows no more."""
IAM_ACTIONS = ("ecs:ListTasks", "ecs:DescribeTasks")


@dataclass(frozen=True)
class TaskState:
    """One task."""

    id: str
    revision: str
    """`family:42`."""
    status: str
    health: str
    address: str
    """Its private address."""
    started_at: datetime | None
    stopped_at: datetime | None
    reason: str
    exit_codes: Mapping[str, int]
    """By container, of those that ended."""

    @property
    def ended(self) -> str:
        """Why it ended, in one line."""
        codes = ", ".join(f"{name} exits {code}" for name, code in self.exit_codes.items())
        return "; ".join(part for part in (self.reason, codes) if part)


def read_tasks(aws: Calls, cluster: str, service: str) -> list[TaskState]:
    """The tasks that run, newest first, then those that stopped within the last hour; at most three calls."""
    arns: list[str] = []
    for status in ("RUNNING", "STOPPED"):
        answer = aws.read("ecs", "list_tasks", cluster=cluster, serviceName=service, desiredStatus=status)
        arns += answer["taskArns"]
    if not arns:
        return []
    found = aws.read("ecs", "describe_tasks", cluster=cluster, tasks=arns[:MOST])["tasks"]
    states = [_state(task) for task in found]
    return sorted(states, key=_newest_first)


def _newest_first(task: TaskState) -> tuple[bool, float]:
    moment = task.stopped_at or task.started_at
    return task.stopped_at is not None, -(moment.timestamp() if moment else 0.0)


def _state(task: Mapping[str, Any]) -> TaskState:
    containers = task.get("containers") or ()
    reasons = [each["reason"] for each in containers if each.get("reason")]
    return TaskState(
        id=task["taskArn"].rpartition("/")[2],
        revision=task.get("taskDefinitionArn", "").rpartition("/")[2],
        status=task.get("lastStatus", ""),
        health=task.get("healthStatus", "UNKNOWN"),
        address=next(_addresses(task), ""),
        started_at=task.get("startedAt"),
        stopped_at=task.get("stoppedAt") or task.get("stoppingAt"),
        reason=next(iter(reasons), "") or task.get("stoppedReason", ""),
        exit_codes={each["name"]: each["exitCode"] for each in containers if each.get("exitCode") is not None},
    )


def _addresses(task: Mapping[str, Any]) -> Iterator[str]:
    for container in task.get("containers") or ():
        for interface in container.get("networkInterfaces") or ():
            if interface.get("privateIpv4Address"):
                yield interface["privateIpv4Address"]
