"""Examines one service in AWS: gathers the signs of what is wrong, bounded, and has them diagnosed.

At most 20 reads, and 4 to 8 of a service that is well. A read that is refused only leaves its sign out: a cause that
is known from the others is named all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AwsError
from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.rule import Diagnosis
from wizard.release.diagnosis.symptoms import Symptoms, symptoms_of
from wizard.release.doors import certificate_of
from wizard.release.failure import newest_failure, running_task
from wizard.release.last_words import last_lines
from wizard.release.observation import observe
from wizard.release.rollout import Rollout, Verdict, before
from wizard.release.targets import groups_of

MOST_GROUPS = 3
SETTLED = (Verdict.SUCCESSFUL, Verdict.SCALED_TO_ZERO)
STEADY = "has reached a steady state"
TELLING = ("unable to", "failed to", "is unhealthy in", "throttled", "deployment failed", "alarm")
IAM_ACTIONS = (
    "ecs:DescribeServices",
    "ecs:DescribeServiceDeployments",
    "ecs:ListTasks",
    "ecs:DescribeTasks",
    "elasticloadbalancing:DescribeTargetHealth",
    "cloudwatch:DescribeAlarms",
)


def examine(aws: Calls, cluster: str, service: str, *, rollout: Rollout | None = None) -> Diagnosis:
    """What is wrong with an ECS service now; `normal` when nothing is. Give the rollout if it was just observed.

    Raises `AwsError` when even DescribeServices is refused; `refusal` says what that means.
    """
    rollout = rollout or observe(aws, cluster, service)
    listed = aws.read("ecs", "describe_services", cluster=cluster, services=[service])["services"]
    shown: Mapping[str, Any] = next(iter(listed), {})
    symptoms = _of_service(symptoms_of(rollout, cluster=cluster), rollout, shown)
    symptoms = _of_targets(aws, symptoms, shown)
    symptoms = _of_tasks(aws, symptoms, rollout, shown)
    symptoms = _of_deployment(aws, symptoms, rollout, shown)
    found = diagnose(symptoms)
    if found.cause == "unknown" and groups_of(shown) and not _is_well(symptoms, rollout, shown):
        found = diagnose(replace(symptoms, certificate=certificate_of(aws, groups_of(shown)[0])))
    if found.cause == "unknown" and _is_well(symptoms, rollout, shown):
        return replace(found, cause="nothing wrong", sentence=f"{service} is well", normal=True, evidence="")
    return found


def refusal(error: AwsError) -> Diagnosis:
    """What the refusal of a call means, and what to do about it."""
    return diagnose(Symptoms(refusal=f"{error.code}: {error.message}"))


def _is_well(symptoms: Symptoms, rollout: Rollout, service: Mapping[str, Any]) -> bool:
    enough = service.get("runningCount", 0) >= service.get("desiredCount", 1) > 0
    over = rollout.verdict in (Verdict.SUCCESSFUL, Verdict.IN_PROGRESS)
    return enough and over and not (symptoms.target_reasons or symptoms.reason or symptoms.events)


def _of_service(symptoms: Symptoms, rollout: Rollout, service: Mapping[str, Any]) -> Symptoms:
    told = _events(service, settled=rollout.verdict in SETTLED)
    if rollout.verdict not in SETTLED:
        told = dict.fromkeys((*symptoms.events, *told))
    ports = [each["containerPort"] for each in service.get("loadBalancers") or () if "containerPort" in each]
    return replace(
        symptoms,
        events=tuple(told),
        desired=service.get("desiredCount"),
        port=ports[0] if ports else None,
    )


def _events(service: Mapping[str, Any], *, settled: bool) -> dict[str, None]:
    """Events of the newest deployment that tell of trouble; of one that is over, only those since it was steady."""
    deployments = service.get("deployments") or ()
    since = next((each.get("createdAt") for each in deployments if each.get("status") == "PRIMARY"), None)
    found: dict[str, None] = {}
    for event in service.get("events") or ():
        message = str(event.get("message", ""))
        if before(event.get("createdAt"), since) or (settled and STEADY in message):
            break
        if any(word in message for word in TELLING):
            found[message] = None
    return found


def _of_targets(aws: Calls, symptoms: Symptoms, service: Mapping[str, Any]) -> Symptoms:
    """Targets that get no traffic, and why; those that come or go are no sign of anything."""
    reasons: dict[str, None] = {}
    notes: dict[str, None] = {}
    for group in groups_of(service)[:MOST_GROUPS]:
        try:
            answer = aws.read("elbv2", "describe_target_health", TargetGroupArn=group)
        except AwsError:
            continue
        for each in answer["TargetHealthDescriptions"]:
            health = each["TargetHealth"]
            if health["State"] in ("unhealthy", "unused", "unavailable"):
                reasons |= dict.fromkeys(filter(None, [health.get("Reason", "")]))
                notes |= dict.fromkeys(filter(None, [health.get("Description", "")]))
    return replace(symptoms, target_reasons=tuple(reasons), target_notes=tuple(notes))


def _of_tasks(aws: Calls, symptoms: Symptoms, rollout: Rollout, service: Mapping[str, Any]) -> Symptoms:
    """The task that failed last while too few run, and the end of its log; that of a running one if targets fail."""
    wanted = rollout.task_definition
    task, container = symptoms.task, symptoms.container
    short_of = service.get("runningCount", 0) < service.get("desiredCount", 0)
    failure = None
    if not rollout.failure and (short_of or rollout.verdict not in (Verdict.SUCCESSFUL, Verdict.IN_PROGRESS)):
        failure = newest_failure(_tasks(aws, symptoms, "STOPPED"), (wanted, rollout.serving))
    if failure is not None:
        wanted, task, container = failure.task_definition, failure.task, failure.container
        symptoms = replace(
            symptoms,
            reason=failure.reason,
            container=container,
            container_reason=failure.container_reason,
            image=failure.image,
            exit_code=failure.exit_code,
            task=task,
            stop_code=failure.code,
        )
    if not task and symptoms.target_reasons:
        task, container = running_task(_tasks(aws, symptoms, "RUNNING"), wanted)
    if not task or symptoms.stop_code == "TaskFailedToStart":
        return symptoms
    return replace(symptoms, log_lines=last_lines(aws, wanted, container, task))


def _tasks(aws: Calls, symptoms: Symptoms, status: str) -> Iterable[Mapping[str, Any]]:
    try:
        where = {"cluster": symptoms.cluster, "serviceName": symptoms.service, "desiredStatus": status}
        arns = aws.read("ecs", "list_tasks", **where)["taskArns"]
        found: list[Mapping[str, Any]] = []
        if arns:
            found = aws.read("ecs", "describe_tasks", cluster=symptoms.cluster, tasks=arns[:100])["tasks"]
    except AwsError:
        return ()
    return found


def _of_deployment(aws: Calls, symptoms: Symptoms, rollout: Rollout, service: Mapping[str, Any]) -> Symptoms:
    """The stage at which the service deployment waits for somebody, and the alarms that rang."""
    arn = rollout.service_deployment or service.get("currentServiceDeployment", "")
    guarding = service.get("deploymentConfiguration", {}).get("alarms", {}).get("alarmNames", ())
    try:
        shown: Mapping[str, Any] = {}
        if arn:
            answer = aws.read("ecs", "describe_service_deployments", serviceDeploymentArns=[arn])
            shown = next(iter(answer["serviceDeployments"]), {})
        waits = [hook for hook in shown.get("lifecycleHookDetails", ()) if hook.get("status") == "AWAITING_ACTION"]
        ringing = shown.get("alarms", {}).get("triggeredAlarmNames", ())
        if guarding and not ringing and rollout.verdict is not Verdict.SUCCESSFUL:
            alarms = aws.read("cloudwatch", "describe_alarms", AlarmNames=list(guarding), StateValue="ALARM")
            ringing = [alarm["AlarmName"] for alarm in alarms["MetricAlarms"]]
    except AwsError:
        return symptoms
    return replace(
        symptoms,
        hook=str(shown.get("lifecycleStage", "a lifecycle hook")) if waits else "",
        deployment_arn=arn,
        hook_id=str(waits[0].get("hookId", "")) if waits else "",
        alarms=tuple(ringing),
        deployment_reason=symptoms.deployment_reason or str(shown.get("statusReason", "")),
    )
