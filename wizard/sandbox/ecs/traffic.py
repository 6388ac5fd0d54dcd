"""The production listener rule of a service that shifts traffic: which target group gets how much."""

from __future__ import annotations

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
