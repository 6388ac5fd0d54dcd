"""Settings of an ECS service between our shape and ECS's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Properties
from wizard.kinds import _balancers, _strategy

NETWORK = ("subnets", "security_groups", "public_ip")
FAILED = "(its rollout failed)"
"""Follows a task definition whose rollout failed for good: so it differs from the wanted one and is tried again."""


def settings(properties: Properties, changed: frozenset[str], live: Properties | None = None) -> dict[str, Any]:
    """The parameters of CreateService or UpdateService for the changed properties that are set."""
    found: dict[str, Any] = {}
    given = {key for key in changed if properties.get(key) is not None}
    if "task_definition" in given:
        found["taskDefinition"] = properties["task_definition"]
    if "count" in given:
        found["desiredCount"] = properties["count"]
    if given & set(NETWORK):
        found["networkConfiguration"] = {"awsvpcConfiguration": _network(properties)}
    if "load_balancers" in given:
        known = (live or {}).get("load_balancers") or ()
        found["loadBalancers"] = _balancers.requested(properties["load_balancers"], known)
    if given & set(_strategy.SETTINGS):
        found |= _strategy.requested(properties)
    if "grace_seconds" in given and properties.get("load_balancers"):
        found["healthCheckGracePeriodSeconds"] = properties["grace_seconds"]
    if "exec" in given:
        found["enableExecuteCommand"] = bool(properties["exec"])
    return found


def capacity(*, spot: bool) -> dict[str, Any]:
    """On spare capacity or not; without a new deployment ECS would leave running tasks where they are."""
    provider = "FARGATE_SPOT" if spot else "FARGATE"
    return {"capacityProviderStrategy": [{"capacityProvider": provider, "weight": 1}]}


def _network(properties: Properties) -> dict[str, Any]:
    return {
        "subnets": list(properties["subnets"]),
        "securityGroups": list(properties.get("security_groups") or ()),
        "assignPublicIp": "ENABLED" if properties.get("public_ip") else "DISABLED",
    }


def properties_of(service: Mapping[str, Any]) -> dict[str, Any]:
    """What ECS answers about a service, in the shape of the desired properties."""
    network = service.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    providers = {one["capacityProvider"] for one in service.get("capacityProviderStrategy") or ()}
    return {
        "name": service["serviceName"],
        "cluster": service["clusterArn"],
        "task_definition": _task_definition(service),
        "count": service.get("desiredCount"),
        "spot": "FARGATE_SPOT" in providers,
        "subnets": sorted(network.get("subnets") or ()),
        "security_groups": sorted(network.get("securityGroups") or ()),
        "public_ip": network.get("assignPublicIp") == "ENABLED",
        "load_balancers": _balancers.described(service),
        **_strategy.described(service.get("deploymentConfiguration", {})),
        "grace_seconds": service.get("healthCheckGracePeriodSeconds", 0),
        "exec": service.get("enableExecuteCommand", False),
    }


def _task_definition(service: Mapping[str, Any]) -> str:
    arn = str(service.get("taskDefinition", ""))
    return f"{arn} {FAILED}" if rollout_state(service) == "FAILED" else arn


def rollout_state(service: Mapping[str, Any]) -> str:
    """AWS's word for the deployment that it is moving the service to."""
    entries = service.get("deployments") or ()
    return next((str(one.get("rolloutState", "")) for one in entries if one.get("status") == "PRIMARY"), "")


def last_part(arn_or_name: Any) -> str:
    """The name at the end of an ARN, or the name itself."""
    return str(arn_or_name).rpartition("/")[2]
