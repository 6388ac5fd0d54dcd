"""Follows a rollback of an ECS or Express service by its own service deployment, until users are served again.

The end of the deployment is not enough: "restored" also wants every task that should run to run, and its targets to be
healthy behind the load balancer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.engine.clock import Clock
from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError, ExitCode
from wizard.release.observation import observe
from wizard.release.rollout import Certainty, Rollout, Verdict, short
from wizard.release.service_ref import ServiceRef

POLL_SECONDS = 5.0
LIMIT_SECONDS = 1800.0
HEALTH_SECONDS = 300.0
"""How long targets may take to become healthy after the deployment ended; usually they are already."""
Progress = Callable[[Rollout], None]


@dataclass(frozen=True)
class Ended:
    """How a rollback ended. `verdict` is that of `run_complete`."""

    verdict: str
    exit_code: ExitCode
    sentence: str
    rollout: Rollout | None = None

    @property
    def restored(self) -> bool:
        """Whether users are served by the wanted revision again."""
        return self.exit_code is ExitCode.OK


@dataclass(frozen=True)
class Course:
    """What is followed: the deployment's own ARN, where it should end, and the version that is watched on the way."""

    ref: ServiceRef
    own: str
    """Empty when AWS does not tell of service deployments."""
    target: str
    """Task definition that must serve in the end; empty when only AWS knows it (Express Mode registers its own)."""
    label: str
    """The revision for people."""
    goes_back: bool
    """Whether `own` is a deployment that was stopped and goes back, and not one of the target itself."""
    watched: str = ""
    """The task definition whose tasks are shown on the way."""


def follow(aws: Calls, course: Course, clock: Clock, progress: Progress, stopping: threading.Event) -> Ended:
    """Look until it is over; raises `AmbiguousAnswer` when AWS cannot be reached for minutes."""
    give_up = clock.seconds() + LIMIT_SECONDS
    while True:
        # Its own record first, so that what else is read belongs to that moment or a later one.
        own = _own_record(aws, course)
        rollout = observe(aws, course.ref.cluster, course.ref.name, course.watched or course.target)
        progress(rollout)
        ended = _by_own(course, own, rollout) if own else _by_rollout(course, rollout)
        if ended is None and clock.seconds() > give_up:
            # A person never hears "timed out" before AWS was asked once more, which this look did.
            sentence = f"the rollback is still going on after {LIMIT_SECONDS / 60:.0f} minutes: {rollout.sentence}"
            return Ended("running", ExitCode.TIME_IS_UP, sentence, rollout)
        if ended is not None:
            return _until_healthy(aws, course, ended, clock, stopping) if ended.restored else ended
        if stopping.is_set():
            return Ended("interrupted", ExitCode.INTERRUPTED, "AWS goes on with the rollback by itself", rollout)
        clock.sleep(POLL_SECONDS)


def _own_record(aws: Calls, course: Course) -> Mapping[str, Any]:
    """The service deployment that is followed; empty when AWS does not tell."""
    if not course.own:
        return {}
    try:
        answer = aws.read("ecs", "describe_service_deployments", serviceDeploymentArns=[course.own])
    except AmbiguousAnswer:
        raise
    except AwsError:
        return {}
    return next(iter(answer["serviceDeployments"]), {})


def _by_own(course: Course, found: Mapping[str, Any], rollout: Rollout) -> Ended | None:
    """The verdict by the deployment's own record."""
    status, reason = found["status"], str(found.get("statusReason", "")).rstrip(".")
    wanted = "ROLLBACK_SUCCESSFUL" if course.goes_back else "SUCCESSFUL"
    if status == wanted:
        return Ended("ok", ExitCode.OK, "", rollout)
    if status == "SUCCESSFUL":
        sentence = "the deployment ended successfully before it could be stopped: what was to be left is serving"
        return Ended("failed", ExitCode.NEEDS_PERSON, sentence, rollout)
    if status == "STOPPED" and "superseded" in reason:
        sentence = f"somebody else deployed another version meanwhile: {rollout.sentence}"
        return Ended("superseded", ExitCode.NEEDS_PERSON, sentence, rollout)
    if status in ("STOPPED", "ROLLBACK_FAILED"):
        return Ended("failed", ExitCode.NEEDS_PERSON, _failed(course, reason, rollout), rollout)
    if status == "ROLLBACK_SUCCESSFUL":
        sentence = f"{course.label} did not come up either, and AWS went back to {short(rollout.serving)}: {reason}"
        return Ended("failed", ExitCode.NEEDS_PERSON, sentence, rollout)
    return None


