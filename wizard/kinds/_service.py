"""Settings of an ECS service between our shape and ECS's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Properties

NETWORK = ("subnets", "security_groups", "public_ip")
DEPLOYMENT = ("minimum_healthy", "maximum", "breaker")
FAILED = "(its rollout failed)"
"""Follows a task definition whose rollout failed for good: so it differs from the wanted one and is tried again."""


def settings(properties: Properties, changed: frozenset[str]) -> dict[str, Any]:
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
        found["loadBalancers"] = [_balancer(one) for one in properties["load_balancers"]]
    if given & set(DEPLOYMENT):
        found |= _deployment(properties)
    if "grace_seconds" in given and properties.get("load_balancers"):
        found["healthCheckGracePeriodSeconds"] = properties["grace_seconds"]
    if "exec" in given:
        found["enableExecuteCommand"] = bool(properties["exec"])
    return found


def _network(properties: Properties) -> dict[str, Any]:
    return {
        "subnets": list(properties["subnets"]),
        "securityGroups": list(properties.get("security_groups") or ()),
        "assignPublicIp": "ENABLED" if properties.get("public_ip") else "DISABLED",
    }


def _balancer(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"targetGroupArn": one["target_group"], "containerName": one["container"], "containerPort": one["port"]}


def _deployment(properties: Properties) -> dict[str, Any]:
    """ECS cannot spread tasks over zones again when it may not start one more than wanted."""
    configuration: dict[str, Any] = {"strategy": "ROLLING"}
    if properties.get("minimum_healthy") is not None:
        configuration["minimumHealthyPercent"] = properties["minimum_healthy"]
    if properties.get("maximum") is not None:
        configuration["maximumPercent"] = properties["maximum"]
    breaker = properties.get("breaker")
    if breaker is not None:
        configuration["deploymentCircuitBreaker"] = _breaker(breaker)
    spread = "DISABLED" if (properties.get("maximum") or 200) <= 100 else "ENABLED"
    return {"deploymentConfiguration": configuration, "availabilityZoneRebalancing": spread}


def _breaker(breaker: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"enable": bool(breaker.get("enable")), "rollback": bool(breaker.get("rollback"))}
    if breaker.get("threshold"):
        found["thresholdConfiguration"] = {"type": "COUNT", "value": breaker["threshold"]}
    return found


def properties_of(service: Mapping[str, Any]) -> dict[str, Any]:
    """What ECS answers about a service, in the shape of the desired properties."""
    network = service.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    configuration = service.get("deploymentConfiguration", {})
    breaker = configuration.get("deploymentCircuitBreaker", {})
    threshold = breaker.get("thresholdConfiguration", {})
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
        "load_balancers": [_balancer_of(one) for one in service.get("loadBalancers") or ()],
        "minimum_healthy": configuration.get("minimumHealthyPercent"),
        "maximum": configuration.get("maximumPercent"),
        "breaker": {
            "enable": breaker.get("enable", False),
            "rollback": breaker.get("rollback", False),
            "threshold": threshold.get("value") if threshold.get("type") == "COUNT" else None,
        },
        "grace_seconds": service.get("healthCheckGracePeriodSeconds", 0),
        "exec": service.get("enableExecuteCommand", False),
    }


def _balancer_of(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "target_group": one.get("targetGroupArn"),
        "container": one.get("containerName"),
        "port": one.get("containerPort"),
    }


def _task_definition(service: Mapping[str, Any]) -> str:
    arn = str(service.get("taskDefinition", ""))
    return f"{arn} {FAILED}" if rollout_state(service) == "FAILED" else arn


def rollout_state(service: Mapping[str, Any]) -> str:
    """AWS's word for the deployment that it is moving the service to."""
    entries = service.get("deployments") or ()
    return next((str(one.get("rolloutState", "")) for one in entries if one.get("status") == "PRIMARY"), "")


def same_breaker(desired: Mapping[str, Any], actual: Any) -> bool:
    """Whether two circuit breakers are set alike; no threshold means AWS's own."""
    return _breaker(desired) == _breaker(actual or {})


def last_part(arn_or_name: Any) -> str:
    """The name at the end of an ARN, or the name itself."""
    return str(arn_or_name).rpartition("/")[2]


def same_balancers(desired: Any, actual: Any) -> bool:
    """Whether two lists of load balancers are alike in any order."""
    lists = [sorted(repr(sorted(one.items())) for one in listed or ()) for listed in (desired, actual)]
    return lists[0] == lists[1]
