"""How a new version takes over from the old one: settings of the service, and the role that lets ECS shift requests."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import EcsFargate
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.alarms import guards_of
from wizard.options.granting import role
from wizard.options.own_hosting import assumed_by
from wizard.options.site import Site, Target

_NAMES = {"rolling": "ROLLING", "blue-green": "BLUE_GREEN", "canary": "CANARY", "linear": "LINEAR"}
_MANAGED = "iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"


def shifts(site: Site, service: str) -> bool:
    """Whether a new version of the service gets its requests by a shift from one target group to another."""
    choice = site.blueprint.services[service]
    return isinstance(choice, EcsFargate) and choice.deploy.strategy != "rolling"


def add(site: Site) -> Site:
    """Add the role with which ECS moves targets and weights; AWS's own policy says what that takes."""
    if not any(shifts(site, name) for name in site.blueprint.services):
        return site
    ecs = assumed_by("EcsShiftsRequests", "ecs.amazonaws.com")
    made = role(site, "infrastructure", "What ECS may do to shift requests to new versions", [], ecs)
    policies = [f"arn:{site.expansion.partition}:{_MANAGED}"]
    made = Resource(made.kind, made.name, {**made.properties, "managed_policies": policies})
    return site.plus(made, infrastructure_role=made.ref("arn"))


def balancer(site: Site, target: Target) -> dict[str, Any]:
    """A load balancer of a service: one target group, or two and the rule in which ECS changes them."""
    found: dict[str, Any] = {"target_group": target.group, "container": target.container, "port": target.port}
    if target.alternate is not None:
        found |= {"alternate": target.alternate, "rule": target.rule, "role": site.infrastructure_role}
    return found


def properties(site: Site, service: str, choice: EcsFargate) -> dict[str, Any]:
    """The settings of the service that say how a new version takes over.

    The circuit breaker guards every strategy; alarms guard those in which users reach both versions for a while.
    """
    deploy, breaker = choice.deploy, choice.deploy.circuit_breaker
    found: dict[str, Any] = {
        "strategy": _NAMES[deploy.strategy],
        "minimum_healthy": deploy.minimum_healthy_percent,
        "maximum": deploy.maximum_percent,
        "breaker": {"enable": breaker.enabled, "rollback": breaker.rollback, "threshold": breaker.failures},
    }
    if not shifts(site, service):
        return found
    names = [Ref(f"alarm.{name}", "name") for name in guards_of(site, service)]
    found |= {"bake_minutes": deploy.bake_minutes, "alarms": {"names": names, "rollback": breaker.rollback}}
    if deploy.strategy == "canary":
        found["canary"] = {"percent": deploy.canary_percent, "minutes": deploy.step_minutes}
    if deploy.strategy == "linear":
        found["linear"] = {"percent": deploy.step_percent, "minutes": deploy.step_minutes}
    return found
