"""The production listener rule of a service that shifts traffic: which target group gets how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Deployment


def send(region: Region, target: Deployment, percent: float) -> None:
    """Send `percent` of the production traffic to the deployment's tasks and the rest to the other target group."""
    neighbours = Neighbours(region.account, region.name)
    for balancer in target.revision.settings.get("loadBalancers", []):
        advanced = balancer.get("advancedConfiguration", {})
        if not advanced.get("productionListenerRule"):
            continue
        groups = [balancer["targetGroupArn"], advanced["alternateTargetGroupArn"]]
        own, other = reversed(groups) if target.alternate else groups
        weights = {own: round(percent), other: 100 - round(percent)}
        neighbours.forward(advanced["productionListenerRule"], weights)


def takes_alternate(serving: Deployment, settings: Mapping[str, Any], configuration: Mapping[str, Any]) -> bool:
    """Whether a new deployment's tasks register in the alternate target group: the one that is not serving now."""
    balancer: Mapping[str, Any] = next(iter(settings.get("loadBalancers", ())), {})
    alternate = balancer.get("advancedConfiguration", {}).get("alternateTargetGroupArn")
    group = _group_of(serving)
    if configuration.get("strategy", "ROLLING") == "ROLLING":
        return bool(alternate) and group == alternate
    return bool(alternate) and group == balancer.get("targetGroupArn")


def _group_of(deployment: Deployment) -> str:
    """The target group that the deployment's tasks register in; empty without a load balancer."""
    balancer: Mapping[str, Any] = next(iter(deployment.revision.settings.get("loadBalancers", ())), {})
    if deployment.alternate:
        return str(balancer.get("advancedConfiguration", {}).get("alternateTargetGroupArn", ""))
    return str(balancer.get("targetGroupArn", ""))
