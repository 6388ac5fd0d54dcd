"""A VPC of its own: public and private subnets in each zone, the ways to the internet, and endpoints as asked."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wizard.blueprint.model import NewVpc
from wizard.blueprint.model.network import GATEWAY_ENDPOINTS
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.endpoints import endpoints_of
from wizard.options.registry import Option
from wizard.options.site import MAIN, Network, Site
from wizard.options.traffic import group

_BLOCKS = 16
"""A VPC is cut into so many equal ranges: the first half for public subnets, the second for private ones.

Six zones fit, a new zone moves none of the others, and the smallest VPC (/22) leaves 64 addresses a subnet, of which
a load balancer wants 8 free.
"""


def expand(site: Site, name: str, choice: NewVpc) -> Site:
    """Add the network."""
    vpc = Resource("vpc", MAIN, {"name": site.name("vpc"), "cidr": choice.cidr, "dns_hostnames": True})
    gateway = Resource("internet_gateway", MAIN, {"name": site.name("internet_gateway"), "vpc": vpc.ref("id")})
    public = _subnets(site, choice, vpc, "public")
    private = _subnets(site, choice, vpc, "private")
    to_internet = _route_table(site, vpc, "public", gateway.ref("id"), public)
    addresses, nats = _nat_gateways(site, choice, gateway, public)
    ways_out = _private_tables(site, choice, vpc, private, nats)
    public_tasks = choice.tasks == "public"
    task_subnets = public if public_tasks else private
    network = Network(
        vpc=vpc.ref("id"),
        public_subnets=_ids(public),
        private_subnets=_ids(private),
        task_subnets=_ids(task_subnets),
        public_tasks=public_tasks,
        internet_ready=(gateway.ref("id"), to_internet.ref("id")),
        nat_addresses=tuple(address.ref("public_ip") for address in addresses),
    )
    made = [vpc, gateway, *public, *private, to_internet, *addresses, *nats, *ways_out]
    tables = [*ways_out, to_internet] if public_tasks else ways_out
    site = site.plus(*made, network=network)
    doors, endpoints = _endpoints(site, choice, tables)
    waits = [to_internet, *([] if public_tasks else ways_out), *endpoints]
    return site.plus(
        *doors,
        *endpoints,
        outputs=_outputs(network),
        placeholders={**site.placeholders, "nat_addresses": _listed(network.nat_addresses)},
        network=replace(
            network,
            tasks_ready=_ids(waits),
            endpoint_group=doors[0].ref("id") if doors else None,
        ),
    )


def _subnets(site: Site, choice: NewVpc, vpc: Resource, place: str) -> list[Resource]:
    whole = ipaddress.ip_network(choice.cidr)
    ranges = list(whole.subnets(prefixlen_diff=_BLOCKS.bit_length() - 1))
    first = 0 if place == "public" else _BLOCKS // 2
    # A zone's range follows from its letter's place in the alphabet, not in the list: reordering moves nothing.
    return [
        Resource(
            "subnet",
            f"{place}-{zone}",
            {
                "name": site.name(f"subnet.{place}-{zone}"),
                "vpc": vpc.ref("id"),
                "cidr": str(ranges[first + ord(zone) - ord("a")]),
                "zone": f"{site.expansion.region}{zone}",
                "public_ips": False,
            },
        )
        for zone in sorted(choice.zones)
    ]


def _nat_gateways(
    site: Site, choice: NewVpc, gateway: Resource, public: Sequence[Resource]
) -> tuple[list[Resource], list[Resource]]:
    zones = {"none": [], "one": sorted(choice.zones)[:1], "per-zone": sorted(choice.zones)}[choice.nat]
    addresses = [Resource("elastic_ip", zone, {"name": site.name(f"address.nat-{zone}")}) for zone in zones]
    nats = [
        Resource(
            "nat_gateway",
            zone,
            {
                "name": site.name(f"nat_gateway.nat-{zone}"),
                "subnet": subnet.ref("id"),
                "elastic_ip": address.ref("id"),
            },
            needs=(gateway.ref("id"),),
        )
        for zone, subnet, address in zip(zones, public, addresses, strict=False)
    ]
    return addresses, nats


def _private_tables(
    site: Site, choice: NewVpc, vpc: Resource, private: Sequence[Resource], nats: Sequence[Resource]
) -> list[Resource]:
    """One table for all private subnets, or one a zone when each zone has its own way out."""
    if choice.nat != "per-zone":
        target = nats[0].ref("id") if nats else None
        return [_route_table(site, vpc, "private", target, private)]
    return [
        _route_table(site, vpc, subnet.name, nat.ref("id"), [subnet]) for subnet, nat in zip(private, nats, strict=True)
    ]


def _route_table(site: Site, vpc: Resource, name: str, target: Ref | None, subnets: Sequence[Resource]) -> Resource:
    return Resource(
        "route_table",
        name,
        {
            "name": site.name(f"route_table.{name}"),
            "vpc": vpc.ref("id"),
            "routes": {"0.0.0.0/0": target} if target else {},
            "subnets": list(_ids(subnets)),
        },
    )


def _endpoints(site: Site, choice: NewVpc, tables: Sequence[Resource]) -> tuple[list[Resource], list[Resource]]:
    """Gateway endpoints are routes; interface endpoints stand beside the tasks, behind their own security group."""
    services = endpoints_of(site.blueprint, choice)
    interfaces = [service for service in services if service not in GATEWAY_ENDPOINTS]
    doors = [group(site, "endpoints", "Interface endpoints")] if interfaces else []
    endpoints = []
    for service in services:
        short = service.replace(".", "-")
        properties: dict[str, Any] = {
            "name": site.name(f"endpoint.{short}"),
            "vpc": site.network.vpc,
            "service": service,
        }
        if service in GATEWAY_ENDPOINTS:
            properties |= {"type": "gateway", "route_tables": [table.ref("id") for table in tables]}
        else:
            properties |= {
                "type": "interface",
                "subnets": list(site.network.task_subnets),
                "security_groups": [doors[0].ref("id")],
                "private_dns": True,
            }
        endpoints.append(Resource("vpc_endpoint", short, properties))
    return doors, endpoints


def _ids(resources: Sequence[Resource]) -> tuple[Ref, ...]:
    return tuple(resource.ref("id") for resource in resources)


def _listed(addresses: Sequence[Ref]) -> object:
    """Addresses as one text, for allow-lists."""
    if not addresses:
        return ""
    names = {f"address{number}": address for number, address in enumerate(addresses, 1)}
    return text(", ".join(f"{{{name}}}" for name in names), **names)


def _outputs(network: Network) -> dict[str, object]:
    return {"nat_addresses": list(network.nat_addresses)} if network.nat_addresses else {}


OPTION = Option("network", NewVpc, expand)
