"""What AWS answers about an ECS service that changes, and what is concluded from it: the words of every rollout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from wizard.release.failure import Failure

Answer = Mapping[str, Any]


class Verdict(StrEnum):
    """How a rollout stands."""

    IN_PROGRESS = "in_progress"
    SUCCESSFUL = "successful"
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"
    """It failed, and an older version is serving again."""
    FAILED = "failed"
    """It failed, and no older version took over."""
    STOPPED = "stopped"
    SUPERSEDED = "superseded"
    """Somebody else deployed another version after it."""

    @property
    def over(self) -> bool:
        """Whether AWS will do nothing more about it."""
        return self not in (Verdict.IN_PROGRESS, Verdict.ROLLING_BACK)


@dataclass(frozen=True)
class Deployed:
    """One service deployment of the history, with the task definition that it was to bring."""

    arn: str
    status: str
    reason: str
    task_definition: str
    created_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """What AWS answered. `history` is newest first, and None when it was not asked for or AWS refused to tell."""

    service: Answer
    history: tuple[Deployed, ...] | None = None
    stopped: tuple[Answer, ...] = ()
    targets: Mapping[str, int] = field(default_factory=dict)
    target_reasons: tuple[str, ...] = ()

    @property
    def deployments(self) -> tuple[Answer, ...]:
        """The entries of `deployments[]` of the service."""
        return tuple(self.service.get("deployments") or ())

    @cached_property
    def primary(self) -> Answer:
        """The deployment that AWS is moving the service to; empty when there is none."""
        return next((entry for entry in self.deployments if entry.get("status") == "PRIMARY"), {})

    def entry(self, task_definition: str) -> Answer:
        """The deployment of a task definition, the primary one first; empty when there is none."""
        entries = sorted(self.deployments, key=lambda entry: entry.get("status") != "PRIMARY")
        return next((entry for entry in entries if entry.get("taskDefinition") == task_definition), {})

    def troubles(self, since: datetime | None) -> tuple[str, ...]:
        """Events since then that say that tasks cannot be placed, newest first."""
        events = self.service.get("events") or ()
        return tuple(
            str(event.get("message", ""))
            for event in events
            if "unable to" in event.get("message", "") and not before(event.get("createdAt"), since)
        )


@dataclass(frozen=True)
class Rollout:
    """What is happening to one version of a service. Counts are of its own tasks, not of the whole service."""

    verdict: Verdict
    sentence: str
    """What is happening now, for people."""
    service: str
    task_definition: str
    serving: str
    """The task definition that AWS is moving the service to, or has moved it to."""
    service_deployment: str = ""
    """The ARN of the service deployment; empty when AWS did not tell."""
    status: str = ""
    """AWS's own word for it."""
    desired: int = 0
    running: int = 0
    pending: int = 0
    failed: int = 0
    targets: Mapping[str, int] = field(default_factory=dict)
    """How many targets are in which state of health; empty when not asked."""
    target_reasons: tuple[str, ...] = ()
    reason: str = ""
    """Why it is not, or will not be, successful, in AWS's words."""
    failure: Failure | None = None
    """Its first task that failed."""
    troubles: tuple[str, ...] = ()
    """Events that say that tasks cannot be placed."""

    @property
    def older_serving(self) -> bool:
        """Whether the version before it is what users reach."""
        return self.verdict is Verdict.ROLLED_BACK


def short(arn: str) -> str:
    """`family:revision` of a task definition's ARN."""
    return arn.rpartition("/")[2]


def before(first: datetime | None, second: datetime | None) -> bool:
    """Whether one moment of AWS is known to lie before another; our own clock is never compared with AWS's."""
    return first is not None and second is not None and first < second
