"""The account's default VPC: public subnets only, used as they are; nothing in it is changed."""

from __future__ import annotations

from wizard.blueprint.model import DefaultVpc
from wizard.engine.graph import Resource
from wizard.options.registry import Option
from wizard.options.site import MAIN, Network, Site

_ZONES = ("a", "b")
"""A load balancer and a database want two."""


def expand(site: Site, name: str, choice: DefaultVpc) -> Site:
    """Look up the VPC and two of its subnets.

    They are public, yet what stands in them is reached only as its security group says, and a database gets no public
    address there either.
    """
    vpc = Resource("default_vpc", MAIN, {})
    subnets = [Resource("default_subnet", zone, {"zone": f"{site.expansion.region}{zone}"}) for zone in _ZONES]
    ids = tuple(subnet.ref("id") for subnet in subnets)
    network = Network(vpc=vpc.ref("id"), public_subnets=ids, private_subnets=ids, task_subnets=ids, public_tasks=True)
    return site.plus(vpc, *subnets, network=network)


OPTION = Option("network", DefaultVpc, expand)