def _by_rollout(course: Course, rollout: Rollout) -> Ended | None:
    """Without the deployment's own record: whether the target is what AWS moved to, and completed."""
    serves = rollout.serving == course.target
    good = (Verdict.ROLLED_BACK, Verdict.SUCCESSFUL) if course.goes_back else (Verdict.SUCCESSFUL,)
    if rollout.verdict in good and serves:
        return Ended("ok", ExitCode.OK, "", rollout)
    if rollout.verdict is Verdict.SCALED_TO_ZERO:
        return Ended("ok", ExitCode.OK, "", rollout)
    if rollout.verdict in (Verdict.FAILED, Verdict.STOPPED, Verdict.SUPERSEDED) or (
        rollout.verdict is Verdict.ROLLED_BACK and not serves
    ):
        return Ended("failed", ExitCode.NEEDS_PERSON, _failed(course, rollout.reason, rollout), rollout)
    return None


def _failed(course: Course, reason: str, rollout: Rollout) -> str:
    why = rollout.sentence if rollout.failure or rollout.troubles else reason or rollout.sentence
    return f"the rollback to {course.label} failed: {why}"


def _until_healthy(aws: Calls, course: Course, ended: Ended, clock: Clock, stopping: threading.Event) -> Ended:
    give_up = clock.seconds() + HEALTH_SECONDS
    while True:
        health = health_of(aws, course.ref)
        if health.nothing_runs:
            sentence = f"{course.label} is deployed, but the service is scaled to zero: nothing serves"
            return Ended("scaled_to_zero", ExitCode.NEEDS_PERSON, sentence, ended.rollout)
        if health.well:
            likely = ended.rollout is not None and ended.rollout.certainty is Certainty.LIKELY
            sure = "likely restored" if likely else "restored"
            return Ended("ok", ExitCode.OK, f"{sure}: {course.label} is serving, {health.words}", ended.rollout)
        if clock.seconds() > give_up or stopping.is_set():
            sentence = f"{course.label} is deployed, but it does not serve yet: {health.words}"
            return Ended("failed", ExitCode.NEEDS_PERSON, sentence, ended.rollout)
        clock.sleep(POLL_SECONDS)


@dataclass(frozen=True)
class Health:
    """How many tasks run and how many targets are healthy; `targets` is None when that may not be read."""

    running: int
    desired: int
    healthy: int | None = None
    behind_balancer: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def nothing_runs(self) -> bool:
        """Whether the service should have no task at all."""
        return self.desired == 0

    @property
    def well(self) -> bool:
        """Whether every task that should run runs, and gets requests."""
        served = not self.behind_balancer or self.healthy is None or self.healthy >= self.desired
        return self.running >= self.desired > 0 and served

    @property
    def words(self) -> str:
        """`2 of 2 tasks running, 2 of 2 targets healthy`."""
        told = f"{self.running} of {self.desired} tasks running"
        if not self.behind_balancer:
            return told
        if self.healthy is None:
            return f"{told}; the health of its targets may not be read"
        why = f" ({', '.join(self.reasons)})" if self.reasons else ""
        return f"{told}, {self.healthy} of {self.desired} targets healthy{why}"


def health_of(aws: Calls, ref: ServiceRef) -> Health:
    """Two calls: the service, and the health of the targets behind each of its target groups that has any."""
    service = aws.read("ecs", "describe_services", cluster=ref.cluster, services=[ref.name])["services"][0]
    running, desired = int(service.get("runningCount", 0)), int(service.get("desiredCount", 0))
    groups = [one["targetGroupArn"] for one in service.get("loadBalancers") or () if one.get("targetGroupArn")]
    alternates = [
        (one.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
        for one in service.get("loadBalancers") or ()
    ]
    if not groups:
        return Health(running, desired)
    healthy: list[int] = []
    reasons: set[str] = set()
    for group, alternate in zip(groups, alternates, strict=False):
        try:
            states = [state for arn in (group, alternate) if arn for state in _target_states(aws, arn)]
        except AmbiguousAnswer:
            raise
        except AwsError:
            return Health(running, desired, None, behind_balancer=True)
        healthy.append(sum(state["State"] == "healthy" for state in states))
        reasons |= {state["Reason"] for state in states if state["State"] == "unhealthy" and "Reason" in state}
    return Health(running, desired, min(healthy), True, tuple(sorted(reasons)))


def _target_states(aws: Calls, arn: str) -> list[Mapping[str, Any]]:
    answer = aws.read("elbv2", "describe_target_health", TargetGroupArn=arn)
    return [target["TargetHealth"] for target in answer["TargetHealthDescriptions"]]
