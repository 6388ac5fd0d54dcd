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
TROUBLES = ("unable to", "failed to launch", "failed to register", "is unhealthy in")
"""Words of service events that tell why a version does not come up."""


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
    SCALED_TO_ZERO = "scaled_to_zero"
    """AWS ended it successfully, but the service should have no task: nothing serves, and nothing was proved."""

    @property
    def over(self) -> bool:
        """Whether AWS will do nothing more about it."""
        return self not in (Verdict.IN_PROGRESS, Verdict.ROLLING_BACK)


class Certainty(StrEnum):
    """How sure a verdict is."""

    CERTAIN = "certain"
    """AWS's own record of the service deployment says so."""
    LIKELY = "likely"
    """Service deployments may not be read, or are forgotten: concluded from `deployments[]`, events and tasks."""


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
class Shift:
    """Where a rollout that moves requests from the old version to the new one stands."""

    stage: str
    """AWS's word: SCALE_UP, PRODUCTION_TRAFFIC_SHIFT, BAKE_TIME and the like."""
    percent: float = 0.0
    """Share of the requests that the new version gets."""
    waits: bool = False
    """Whether somebody must let it go on: a hook of the service holds it."""


@dataclass(frozen=True)
class Facts:
    """What AWS answered. `history` is newest first, and None when it was not asked for or AWS refused to tell."""

    service: Answer
    history: tuple[Deployed, ...] | None = None
    stopped: tuple[Answer, ...] = ()
    targets: Mapping[str, int] = field(default_factory=dict)
    target_reasons: tuple[str, ...] = ()
    shift: Shift | None = None

    @property
    def deployments(self) -> tuple[Answer, ...]:
        """The entries of `deployments[]` of the service; of one that CodeDeploy or others deploy, its task sets."""
        sets = (_as_deployment(one) for one in self.service.get("taskSets") or ())
        return tuple(self.service.get("deployments") or sets)

    @cached_property
    def primary(self) -> Answer:
        """The deployment that AWS is moving the service to; empty when there is none."""
        return next((entry for entry in self.deployments if entry.get("status") == "PRIMARY"), {})

    @property
    def went_back(self) -> bool:
        """Whether the events tell that AWS went back to the deployment that is primary."""
        back = f"rolling back to deployment {self.primary.get('id', '')}"
        return any(back in event.get("message", "") for event in self.service.get("events") or ())

    def entry(self, task_definition: str) -> Answer:
        """The deployment of a task definition, the primary one first; empty when there is none."""
        entries = sorted(self.deployments, key=lambda entry: entry.get("status") != "PRIMARY")
        return next((entry for entry in entries if entry.get("taskDefinition") == task_definition), {})

    def troubles(self, since: datetime | None) -> tuple[str, ...]:
        """Events since then that tell why tasks do not come up, newest first."""
        events = self.service.get("events") or ()
        return tuple(
            str(event.get("message", ""))
            for event in events
            if any(words in event.get("message", "") for words in TROUBLES)
            and not before(event.get("createdAt"), since)
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
    shift: Shift | None = None
    """Its stage, when it moves requests and is under way."""
    certainty: Certainty = Certainty.CERTAIN

    @property
    def older_serving(self) -> bool:
        """Whether the version before it is what users reach."""
        return self.verdict is Verdict.ROLLED_BACK


def _as_deployment(task_set: Answer) -> Answer:
    """A task set in the shape of a deployment. AWS tells of its stability only, never that it failed."""
    steady = task_set.get("stabilityStatus") == "STEADY_STATE"
    told = {
        "desiredCount": task_set.get("computedDesiredCount", 0),
        "rolloutState": "COMPLETED" if steady else "IN_PROGRESS",
    }
    return {**task_set, **told}


def short(arn: str) -> str:
    """`family:revision` of a task definition's ARN."""
    return arn.rpartition("/")[2]


def before(first: datetime | None, second: datetime | None) -> bool:
    """Whether one moment of AWS is known to lie before another; our own clock is never compared with AWS's."""
    return first is not None and second is not None and first < second
