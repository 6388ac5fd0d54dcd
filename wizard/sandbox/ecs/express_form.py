"""The configuration of an Express service, and the task definition and settings that ECS makes of it."""

from __future__ import annotations

import copy
from typing import Any

from wizard.sandbox.ecs import task_definitions
from wizard.sandbox.ecs.express_surroundings import Place
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Cluster
from wizard.sandbox.handling import Refused

CONTAINER = "Main"
CONFIGURED = (
    "executionRoleArn",
    "taskRoleArn",
    "cpu",
    "memory",
    "cpuArchitecture",
    "networkConfiguration",
    "healthCheckPath",
    "primaryContainer",
    "scalingTarget",
)
DEFAULTS: dict[str, Any] = {
    "cpu": "256",
    "memory": "512",
    "cpuArchitecture": "X86_64",
    "healthCheckPath": "/ping",
    "scalingTarget": {
        "minTaskCount": 1,
        "maxTaskCount": 20,
        "autoScalingMetric": "AVERAGE_CPU",
        "autoScalingTargetValue": 60,
    },
}
"""The API model's own; the developer guide names others (aws-2026.md §2)."""
ROLLOUT: dict[str, Any] = {
    "strategy": "CANARY",
    "canaryConfiguration": {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 3},
    "bakeTimeInMinutes": 3,
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
}


def configuration(earlier: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """The earlier configuration with what the request sets. Raises `Refused` (InvalidParameterException)."""
    found = copy.deepcopy(earlier) | {key: params[key] for key in CONFIGURED if key in params}
    found["scalingTarget"] = earlier["scalingTarget"] | params.get("scalingTarget", {})
    if "primaryContainer" not in found:
        raise Refused("InvalidParameterException", "primaryContainer must be specified.")
    found["primaryContainer"] = {"containerPort": 80} | found["primaryContainer"]
    if found["scalingTarget"]["minTaskCount"] > found["scalingTarget"]["maxTaskCount"]:
        raise Refused("InvalidParameterException", "minTaskCount must not be greater than maxTaskCount.")
    return found


def registered(region: Region, cluster: Cluster, name: str, wanted: dict[str, Any]) -> str:
    """The ARN of a new task definition for a configuration."""
    main, port = wanted["primaryContainer"], wanted["primaryContainer"]["containerPort"]
    logs = main.get("awsLogsConfiguration") or {"logGroup": f"/aws/ecs/{cluster.name}/{name}", "logStreamPrefix": "ecs"}
    if "awsLogsConfiguration" not in main:
        Neighbours(region.account, region.name).create_log_group(logs["logGroup"])
    options = {"awslogs-group": logs["logGroup"], "awslogs-stream-prefix": logs["logStreamPrefix"]}
    kept = {key: main[key] for key in ("image", "command", "environment", "secrets") if key in main}
    container = kept | {
        "name": CONTAINER,
        "essential": True,
        "portMappings": [{"containerPort": port, "name": f"main-{port}-tcp", "protocol": "tcp"}],
        "logConfiguration": {"logDriver": "awslogs", "options": options | {"awslogs-region": region.name}},
    }
    roles = {key: wanted[key] for key in ("executionRoleArn", "taskRoleArn") if key in wanted}
    request = {
        "family": f"{cluster.name}-{name}",
        "cpu": wanted["cpu"],
        "memory": wanted["memory"],
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "runtimePlatform": {"cpuArchitecture": wanted["cpuArchitecture"], "operatingSystemFamily": "LINUX"},
        "containerDefinitions": [container],
    }
    answer = task_definitions.register_task_definition(region, request | roles)
    return str(answer["taskDefinition"]["taskDefinitionArn"])


def settings_of(place: Place, wanted: dict[str, Any]) -> dict[str, Any]:
    """The settings of the service that ECS manages."""
    network = wanted.get("networkConfiguration", {})
    awsvpc = {
        "subnets": network.get("subnets") or list(place.subnets),
        "securityGroups": network.get("securityGroups") or [place.group],
        "assignPublicIp": "ENABLED" if place.public else "DISABLED",
    }
    balancer = {
        "targetGroupArn": place.target_groups[0],
        "containerName": CONTAINER,
        "containerPort": wanted["primaryContainer"]["containerPort"],
        "advancedConfiguration": {"alternateTargetGroupArn": place.target_groups[1]},
    }
    return {
        "resourceManagementType": "ECS",
        "launchType": "FARGATE",
        "platformVersion": "LATEST",
        "platformFamily": "Linux",
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "deploymentConfiguration": dict(ROLLOUT),
        "networkConfiguration": {"awsvpcConfiguration": awsvpc},
        "loadBalancers": [balancer],
        "healthCheckGracePeriodSeconds": 300,
        "enableECSManagedTags": True,
        "propagateTags": "SERVICE",
        "enableExecuteCommand": False,
    }
