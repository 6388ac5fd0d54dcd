"""Histories of a rollout as AWS tells them, and the verdict that each deserves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wizard.release.rollout import Deployed, Facts, Rollout, Verdict
from wizard.release.verdict import judge

START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
OLD = "arn:aws:ecs:us-east-1:111122223333:task-definition/shop-api:7"
NEW = "arn:aws:ecs:us-east-1:111122223333:task-definition/shop-api:8"
OTHER = "arn:aws:ecs:us-east-1:111122223333:task-definition/shop-api:9"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def deployment(
    definition: str, state: str, *, status: str = "PRIMARY", minute: float = 10, **more: Any
) -> dict[str, Any]:
    plain = {
        "id": f"ecs-svc/{definition[-1]}",
        "status": status,
        "taskDefinition": definition,
        "rolloutState": state,
        "desiredCount": 2,
        "runningCount": 2,
        "pendingCount": 0,
        "failedTasks": 0,
        "createdAt": at(minute),
    }
    return plain | more


def service(*deployments: dict[str, Any], **more: Any) -> dict[str, Any]:
    first = deployments[0]["taskDefinition"] if deployments else NEW
    plain = {"serviceName": "api", "status": "ACTIVE", "taskDefinition": first, "deployments": list(deployments)}
    return plain | more


def past(definition: str, status: str, minute: float, *, ended: float | None = None, reason: str = "") -> Deployed:
    arn = f"arn:aws:ecs:us-east-1:111122223333:service-deployment/shop/api/{definition[-1]}-{minute:g}"
    return Deployed(arn, status, reason, definition, at(minute), None if ended is None else at(ended))


FIRST = past(OLD, "SUCCESSFUL", 0, ended=5)
BREAKER = "Service deployment rolled back because of circuit breaker threshold exceeded."
HISTORIES: Mapping[str, tuple[Verdict, dict[str, Any], tuple[Deployed, ...] | None]] = {
    "it ended successful and is serving": (
        Verdict.SUCCESSFUL,
        service(deployment(NEW, "COMPLETED")),
        (past(NEW, "SUCCESSFUL", 10, ended=14), FIRST),
    ),
    "it is going on": (
        Verdict.IN_PROGRESS,
        service(deployment(NEW, "IN_PROGRESS"), deployment(OLD, "COMPLETED", status="ACTIVE", minute=0)),
        (past(NEW, "IN_PROGRESS", 10), FIRST),
    ),
    "it is going on and history was not asked": (
        Verdict.IN_PROGRESS,
        service(deployment(NEW, "IN_PROGRESS"), deployment(OLD, "COMPLETED", status="ACTIVE", minute=0)),
        None,
    ),
    "steady with every task running, but the list still ends with the deployment before": (
        Verdict.IN_PROGRESS,
        service(deployment(NEW, "COMPLETED")),
        (FIRST,),
    ),
    "the service deployment succeeded but the service does not say so yet": (
        Verdict.IN_PROGRESS,
        service(deployment(NEW, "IN_PROGRESS")),
        (past(NEW, "SUCCESSFUL", 10, ended=14), FIRST),
    ),
    "one deployment, running equals desired: after a rollback that is no success": (
        Verdict.ROLLED_BACK,
        service(deployment(OLD, "COMPLETED", minute=15)),
        (past(NEW, "ROLLBACK_SUCCESSFUL", 10, ended=18, reason=BREAKER), FIRST),
    ),
    "AWS is going back": (
        Verdict.ROLLING_BACK,
        service(deployment(OLD, "IN_PROGRESS", minute=15), deployment(NEW, "FAILED", status="ACTIVE")),
        (past(NEW, "ROLLBACK_IN_PROGRESS", 10, reason=BREAKER), FIRST),
    ),
    "it went back between the two calls that tell of it": (
        Verdict.ROLLING_BACK,
        service(deployment(OLD, "IN_PROGRESS", minute=15), deployment(NEW, "FAILED", status="ACTIVE")),
        (past(NEW, "ROLLBACK_SUCCESSFUL", 10, ended=18, reason=BREAKER), FIRST),
    ),
    "somebody asked to go back": (
        Verdict.ROLLING_BACK,
        service(deployment(NEW, "IN_PROGRESS"), deployment(OLD, "COMPLETED", status="ACTIVE", minute=0)),
        (past(NEW, "ROLLBACK_REQUESTED", 10), FIRST),
    ),
    "going back failed, and nothing serves": (
        Verdict.FAILED,
        service(deployment(OLD, "FAILED", minute=15, runningCount=0)),
        (past(NEW, "ROLLBACK_FAILED", 10, ended=30), FIRST),
    ),
    "a first deployment failed: there is nothing to go back to": (
        Verdict.FAILED,
        service(deployment(NEW, "FAILED", runningCount=0)),
        (past(NEW, "ROLLBACK_FAILED", 10, ended=18, reason=BREAKER),),
    ),
    "a first deployment failed with the breaker but without rollback": (
        Verdict.FAILED,
        service(deployment(NEW, "FAILED", runningCount=0)),
        (past(NEW, "STOPPED", 10, ended=18, reason="Service deployment failed because of circuit breaker."),),
    ),
    "settings changed, the task definition did not, and AWS went back to the settings before": (
        Verdict.ROLLED_BACK,
        service(deployment(NEW, "COMPLETED", minute=15)),
        (past(NEW, "ROLLBACK_SUCCESSFUL", 10, ended=18), past(NEW, "SUCCESSFUL", 0, ended=5)),
    ),
    "it failed between the two calls that tell of it": (
        Verdict.FAILED,
        service(deployment(NEW, "IN_PROGRESS")),
        (past(NEW, "STOPPED", 10, ended=18, reason="Service deployment failed because of circuit breaker."),),
    ),
    "a person stopped it": (
        Verdict.STOPPED,
        service(deployment(NEW, "IN_PROGRESS")),
        (past(NEW, "STOPPED", 10, ended=12, reason="Service deployment stopped by user request."), FIRST),
    ),
    "somebody else deployed another version meanwhile": (
        Verdict.SUPERSEDED,
        service(deployment(OTHER, "IN_PROGRESS", minute=12), deployment(NEW, "IN_PROGRESS", status="ACTIVE")),
        (past(OTHER, "IN_PROGRESS", 12), past(NEW, "STOPPED", 10, ended=12), FIRST),
    ),
    "somebody else deployed another version after it had succeeded": (
        Verdict.SUPERSEDED,
        service(deployment(OTHER, "COMPLETED", minute=20)),
        (past(OTHER, "SUCCESSFUL", 20, ended=24), past(NEW, "SUCCESSFUL", 10, ended=14), FIRST),
    ),
    "somebody else's version failed and AWS came back to ours": (
        Verdict.SUCCESSFUL,
        service(deployment(NEW, "COMPLETED", minute=22)),
        (past(OTHER, "ROLLBACK_SUCCESSFUL", 20, ended=25), past(NEW, "SUCCESSFUL", 10, ended=14), FIRST),
    ),
    "without history: completed on the wanted version": (
        Verdict.SUCCESSFUL,
        service(deployment(NEW, "COMPLETED")),
        None,
    ),
    "with an empty history (older than 90 days): completed on the wanted version": (
        Verdict.SUCCESSFUL,
        service(deployment(NEW, "COMPLETED")),
        (),
    ),
    "without history: going back": (
        Verdict.ROLLING_BACK,
        service(deployment(OLD, "IN_PROGRESS", minute=15), deployment(NEW, "FAILED", status="ACTIVE")),
        None,
    ),
    "without history: went back, as the events say": (
        Verdict.ROLLED_BACK,
        service(
            deployment(OLD, "COMPLETED", minute=15),
            events=[{"message": "(service api) rolling back to deployment ecs-svc/7.", "createdAt": at(15)}],
        ),
        None,
    ),
    "without history: failed and stays": (
        Verdict.FAILED,
        service(deployment(NEW, "FAILED", runningCount=0, rolloutStateReason="tasks failed to start.")),
        None,
    ),
    "without history: another version runs": (
        Verdict.SUPERSEDED,
        service(deployment(OTHER, "COMPLETED", minute=20)),
        None,
    ),
    "without history: a state that AWS does not tell is not success": (
        Verdict.IN_PROGRESS,
        service(deployment(NEW, "")),
        None,
    ),
    "the service is being deleted": (Verdict.STOPPED, service(status="DRAINING"), None),
    "the service is not shown yet": (Verdict.IN_PROGRESS, {"serviceName": "api"}, None),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_gets_its_verdict(name: str) -> None:
    verdict, answer, history = HISTORIES[name]
    found = judge(Facts(answer, history), NEW)
    assert found.verdict is verdict
    assert found.sentence


def stopped(definition: str, minute: float, reason: str, **more: Any) -> dict[str, Any]:
    plain = {
        "taskArn": f"arn:aws:ecs:us-east-1:111122223333:task/shop/{minute:g}",
        "taskDefinitionArn": definition,
        "createdAt": at(minute),
        "stoppedAt": at(minute + 1),
        "stopCode": "TaskFailedToStart",
        "stoppedReason": reason,
        "containers": [{"name": "web", "image": "shop/api:v8"}],
    }
    return plain | more


def going(*tasks: dict[str, Any], **counts: Any) -> Rollout:
    return judge(Facts(service(deployment(NEW, "IN_PROGRESS", **counts)), stopped=tasks), NEW)


def test_the_first_failed_task_of_this_version_is_named_at_once_while_the_verdict_stays_with_aws() -> None:
    pull = "CannotPullContainerError: failed to resolve ref shop/api:v8: not found"
    found = going(
        stopped(OLD, 11, "CannotPullContainerError: an older version"),
        stopped(NEW, 13, "CannotPullContainerError: the second one"),
        stopped(NEW, 12, pull),
        failedTasks=2,
        runningCount=0,
    )
    assert found.verdict is Verdict.IN_PROGRESS
    assert found.failure is not None
    assert found.failure.reason == pull
    assert "the image shop/api:v8 does not exist" in found.sentence
    assert "0 of 2 tasks running, 2 failed" in found.sentence


def test_a_task_that_the_scheduler_stopped_to_scale_in_is_no_failure() -> None:
    reason = "Scaling activity initiated by (deployment ecs-svc/8)"
    assert going(stopped(NEW, 12, reason, stopCode="ServiceSchedulerInitiated")).failure is None


def test_a_task_that_the_scheduler_stopped_for_its_health_is_a_failure() -> None:
    reason = "Task failed ELB health checks in (target-group arn:tg)"
    found = going(stopped(NEW, 12, reason, stopCode="ServiceSchedulerInitiated"))
    assert found.failure is not None
    assert "health check" in found.sentence


def test_a_task_of_an_earlier_try_of_the_same_version_does_not_count() -> None:
    assert going(stopped(NEW, 9, "CannotPullContainerError: the try before")).failure is None


def test_the_container_that_ended_by_itself_is_blamed_not_the_ones_that_were_stopped_with_it() -> None:
    containers = [{"name": "proxy", "exitCode": 137}, {"name": "app", "exitCode": 1}]
    found = going(stopped(NEW, 12, "Essential container in task exited", containers=containers))
    assert found.failure is not None
    assert (found.failure.container, found.failure.exit_code) == ("app", 1)


def test_counts_are_of_the_wanted_version_not_of_the_service() -> None:
    answer = service(
        deployment(NEW, "IN_PROGRESS", runningCount=1, pendingCount=1),
        deployment(OLD, "COMPLETED", status="ACTIVE", runningCount=2, minute=0),
        runningCount=3,
    )
    found = judge(Facts(answer, targets={"healthy": 1, "initial": 1}), NEW)
    assert (found.desired, found.running, found.pending) == (2, 1, 1)
    assert found.sentence == "shop-api:8: 1 of 2 tasks running, 1 starting, 1 of 2 targets healthy"


def test_without_a_wanted_version_the_newest_deployment_is_told_of() -> None:
    history = (past(NEW, "ROLLBACK_SUCCESSFUL", 10, ended=18, reason=BREAKER), FIRST)
    found = judge(Facts(service(deployment(OLD, "COMPLETED", minute=15)), history))
    assert (found.task_definition, found.verdict) == (NEW, Verdict.ROLLED_BACK)
    assert found.sentence == f"shop-api:8 failed; shop-api:7 is serving again: {BREAKER}"


def test_a_task_that_cannot_be_placed_is_told_from_the_events_of_this_deployment_only() -> None:
    def event(minute: float, text: str) -> dict[str, Any]:
        return {"createdAt": at(minute), "message": f"(service api) was unable to place a task. Reason: {text}"}

    answer = service(
        deployment(NEW, "IN_PROGRESS", runningCount=0),
        events=[event(12, "You've reached the limit on the number of vCPUs"), event(2, "Capacity is unavailable")],
    )
    found = judge(Facts(answer), NEW)
    assert len(found.troubles) == 1
    assert "quota of Fargate vCPUs" in found.sentence
