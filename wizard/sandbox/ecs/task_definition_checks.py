"""What ECS refuses at RegisterTaskDefinition."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NoReturn

from wizard.sandbox.ecs.images import is_ecr
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.handling import Refused

GIB = 1024
FARGATE_SIZES: dict[int, Iterable[int]] = {
    256: (512, 1 * GIB, 2 * GIB),
    512: range(1 * GIB, 4 * GIB + 1, GIB),
    1024: range(2 * GIB, 8 * GIB + 1, GIB),
    2048: range(4 * GIB, 16 * GIB + 1, GIB),
    4096: range(8 * GIB, 30 * GIB + 1, GIB),
    8192: range(16 * GIB, 60 * GIB + 1, 4 * GIB),
    16384: range(32 * GIB, 120 * GIB + 1, 8 * GIB),
    32768: (60 * GIB, 120 * GIB, 244 * GIB),
}
"""CPU units to the memory (MiB) that Fargate combines them with."""
MOST_CONTAINERS = 10
DIMENSION = re.compile(r"([\d.]+)\s*(vcpu|gb)?", re.IGNORECASE)


def check(region: Region, params: dict[str, Any]) -> None:
    """Refuse what ECS refuses. Raises `Refused` (ClientException)."""
    containers = params["containerDefinitions"]
    _check_containers(containers, {volume["name"] for volume in params.get("volumes", [])})
    if "FARGATE" in params.get("requiresCompatibilities", []):
        _check_fargate(params)
    if params.get("networkMode") == "awsvpc":
        for mapping in (mapping for container in containers for mapping in container.get("portMappings", [])):
            if mapping.get("hostPort", mapping["containerPort"]) != mapping["containerPort"]:
                _refuse("When networkMode=awsvpc, the host ports and container ports in port mappings must match.")
    if not params.get("executionRoleArn") and any(container.get("secrets") for container in containers):
        _refuse("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.")
    neighbours = Neighbours(region.account, region.name)
    for key in ("executionRoleArn", "taskRoleArn"):
        if params.get(key) and not neighbours.role_exists(params[key]):
            _refuse("Role is not valid")


def _check_containers(containers: list[dict[str, Any]], volumes: set[str]) -> None:
    names = [container.get("name", "") for container in containers]
    if not containers:
        _refuse("Container list cannot be empty.")
    if len(containers) > MOST_CONTAINERS:
        _refuse(f"A task definition can have at most {MOST_CONTAINERS} containers.")
    if len(set(names)) != len(names):
        _refuse("Container names must be unique within a task definition.")
    if not any(container.get("essential", True) for container in containers):
        _refuse("A task definition must have at least one essential container.")
    checked = {container.get("name") for container in containers if container.get("healthCheck")}
    for container in containers:
        if not container.get("image"):
            _refuse("Container.image should not be null or empty.")
        for mount in container.get("mountPoints", []):
            if mount.get("sourceVolume") not in volumes:
                _refuse(f"Unknown volume '{mount.get('sourceVolume')}'.")
        for dependency in container.get("dependsOn", []):
            needed = dependency["containerName"]
            if needed not in names or needed == container["name"]:
                _refuse(f"Container '{container['name']}' depends on '{needed}', which is not in the task definition.")
            if dependency["condition"] == "HEALTHY" and needed not in checked:
                _refuse(f"Container '{needed}' must have a health check: a dependency waits until it is HEALTHY.")


def _check_fargate(params: dict[str, Any]) -> None:
    if params.get("networkMode") != "awsvpc":
        _refuse("Fargate only supports network mode 'awsvpc'.")
    for key in ("cpu", "memory"):
        if not params.get(key):
            _refuse(f"Fargate requires that '{key}' be defined at the task level.")
    cpu, memory = _units(params["cpu"]), _units(params["memory"])
    if memory not in FARGATE_SIZES.get(cpu, ()):
        _refuse(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
            "See the Amazon ECS documentation for the valid values."
        )
    wanted = sum(container.get("memory", container.get("memoryReservation", 0)) for container in _containers(params))
    if wanted > memory or sum(container.get("cpu", 0) for container in _containers(params)) > cpu:
        _refuse("Invalid setting for container. The containers ask for more than the task has.")
    storage = params.get("ephemeralStorage", {}).get("sizeInGiB", 21)
    if not 21 <= storage <= 200:
        _refuse("Ephemeral storage size must be between 21 and 200 GiB.")
    if params.get("executionRoleArn"):
        return
    for container in _containers(params):
        if container.get("logConfiguration", {}).get("logDriver") == "awslogs":
            _refuse("Fargate requires task definition to have execution role ARN to support log driver awslogs.")
        if is_ecr(container["image"]):
            _refuse("Fargate requires task definition to have execution role ARN to support ECR images.")


def _containers(params: dict[str, Any]) -> list[dict[str, Any]]:
    containers: list[dict[str, Any]] = params["containerDefinitions"]
    return containers


def _units(text: str) -> int:
    """CPU units or MiB from `256`, `.25 vCPU`, `512` or `0.5 GB`."""
    match = DIMENSION.fullmatch(text.strip())
    if match is None:
        _refuse(f"Invalid 'cpu' or 'memory' setting for task: {text}")
    return int(float(match[1]) * (GIB if match[2] else 1))


def _refuse(message: str) -> NoReturn:
    raise Refused("ClientException", message)
