"""What ECS adds to a registered task definition: defaults, compatibilities, required attributes."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs.images import is_ecr

CONTAINER_DEFAULTS: dict[str, Any] = {
    "cpu": 0,
    "portMappings": [],
    "essential": True,
    "environment": [],
    "mountPoints": [],
    "volumesFrom": [],
    "systemControls": [],
}
CAPABILITY = "com.amazonaws.ecs.capability"


def with_defaults(params: dict[str, Any]) -> dict[str, Any]:
    """The document with what ECS fills in."""
    containers = []
    for container in params["containerDefinitions"]:
        filled = {key: container.get(key, _fresh(value)) for key, value in CONTAINER_DEFAULTS.items()} | container
        filled["portMappings"] = [
            {"hostPort": mapping["containerPort"], "protocol": "tcp"} | mapping for mapping in filled["portMappings"]
        ]
        containers.append(filled)
    return {"volumes": [], "placementConstraints": []} | params | {"containerDefinitions": containers}


def compatibilities(fields: dict[str, Any]) -> list[str]:
    """The launch types that can run it."""
    fits_fargate = fields.get("networkMode") == "awsvpc" and "cpu" in fields and "memory" in fields
    return ["EC2", "FARGATE"] if fits_fargate else ["EC2"]


def required_attributes(fields: dict[str, Any]) -> list[str]:
    """The capabilities that whatever runs it must have."""
    names = [f"{CAPABILITY}.docker-remote-api.1.18"]
    if fields.get("taskRoleArn"):
        names.append(f"{CAPABILITY}.task-iam-role")
    if fields.get("networkMode") == "awsvpc":
        names.append("ecs.capability.task-eni")
    for container in fields["containerDefinitions"]:
        names += _of_container(container)
    return list(dict.fromkeys(names))


def _of_container(container: dict[str, Any]) -> list[str]:
    names = []
    driver = container.get("logConfiguration", {}).get("logDriver")
    if driver:
        names.append(f"{CAPABILITY}.logging-driver.{driver}")
    if driver == "awslogs":
        names.append("ecs.capability.execution-role-awslogs")
    if is_ecr(container["image"]):
        names += [f"{CAPABILITY}.ecr-auth", "ecs.capability.execution-role-ecr-pull"]
    for secret in container.get("secrets", []):
        store = "asm" if ":secretsmanager:" in secret["valueFrom"] else "ssm"
        names.append(f"ecs.capability.secrets.{store}.environment-variables")
    if container.get("healthCheck"):
        names.append("ecs.capability.container-health-check")
    return names


def _fresh(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value
