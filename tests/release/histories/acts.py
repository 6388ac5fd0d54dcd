"""What can happen to a service: the vocabulary in which histories are written."""

from __future__ import annotations

from typing import Any

from tests.release.histories.stage import LOOK_SECONDS, NAME, Act, Stage
from wizard.errors import AwsError


def _update(stage: Stage, **changes: Any) -> None:
    answer = stage.write("update_service", cluster="main", service=NAME, **changes)
    arn = answer["service"].get("currentServiceDeployment", "")
    if arn not in {one for one, _ in stage.began}:
        stage.begun(answer)


def deploy(tag: str, *, count: int | None = None, **changes: Any) -> Act:
    """A replay deploys a version, and watches; `count` is what its blueprint says."""

    def act(stage: Stage) -> None:
        _update(stage, taskDefinition=stage.version(tag), **changes)
        stage.watch(stage.version(tag), count)
        stage.look()

    return act


def deploy_settings(**changes: Any) -> Act:
    """A replay changes settings of the service, not its version, and watches."""

    def act(stage: Stage) -> None:
        _update(stage, **changes)
        stage.watch(stage.shown()["taskDefinition"])
        stage.look()

    return act


def redeploy() -> Act:
    """A replay has the version that runs deployed anew, for its tag may have moved, and watches."""
    return deploy_settings(forceNewDeployment=True)


def theirs(tag: str, **changes: Any) -> Act:
    """Somebody else deploys a version."""
    return lambda stage: _update(stage, taskDefinition=stage.version(tag), **changes)


def force(**changes: Any) -> Act:
    """Somebody else has the version that runs deployed anew."""
    return lambda stage: _update(stage, forceNewDeployment=True, **changes)


def scale(count: int) -> Act:
    """Somebody sets the number of tasks."""
    return lambda stage: _update(stage, desiredCount=count)


def minutes(count: float, every: float = LOOK_SECONDS) -> Act:
    """Time passes, and the observer is asked again and again."""
    return lambda stage: stage.minutes(count, every)


def unseen(count: float) -> Act:
    """Minutes pass in which nobody asks: the laptop slept, the network was away."""
    return lambda stage: stage.pass_time(count * 60)


def until(status: str, limit: float = 60.0, every: float = LOOK_SECONDS) -> Act:
    """Time passes until the service deployment of the wanted version has this status."""

    def act(stage: Stage) -> None:
        for _ in range(int(limit * 60 / every)):
            if stage.status_of(stage.own) == status:
                stage.look()
                return
            stage.minutes(every / 60, every)
        raise AssertionError(f"{stage.status_of(stage.own)} after {limit} minutes, not {status}")

    return act


def until_stage(name: str, every: float = 30.0) -> Act:
    """Time passes until the service deployment is at a stage."""

    def act(stage: Stage) -> None:
        for _ in range(240):
            found = stage.read("describe_service_deployments", serviceDeploymentArns=[stage.own])
            if found["serviceDeployments"][0].get("lifecycleStage") == name:
                return
            stage.minutes(every / 60, every)
        raise AssertionError(f"never at {name}")

    return act


def stop(how: str = "ROLLBACK") -> Act:
    """Somebody stops the service deployment that is under way."""
    return lambda stage: _ignore(stage.write("stop_service_deployment", serviceDeploymentArn=stage.own, stopType=how))


def answer_hook(action: str) -> Act:
    """Somebody lets the deployment that a hook holds go on, or sends it back."""

    def act(stage: Stage) -> None:
        found = stage.read("describe_service_deployments", serviceDeploymentArns=[stage.own])["serviceDeployments"][0]
        hook = next(one["hookId"] for one in found["lifecycleHookDetails"] if one["status"] == "AWAITING_ACTION")
        stage.write("continue_service_deployment", serviceDeploymentArn=stage.own, hookId=hook, action=action)

    return act


def alarm(state: str = "ALARM") -> Act:
    """The alarm that guards deployments rings, or falls silent with `OK`."""

    def act(stage: Stage) -> None:
        stage.shop.aws.write(
            "cloudwatch", "set_alarm_state", AlarmName="errors", StateValue=state, StateReason="too many errors"
        )

    return act


def push(tag: str) -> Act:
    """Somebody pushes an image."""
    return lambda stage: _ignore(stage.shop.push(tag))


def move(tag: str, content: str) -> Act:
    """A push moves a tag to another image, that of the tag `content`."""

    def act(stage: Stage) -> None:
        stage.shop.push(content)
        image = stage.shop.push(tag, content)
        if tag not in stage.account.versions:
            stage.account.versions[tag] = stage.shop.register(image)

    return act


def interrupt_spot() -> Act:
    """Fargate takes the capacity of a running Spot task of the wanted version back."""

    def act(stage: Stage) -> None:
        arns = stage.read("list_tasks", cluster="main", serviceName=NAME)["taskArns"]
        tasks = stage.read("describe_tasks", cluster="main", tasks=arns)["tasks"]
        own = next(task["taskArn"] for task in tasks if task["taskDefinitionArn"] == stage.wanted)
        stage.control("interrupt", task=own)

    return act


def breaks(scenario: str) -> Act:
    """The world around the service breaks, as on a game day."""
    return lambda stage: _ignore(stage.control("break", scenario=scenario, service=f"main/{NAME}"))


def heals() -> Act:
    """It is well again."""
    return lambda stage: _ignore(stage.control("heal"))


def retire_definition(tag: str) -> Act:
    """Somebody deregisters a task definition."""
    return lambda stage: _ignore(stage.write("deregister_task_definition", taskDefinition=stage.version(tag)))


def allow() -> Act:
    """Nothing is denied or spoilt any more."""
    return lambda stage: _ignore(stage.control("faults", "DELETE"))


def deny(*operations: str) -> Act:
    """The one who watches has no permission for these operations of ECS."""

    def act(stage: Stage) -> None:
        for operation in operations:
            told: dict[str, Any] = {
                "code": "AccessDeniedException",
                "message": "is not authorized to perform",
                "times": 100000,
            }
            stage.control("faults", service="ecs", operation=operation, mode="error", **told)

    return act


def spoil(mode: str, operation: str, times: int) -> Act:
    """The next answers to an operation are spoilt: `throttle`, `lost_answer` or `lost_request`."""
    return lambda stage: _ignore(stage.control("faults", service="ecs", operation=operation, mode=mode, times=times))


def delete_service() -> Act:
    """Somebody deletes the service."""
    return lambda stage: _ignore(stage.write("delete_service", cluster="main", service=NAME, force=True))


def delete_cluster() -> Act:
    """Somebody deletes the cluster, once the service is gone."""

    def act(stage: Stage) -> None:
        try:
            stage.write("delete_cluster", cluster="main")
        except AwsError as error:
            raise AssertionError(error.message) from error

    return act


def _ignore(_: object) -> None:
    """What an act answers is of no interest."""
