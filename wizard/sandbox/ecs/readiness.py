"""Whether a task can start: its role, its secrets, its log group and its images, checked in the order of the agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizard.sandbox.ecs import conditions, images
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Task


@dataclass(frozen=True)
class Obstacle:
    """What keeps a task from starting, in the words of its `stoppedReason`."""

    reason: str
    container: str | None = None


def obstacle(region: Region, task: Task) -> Obstacle | None:
    """The first thing that keeps the task from starting now, or None."""
    if reason := conditions.of(task).starting:
        subnet = task.interface.subnet if task.interface else ""
        return Obstacle(reason.format(image=task.containers[0].image, subnet=subnet), task.containers[0].name)
    neighbours = Neighbours(region.account, region.name)
    definition = task.definition.fields
    for role in (definition.get("executionRoleArn"), definition.get("taskRoleArn")):
        if role and not neighbours.role_trusts_tasks(role):
            return Obstacle(
                f"ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the "
                "role being passed has the proper trust relationship and permissions and that your IAM user has "
                "permissions to pass this role."
            )
    for container in task.definition.containers:
        if problem := _secret_problem(neighbours, container) or _log_problem(region, container):
            return Obstacle(f"ResourceInitializationError: {problem}")
    for running in task.containers:
        pinned = images.pinned(running.image, running.digest)
        image = images.look_up(pinned, region.account)
        if image.behaviour.pull_error:
            return Obstacle(image.behaviour.pull_error.format(image=pinned), running.name)
    return None


def _secret_problem(neighbours: Neighbours, container: dict[str, Any]) -> str | None:
    for secret in container.get("secrets", []):
        if problem := neighbours.secret_problem(secret["valueFrom"]):
            return f"unable to pull secrets or registry auth: execution resource retrieval failed: {problem}"
    return None


def _log_problem(region: Region, container: dict[str, Any]) -> str | None:
    log = container.get("logConfiguration", {})
    options = log.get("options", {})
    if log.get("logDriver") != "awslogs" or options.get("awslogs-create-group") == "true":
        return None
    neighbours = Neighbours(region.account, options.get("awslogs-region", region.name))
    if neighbours.log_group_exists(options.get("awslogs-group", "")):
        return None
    return (
        "failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log "
        "stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1"
    )
