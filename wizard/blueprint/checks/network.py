"""The network: enough subnets, a way to the images and to the world, and nothing public where that is forbidden."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.blueprint.checks.services import containers
from wizard.blueprint.model import (
    Alb,
    AmazonMq,
    AuroraPostgres,
    Blueprint,
    DefaultVpc,
    DocumentDb,
    EcsFargate,
    ExistingVpc,
    NewVpc,
    OwnImage,
    RdsPostgres,
)
from wizard.blueprint.problems import Finding, listing


def subnets(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Load balancers and databases want subnets in two zones; tasks want subnets at all."""
    network = blueprint.network
    if isinstance(network, NewVpc):
        if len(set(network.zones)) < len(network.zones):
            yield Finding(("network", "zones"), "a zone is named twice", "name each zone once")
        yield from _address_range(network)
        return
    if not isinstance(network, ExistingVpc):
        return
    wanted = []
    if isinstance(blueprint.ingress, Alb) and len(network.public_subnets) < 2:
        wanted.append(("public_subnets", "the load balancer needs two public subnets in different zones"))
    place = f"{network.tasks}_subnets"
    if not getattr(network, place):
        wanted.append((place, f"the tasks run in {network.tasks} subnets, and none is named"))
    clustered = isinstance(blueprint.broker, AmazonMq) and blueprint.broker.mode == "cluster"
    stored = isinstance(blueprint.database, (RdsPostgres, AuroraPostgres, DocumentDb))
    if (stored or clustered) and len(network.private_subnets) < 2:
        what = "the database" if stored else "a broker cluster"
        wanted.append(("private_subnets", f"{what} needs two private subnets in different zones"))
    for key, message in wanted:
        yield Finding(("network",), message, f"name them in `network.{key}`", reads=(("network", key),))


def _address_range(network: NewVpc) -> Iterator[Finding]:
    base, _, bits = network.cidr.partition("/")
    octets = [int(octet) for octet in base.split(".")]
    number = sum(octet << shift for octet, shift in zip(octets, (24, 16, 8, 0), strict=True))
    private = ((10, 8), (172 << 4 | 1, 12), (192 << 8 | 168, 16), (100 << 2 | 1, 10))
    inside = any(number >> (32 - width) == prefix for prefix, width in private)
    if max(octets) > 255 or not inside:
        message = f"{network.cidr} is not a private address range"
        yield Finding(("network", "cidr"), message, "use one within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
    elif number & ((1 << (32 - int(bits))) - 1):
        yield Finding(
            ("network", "cidr"), f"{network.cidr} does not begin where a /{bits} begins", "such as 10.0.0.0/16"
        )


def way_out(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Private tasks without NAT reach only what has an endpoint, and no public registry has one."""
    network = blueprint.network
    if not isinstance(network, NewVpc) or not any(isinstance(each, EcsFargate) for each in blueprint.services.values()):
        return
    if network.tasks == "public" and network.nat != "none":
        message = "tasks run in public subnets, so the NAT gateway is paid for and not used"
        yield Finding(("network", "nat"), message, "write `nat: none`, or `tasks: private`", level="warning")
    if network.tasks == "public" or network.nat != "none":
        return
    outside = [path[3] for path, container in containers(blueprint) if not isinstance(container.image, OwnImage)]
    if outside:
        message = (
            f"private tasks without NAT cannot pull {listing(map(str, outside), last='and')} from a public registry"
        )
        yield Finding(
            ("network", "nat"),
            message,
            "use `nat: one`, or images in this deployment's own repositories",
            level="warning",
        )


def hipaa(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Health data needs private tasks in a VPC of its own."""
    if blueprint.hardening.preset != "hipaa":
        return
    network = blueprint.network
    if isinstance(network, DefaultVpc) or network.tasks == "public":
        message = "the hipaa preset does not allow tasks in public subnets"
        yield Finding(("network",), message, "use `kind: new-vpc` with `tasks: private`", reads=(("hardening",),))
    if blueprint.observability.log_days < 365:
        message = f"the hipaa preset keeps logs for 365 days, not {blueprint.observability.log_days}"
        yield Finding(("observability",), message, "write `log_days: 365` or more", reads=(("hardening",),))
