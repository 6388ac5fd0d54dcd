"""A security group for each ECS service: nothing in, and out only over HTTPS until another option adds more.

A blueprint may let a service out to anything instead. Names are resolved by the VPC's own resolver, which security
groups do not filter.
"""

from __future__ import annotations

from wizard.blueprint.model import EcsFargate
from wizard.engine.graph import Resource
from wizard.options.site import Site
from wizard.options.traffic import ANYWHERE, group, let_in, let_out


def add(site: Site) -> Site:
    """Add the groups of the services."""
    made: list[Resource] = []
    groups = {}
    doors = site.network.endpoint_group
    for service, choice in site.blueprint.services.items():
        if not isinstance(choice, EcsFargate):
            continue
        everything = choice.outbound == "all"
        its_group = group(site, service, f"Tasks of {service}", all_out=everything)
        own = groups[service] = its_group.ref("id")
        made.append(its_group)
        if not everything:
            made.append(let_out(f"{service}-https", own, 443, ANYWHERE, "AWS APIs and other services over HTTPS"))
        if doors is not None:
            made.append(let_in(f"endpoints-from-{service}", doors, 443, own, f"AWS APIs, from {service}"))
    return site.plus(*made, groups=groups)
