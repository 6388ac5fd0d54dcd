"""Services whose number of tasks follows the load, between the bounds that the blueprint sets."""

from __future__ import annotations

from wizard.blueprint.model import EcsFargate
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.site import MAIN, Site

_COOLDOWNS = {"out": 60, "in": 300}
"""Seconds: add soon, take away late."""


def add(site: Site) -> Site:
    """Add the bounds of each scaled service, and a policy for each metric that it follows."""
    made: list[Resource] = []
    for name, choice in site.blueprint.services.items():
        if not isinstance(choice, EcsFargate) or choice.autoscaling is None:
            continue
        cluster, service = Ref(f"cluster.{MAIN}", "name"), Ref(f"service.{name}", "name")
        place = text("service/{cluster}/{service}", cluster=cluster, service=service)
        bounds = choice.autoscaling
        target = Resource("scalable_target", name, {"service": place, "min": bounds.min, "max": bounds.max})
        made.append(target)
        for metric, percent in (("cpu", bounds.cpu), ("memory", bounds.memory)):
            if percent is not None:
                properties = {
                    "name": site.name(f"scaling.{name}-{metric}"),
                    "service": target.ref("id"),
                    "metric": metric,
                    "target": percent,
                    "cooldowns": _COOLDOWNS,
                }
                made.append(Resource("scaling_policy", f"{name}-{metric}", properties))
    return site.plus(*made)
