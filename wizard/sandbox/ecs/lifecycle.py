"""How a task lives: PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED.

A task carries an agenda of (moment, step). `step` runs what is due and says what the scheduler must hear about it.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from wizard.sandbox.ecs import conditions, images, readiness, targets
from wizard.sandbox.ecs.images import Behaviour
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Container, Task

PROVISION_SECONDS = 10
PULL_SECONDS = 20
ACTIVATE_SECONDS = 10
FAILED_PULL_SECONDS = 15
CRASH_SECONDS = 3
ONE_OFF_SECONDS = 20
SETTLE_SECONDS = 10
"""Until a container without any health check counts as ready."""
DRAIN_SECONDS = 10
"""ELB ends the deregistration of an idle target at once, whatever the delay."""
STOP_SECONDS = 15
DEPROVISION_SECONDS = 10
STOPPED_TASK_KEPT_SECONDS = 3600
HEALTH_CHECK_DEFAULTS = {"interval": 30, "retries": 3, "startPeriod": 0}


class News(Enum):
    """What the scheduler must hear about a task."""

    READY = "ready"
    FAILED = "failed"
    """It stops before it ever was ready."""
    ENDED = "ended"
    GONE = "gone"


def step(region: Region, task: Task) -> set[News]:
    """Run what the task's agenda has due at `region.time`."""
    was_ready, was_alive = task.ready, task.alive
    news = set()
    while task.next_moment <= region.time:
        _, name = task.agenda.pop(0)
        STEPS[name](region, task)
    if task.ready and not was_ready:
        news.add(News.READY)
    if was_alive and not task.alive:
        news.add(News.ENDED if was_ready else News.FAILED)
    if task.phase == "STOPPED":
        news.add(News.GONE)
    return news


def begin(region: Region, task: Task) -> None:
    """Put a new task into the region, PROVISIONING."""
    region.tasks[task.id] = task
    _plan(task, region.time + PROVISION_SECONDS, "pull")


def stop(region: Region, task: Task, code: str, reason: str) -> None:
    """Begin to stop a task: its targets drain first, then its containers get their signal."""
    if not task.alive:
        return
    task.desired = "STOPPED"
    task.stop_code, task.stop_reason = code, reason
    task.stopping_at = region.time
    task.agenda.clear()
    if task.targets:
        task.phase = "DEACTIVATING"
        targets.drain(task)
        _plan(task, region.time + DRAIN_SECONDS, "halt")
    else:
        _halt(region, task)


def behaviour_of(region: Region, task: Task, container: Container) -> Behaviour:
    """How the container's image behaves, by the digest that the deployment resolved, and by its own command."""
    ill = conditions.of(task).behaviour
    if ill is not None and container.essential:
        return ill
    found = images.look_up(images.pinned(container.image, container.digest), region.account).behaviour
    overrides = task.launch.get("overrides", {}).get("containerOverrides", [])
    command: list[str] = next((one.get("command", []) for one in overrides if one["name"] == container.name), [])
    return images.one_off(found, command) if task.service is None else found


def fall_ill(region: Region, task: Task) -> None:
    """A running task meets the condition of its service: its containers say so and do what it makes them do."""
    if task.phase != "RUNNING" or not task.alive:
        return
    behaviours = {each.name: behaviour_of(region, task, each) for each in task.containers if each.essential}
    for name, behaviour in behaviours.items():
        _write_log(region, task, name, behaviour.lines)
    if any(behaviour.exit_code is not None for behaviour in behaviours.values()):
        _plan(task, region.time + CRASH_SECONDS, "exit")


def _plan(task: Task, moment: float, name: str) -> None:
    task.agenda.append((moment, name))
    task.agenda.sort()


def _pull(region: Region, task: Task) -> None:
    task.phase = "PENDING"
    task.pull_started_at = region.time
    if readiness.obstacle(region, task):
        _plan(task, region.time + FAILED_PULL_SECONDS, "fail")
    else:
        _plan(task, region.time + PULL_SECONDS, "activate")


def _fail(region: Region, task: Task) -> None:
    found = readiness.obstacle(region, task)
    if found is None:
        _plan(task, region.time + PULL_SECONDS, "activate")
        return
    for container in task.containers:
        container.status = "STOPPED"
        if container.name == found.container:
            container.reason = found.reason
    stop(region, task, "TaskFailedToStart", found.reason)


def _activate(region: Region, task: Task) -> None:
    task.pull_stopped_at = region.time
    for container in task.containers:
        container.digest = images.look_up(images.pinned(container.image, container.digest), region.account).digest
    if task.service and task.service.settings.get("loadBalancers"):
        task.phase = "ACTIVATING"
    _plan(task, region.time + ACTIVATE_SECONDS, "run")


