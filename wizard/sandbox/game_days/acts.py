"""What happens to a service on a game day, and how it is undone. An act returns its undoing, or nothing to undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.ecs import conditions, lifecycle
from wizard.sandbox.ecs.conditions import Condition
from wizard.sandbox.ecs.images import ECR, Behaviour
from wizard.sandbox.ecs.rollout import tasks_of
from wizard.sandbox.game_days.stage import Stage
from wizard.sandbox.record import Fault

Undo = Callable[[], None]
Act = Callable[[Stage], Undo | None]
FOR_EVER = 10**9
RETIRED = "ECS is performing maintenance on the underlying infrastructure hosting the task."
PAUSE = {"hookTargetArn": "", "targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"]}


def deploys(kind: str, *, pushed: bool = True) -> Act:
    """A teammate deploys a version of some kind; its image says how it behaves."""

    def act(stage: Stage) -> None:
        stage.deploy(kind, pushed=pushed)

    return act


def comes_over(condition: Condition, *, deployed: bool = False) -> Callable[[Stage], Undo]:
    """A condition comes over the service from outside; what runs meets it too, or a new deployment does."""

    def act(stage: Stage) -> Undo:
        conditions.impose(stage.service, condition)
        if deployed:
            stage.update(forceNewDeployment=True)
        for task in tasks_of(stage.region, stage.service) if condition.behaviour else ():
            lifecycle.fall_ill(stage.region, task)

        def undo() -> None:
            conditions.lift(stage.service)
            stage.service.wake = stage.region.time

        return undo

    return act


def database_down(stage: Stage) -> Undo:
    """The database stops: every version of the service loses its connection and ends."""
    lines = (
        "INFO:     Application startup complete.",
        'psycopg2.OperationalError: connection to server at "10.0.1.20", port 5432 failed: Connection refused',
        "        Is the server running on that host and accepting TCP/IP connections?",
    )
    return comes_over(Condition(behaviour=Behaviour(exit_code=1, lines=lines)))(stage)


def secret_deleted(stage: Stage) -> Undo:
    """A secret that the service reads is scheduled for deletion; the next deployment cannot start."""
    arns = [secret["valueFrom"] for secret in stage.container.get("secrets", [])]
    arns = [":".join(arn.split(":")[:7]) for arn in arns if ":secretsmanager:" in arn]
    if not arns:
        raise ValueError(f"{stage.service.name} reads no secret of Secrets Manager; choose another with --service")
    store = moto_state.secretsmanager(stage.region.name)
    store.delete_secret(arns[0], 30, False)
    stage.update(forceNewDeployment=True)
    return lambda: store.restore_secret(arns[0])


def image_removed(stage: Stage) -> Undo:
    """A lifecycle rule removes the image that runs, and AWS retires the tasks: no other can take their place."""
    match = ECR.match(stage.container["image"])
    if match is None:
        raise ValueError(f"the image of {stage.service.name} is not in ECR; choose another with --service")
    repository = moto_state.ecr(match["region"]).repositories[match["repository"]]
    pinned = stage.service.primary.revision.digests.get(stage.container["name"])
    gone = [image for image in repository.images if image.get_image_digest() == pinned]
    for image in gone:
        repository.images.remove(image)
    for task in tasks_of(stage.region, stage.service):
        lifecycle.stop(stage.region, task, "ServiceSchedulerInitiated", RETIRED)
    stage.service.wake = stage.region.time
    return lambda: repository.images.extend(gone)


def log_group_deleted(stage: Stage) -> Undo:
    """Somebody tidies up the log group; the next deployment cannot start."""
    options = stage.container.get("logConfiguration", {}).get("options", {})
    name = options.get("awslogs-group", "")
    groups: dict[str, Any] = moto_state.logs(stage.region.name).groups
    if name not in groups:
        raise ValueError(f"{stage.service.name} writes to no log group; choose another with --service")
    group = groups.pop(name)
    stage.update(forceNewDeployment=True)

    def undo() -> None:
        groups.setdefault(name, group)

    return undo


def throttled(stage: Stage) -> Undo:
    """Another program calls ECS so often that AWS refuses every call of the account."""
    stage.front.faults.add(Fault("ecs", "*", "throttle", "ThrottlingException", "Rate exceeded", FOR_EVER))
    return stage.front.faults.clear


def left_paused(stage: Stage) -> Undo:
    """A teammate deploys with a pause for an approval, and goes home."""
    configuration = dict(stage.service.configuration)
    if configuration.get("strategy", "ROLLING") == "ROLLING":
        raise ValueError(
            f"{stage.service.name} deploys by ROLLING, which has no hooks; choose a service with the strategy "
            "blue-green, canary or linear with --service"
        )
    hook = {key: value for key, value in PAUSE.items() if value}
    stage.deploy("v", deploymentConfiguration=configuration | {"lifecycleHooks": [hook]})
    record = stage.service.history[0]

    def undo() -> None:
        for each in [hook for hook in record.hooks if hook.status == "AWAITING_ACTION"]:
            stage.call("ContinueServiceDeployment", serviceDeploymentArn=record.arn, hookId=each.id)
        record.configuration["lifecycleHooks"] = []
        stage.service.configuration["lifecycleHooks"] = configuration.get("lifecycleHooks", [])

    return undo


def alarm_rings(stage: Stage) -> Undo:
    """A new version makes errors: the alarm that guards the deployment goes off."""
    configuration = dict(stage.service.configuration)
    store = moto_state.cloudwatch(stage.region.name)
    names = [name for name in configuration.get("alarms", {}).get("alarmNames", []) if name in store.alarms]
    own = "" if names else f"{stage.service.name}-5xx"
    if own:
        names = [own]
        store.put_metric_alarm(**_alarm(own))
    guarded = configuration | {"alarms": {"alarmNames": names, "enable": True, "rollback": True}}
    stage.deploy("v", deploymentConfiguration=guarded)
    store.set_alarm_state(names[0], "Threshold Crossed: 5 datapoints were greater than 5.0.", "{}", "ALARM")

    def undo() -> None:
        store.set_alarm_state(names[0], "back to normal", "{}", "OK")
        if own:
            store.delete_alarms([own])
            stage.service.configuration.pop("alarms", None)

    return undo


def scaled_to_zero(stage: Stage) -> None:
    """Somebody sets the count to 0 and forgets it."""
    stage.update(desiredCount=0)


def _alarm(name: str) -> dict[str, Any]:
    """An alarm on what the load balancer's targets answer, in the terms of moto's own call."""
    return {
        "name": name,
        "namespace": "AWS/ApplicationELB",
        "metric_name": "HTTPCode_Target_5XX_Count",
        "metric_data_queries": [],
        "comparison_operator": "GreaterThanThreshold",
        "evaluation_periods": 5,
        "datapoints_to_alarm": 5,
        "period": 60,
        "threshold": 5.0,
        "statistic": "Sum",
        "extended_statistic": None,
        "description": "errors that the application answers",
        "dimensions": [],
        "alarm_actions": [],
        "ok_actions": [],
        "insufficient_data_actions": [],
        "unit": None,
        "actions_enabled": True,
        "treat_missing_data": "notBreaching",
        "evaluate_low_sample_count_percentile": None,
        "threshold_metric_id": None,
        "rule": None,
        "tags": [],
    }
