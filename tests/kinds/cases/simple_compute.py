"""Examples of App Runner and ECS Express Mode: one container each, and all around it is AWS's."""

from __future__ import annotations

from typing import Any

from tests.kinds.cases import Case
from tests.kinds.cases.compute import CLUSTER, NETWORK, PATH, SUBNETS, allow, push_image, sensitive, trust
from wizard.engine.graph import Resource

IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/shop/api"


def role(name: str, principal: str) -> Resource:
    """A role that a service of AWS may assume."""
    properties = {"name": f"shop-dev-{name}", "path": PATH, "trust": trust(principal), "policy": allow("logs:*")}
    return Resource("role", name, properties)


def secret(name: str) -> Resource:
    """A secret with a value."""
    return Resource("secret", name, {"name": f"shop/dev/{name}", "value": sensitive(name), "description": name})


def limits(name: str, most: int) -> Resource:
    """An autoscaling configuration."""
    return Resource("app_runner_scaling", name, {"name": f"shop-{name}", "min": 1, "max": most, "concurrency": 100})


ACCESS, OTHER_ACCESS = role("access", "build.apprunner.amazonaws.com"), role("access2", "build.apprunner.amazonaws.com")
INSTANCE, OTHER_INSTANCE = role("web", "tasks.apprunner.amazonaws.com"), role("web2", "tasks.apprunner.amazonaws.com")
EXECUTION, OTHER_EXECUTION = role("execution", "ecs-tasks.amazonaws.com"), role("execution2", "ecs-tasks.amazonaws.com")
TASK, OTHER_TASK = role("task", "ecs-tasks.amazonaws.com"), role("task2", "ecs-tasks.amazonaws.com")
INFRASTRUCTURE = role("infrastructure", "ecs.amazonaws.com")
KEY, OTHER_KEY = secret("key"), secret("other-key")
FEW, MANY = limits("few", 2), limits("many", 4)
LOGS = [Resource("log_group", name, {"name": f"/ecs/shop-{name}", "retention_days": 30}) for name in ("web", "other")]
ROUTE = Resource("internet_gateway", "main", {"name": "shop-dev", "vpc": Resource("vpc", "main", {}).ref("id")})
HEALTH: dict[str, Any] = {"path": "/health", "interval": 10, "timeout": 5, "healthy": 1, "unhealthy": 5}

CASES = [
    Case(
        "app_runner_scaling",
        properties={"name": "shop-dev", "min": 1, "max": 2, "concurrency": 100},
        changes={"min": 2, "max": 5, "concurrency": 50},
        replacements={"name": "shop-dev-2"},
    ),
    Case(
        "app_runner_service",
        prepare=push_image,
        world=[ACCESS, OTHER_ACCESS, INSTANCE, OTHER_INSTANCE, KEY, OTHER_KEY, FEW, MANY],
        properties={
            "name": "shop-dev",
            "image": f"{IMAGE}:v1",
            "port": 5001,
            "cpu": 1024,
            "memory": 2048,
            "command": "run web",
            "environment": {"MODE": "dev"},
            "environment_with_url": {"APP_BASE_URL": "{url}", "BACK": "{url}/auth/callback"},
            "secrets": {"KEY": KEY.ref("arn")},
            "health": HEALTH,
            "access_role": ACCESS.ref("arn"),
            "instance_role": INSTANCE.ref("arn"),
            "scaling": FEW.ref("arn"),
            "auto_deploy": False,
            "running": True,
        },
        changes={
            "image": f"{IMAGE}:v2",
            "port": 8080,
            "memory": 4096,
            "cpu": 2048,
            "command": "run api",
            "environment": {"MODE": "prod"},
            "environment_with_url": {"APP_BASE_URL": "{url}/app"},
            "secrets": {"KEY": OTHER_KEY.ref("arn"), "SECOND": KEY.ref("arn")},
            "health": HEALTH | {"path": "/ready", "interval": 5},
            "access_role": OTHER_ACCESS.ref("arn"),
            "instance_role": OTHER_INSTANCE.ref("arn"),
            "scaling": MANY.ref("arn"),
            "auto_deploy": True,
            "running": False,
        },
        replacements={"name": "shop-prod"},
    ),
    Case(
        "express_service",
        prepare=push_image,
        world=[*NETWORK, ROUTE, CLUSTER, EXECUTION, OTHER_EXECUTION, TASK, OTHER_TASK, INFRASTRUCTURE, KEY, *LOGS],
        properties={
            "name": "shop-dev",
            "cluster": CLUSTER.ref("name"),
            "image": f"{IMAGE}:v1",
            "port": 5001,
            "cpu": 1024,
            "memory": 2048,
            "architecture": "X86_64",
            "command": ["run", "web"],
            "environment": {"MODE": "dev"},
            "environment_with_url": {"APP_BASE_URL": "{url}"},
            "secrets": {},
            "log_group": LOGS[0].ref("name"),
            "log_prefix": "web",
            "health_path": "/health",
            "execution_role": EXECUTION.ref("arn"),
            "task_role": TASK.ref("arn"),
            "infrastructure_role": INFRASTRUCTURE.ref("arn"),
            "scaling": {"min": 1, "max": 2, "metric": "cpu", "target": 60},
            "subnets": [subnet.ref("id") for subnet in SUBNETS],
        },
        changes={
            "image": f"{IMAGE}:v2",
            "port": 8080,
            "memory": 4096,
            "cpu": 2048,
            "architecture": "ARM64",
            "command": ["run", "api"],
            "environment": {"MODE": "prod"},
            "environment_with_url": {"APP_BASE_URL": "{url}/app"},
            "secrets": {"KEY": KEY.ref("arn")},
            "log_group": LOGS[1].ref("name"),
            "log_prefix": "api",
            "health_path": "/ready",
            "execution_role": OTHER_EXECUTION.ref("arn"),
            "task_role": OTHER_TASK.ref("arn"),
            "scaling": {"min": 2, "max": 3, "metric": "memory", "target": 70},
        },
        replacements={
            "name": "shop-prod",
            "cluster": "another",
            "infrastructure_role": "arn:aws:iam::000000000000:role/other",
        },
        constant=frozenset({"subnets"}),
    ),
]