def _run(region: Region, task: Task) -> None:
    task.phase = "RUNNING"
    task.started_at = region.time
    behaviours = {}
    for container in task.containers:
        container.status = "RUNNING"
        behaviours[container.name] = behaviour_of(region, task, container)
        _write_log(region, task, container.name, behaviours[container.name].lines)
    targets.register(region, task)
    essential = [behaviours[container.name] for container in task.containers if container.essential]
    if any(behaviour.exit_code is not None for behaviour in essential):
        _plan(task, region.time + CRASH_SECONDS, "exit")
    elif task.service is None:
        _plan(task, region.time + ONE_OFF_SECONDS, "exit")
    elif all(behaviour.passes_checks for behaviour in essential):
        patience = max(behaviour.patience for behaviour in essential)
        _plan(task, region.time + _seconds_to_ready(region, task) * patience, "ready")
    else:
        _plan_failing_checks(region, task)


def _seconds_to_ready(region: Region, task: Task) -> float:
    checks: list[float] = [check["interval"] for check in _container_checks(task)]
    return max(SETTLE_SECONDS, targets.initial_seconds(region, task), *checks)


def _plan_failing_checks(region: Region, task: Task) -> None:
    checks = _container_checks(task)
    if not checks and not task.targets:
        _plan(task, region.time + SETTLE_SECONDS, "ready")
    if checks:
        seconds = min(check["startPeriod"] + check["retries"] * check["interval"] for check in checks)
        _plan(task, region.time + seconds, "sicken")
    if task.targets:
        failing = targets.failing_seconds(region, task)
        grace = task.service.settings.get("healthCheckGracePeriodSeconds", 0) if task.service else 0
        _plan(task, region.time + failing, "fail_targets")
        _plan(task, region.time + max(failing, grace) + 1, "replace")


def _container_checks(task: Task) -> list[dict[str, Any]]:
    return [{**HEALTH_CHECK_DEFAULTS, **c["healthCheck"]} for c in task.definition.containers if c.get("healthCheck")]


def _ready(region: Region, task: Task) -> None:
    task.ready = True
    targets.pass_checks(task)
    checked = {c["name"] for c in task.definition.containers if c.get("healthCheck")}
    for container in task.containers:
        if container.name in checked:
            container.health = "HEALTHY"


def _sicken(region: Region, task: Task) -> None:
    checked = {c["name"] for c in task.definition.containers if c.get("healthCheck")}
    for container in task.containers:
        if container.name in checked:
            container.health = "UNHEALTHY"
    stop(region, task, "ServiceSchedulerInitiated", "Task failed container health checks")


def _fail_targets(region: Region, task: Task) -> None:
    behaviours = [behaviour_of(region, task, container) for container in task.containers if container.essential]
    failing = next((behaviour for behaviour in behaviours if not behaviour.passes_checks), behaviours[0])
    targets.fail_checks(task, *failing.check)


def _replace(region: Region, task: Task) -> None:
    groups = ", ".join(target.group for target in task.targets)
    stop(region, task, "ServiceSchedulerInitiated", f"Task failed ELB health checks in (target-group {groups})")


def _exit(region: Region, task: Task) -> None:
    for container in task.containers:
        behaviour = behaviour_of(region, task, container)
        if behaviour.exit_code is not None or task.service is None:
            container.status = "STOPPED"
            container.exit_code = behaviour.exit_code or 0
            container.reason = behaviour.exit_reason
    stop(region, task, "EssentialContainerExited", "Essential container in task exited")


def _halt(region: Region, task: Task) -> None:
    task.phase = "STOPPING" if task.started_at is not None else "DEPROVISIONING"
    targets.forget(task)
    wait = STOP_SECONDS if task.started_at is not None else 0
    _plan(task, region.time + wait, "deprovision")


def _deprovision(region: Region, task: Task) -> None:
    task.phase = "DEPROVISIONING"
    for container in task.containers:
        if container.status == "RUNNING":
            container.exit_code = 0
        container.status = "STOPPED"
    _plan(task, region.time + DEPROVISION_SECONDS, "end")


def _end(region: Region, task: Task) -> None:
    task.phase = "STOPPED"
    task.stopped_at = region.time
    _plan(task, region.time + STOPPED_TASK_KEPT_SECONDS, "forget")


def _forget(region: Region, task: Task) -> None:
    region.tasks.pop(task.id, None)
    region.tags.pop(task.arn, None)


def _write_log(region: Region, task: Task, name: str, lines: tuple[str, ...]) -> None:
    definition = next(container for container in task.definition.containers if container["name"] == name)
    log = definition.get("logConfiguration", {})
    options = log.get("options", {})
    if log.get("logDriver") == "awslogs" and "awslogs-group" in options:
        prefix = options.get("awslogs-stream-prefix", "ecs")
        neighbours = Neighbours(region.account, options.get("awslogs-region", region.name))
        stream = f"{prefix}/{name}/{task.id}"
        if options.get("awslogs-create-group") == "true":
            neighbours.create_log_group(options["awslogs-group"])
        neighbours.write_log(options["awslogs-group"], stream, lines, region.wall(region.time))


STEPS = {
    "pull": _pull,
    "fail": _fail,
    "activate": _activate,
    "run": _run,
    "ready": _ready,
    "sicken": _sicken,
    "fail_targets": _fail_targets,
    "replace": _replace,
    "exit": _exit,
    "halt": _halt,
    "deprovision": _deprovision,
    "end": _end,
    "forget": _forget,
}
