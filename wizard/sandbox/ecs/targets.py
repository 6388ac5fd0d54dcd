"""Tasks as targets of target groups: registered, checked, drained."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Target, Task

REGISTRATION_SECONDS = 10
LONGEST_INITIAL_SECONDS = 75
"""ELB lets a new target in after its first passed check, whatever the threshold, so this does not grow for ever."""


def balancers(task: Task) -> list[dict[str, Any]]:
    """The load balancers of the revision that the task runs, those with a target group."""
    if task.deployment is None:
        return []
    return [entry for entry in task.deployment.revision.settings.get("loadBalancers", []) if "targetGroupArn" in entry]


def register(region: Region, task: Task) -> None:
    """Register the task's address in its target groups, `initial`."""
    if task.interface is None or task.deployment is None:
        return
    for entry in balancers(task):
        alternate = entry.get("advancedConfiguration", {}).get("alternateTargetGroupArn")
        group = alternate if alternate and task.deployment.alternate else entry["targetGroupArn"]
        port = entry.get("containerPort", 80)
        task.targets.append(Target(group, task.interface.ip, port, task.interface.zone, region.time))


def initial_seconds(region: Region, task: Task) -> float:
    """How long the slowest of the task's targets stays `initial`."""
    neighbours = Neighbours(region.account, region.name)
    seconds = 0.0
    for target in task.targets:
        if group := neighbours.target_group(target.group):
            checks = int(group.healthy_threshold_count) * float(group.health_check_interval_seconds)
            seconds = max(seconds, min(checks, LONGEST_INITIAL_SECONDS))
    return seconds


def failing_seconds(region: Region, task: Task) -> float:
    """How long until a target that fails its checks is `unhealthy`."""
    neighbours = Neighbours(region.account, region.name)
    seconds = 0.0
    for target in task.targets:
        if group := neighbours.target_group(target.group):
            checks = int(group.unhealthy_threshold_count) * float(group.health_check_interval_seconds)
            seconds = max(seconds, REGISTRATION_SECONDS + checks)
    return seconds


def pass_checks(task: Task) -> None:
    """The targets become `healthy`."""
    for target in task.targets:
        target.state, target.reason, target.description = "healthy", "", ""


def fail_checks(task: Task, reason: str, description: str) -> None:
    """The targets become `unhealthy`, for a reason of ELB's."""
    task.check_failure = description
    for target in task.targets:
        target.state, target.reason, target.description = "unhealthy", reason, description


def drain(task: Task) -> None:
    """The targets stop taking new requests."""
    for target in task.targets:
        target.state, target.reason = "draining", "Target.DeregistrationInProgress"
        target.description = "Target deregistration is in progress"


def forget(task: Task) -> None:
    """The targets are gone."""
    task.targets.clear()


def health(region: Region, group: str) -> list[dict[str, Any]]:
    """What DescribeTargetHealth says about the tasks in a target group."""
    return [
        _description(region, target)
        for task in region.tasks.values()
        for target in task.targets
        if target.group == group
    ]


def _description(region: Region, target: Target) -> dict[str, Any]:
    if target.state == "initial" and region.time - target.registered_at >= REGISTRATION_SECONDS:
        target.reason = "Elb.InitialHealthChecking"
        target.description = "Initial health checks in progress"
    found = {"State": target.state, "Reason": target.reason, "Description": target.description}
    return {
        "Target": {"Id": target.ip, "Port": target.port, "AvailabilityZone": target.zone},
        "HealthCheckPort": str(target.port),
        "TargetHealth": {key: value for key, value in found.items() if value},
    }
