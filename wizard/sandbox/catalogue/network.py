"""What exists in EC2's part of the world: networks and what hangs in them, without the default VPC itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.sandbox import interfaces, moto_state
from wizard.sandbox.catalogue.entry import Entry, tag_map
from wizard.sandbox.world import ACCOUNT

_SEEDED = ("vpc", "subnet")
"""What every account has of a default VPC; what somebody makes in it is listed."""


def entries(region: str) -> Iterator[Entry]:
    """VPCs, subnets, gateways, addresses, tables, groups, endpoints, flow logs, interfaces of one region."""
    store = moto_state.ec2(region)
    seeds = {vpc.id for vpc in store.vpcs.values() if str(vpc.is_default).lower() == "true"}
    for kind, resource, vpc_id, details in _resources(store):
        if vpc_id not in seeds or kind not in _SEEDED:
            tags = dict(store.tags.get(resource.id, {}))
            yield Entry(
                service="ec2",
                type=kind,
                id=resource.id,
                name=tags.get("Name") or getattr(resource, "name", None) or resource.id,
                region=region,
                arn=f"arn:aws:ec2:{region}:{ACCOUNT}:{kind}/{resource.id}",
                tags=tag_map(tags),
                details=details,
            )
    for interface in interfaces.existing(region):
        yield _interface(region, interface)


def _resources(store: Any) -> Iterator[tuple[str, Any, str | None, dict[str, Any]]]:
    """Kind, resource, VPC and details; what goes with a VPC when it is deleted is left out."""
    for vpc in store.vpcs.values():
        yield "vpc", vpc, vpc.id, {}
    for zone in store.subnets.values():
        for subnet in zone.values():
            yield "subnet", subnet, subnet.vpc_id, {}
    for gateway in store.internet_gateways.values():
        yield "internet-gateway", gateway, gateway.vpc.id if gateway.vpc else None, {}
    for address in store.addresses:
        yield "elastic-ip", address, None, {"status": "in-use" if address.eni or address.instance else "free"}
    for nat in store.nat_gateways.values():
        if nat.state != "deleted":
            yield "natgateway", nat, nat.vpc_id, {"status": nat.state}
    for table in store.route_tables.values():
        if not table.main_association_id:
            yield "route-table", table, table.vpc_id, {}
    for groups in store.groups.values():
        for group in groups.values():
            if group.name != "default":
                yield "security-group", group, group.vpc_id, {}
    for endpoint in store.vpc_end_points.values():
        yield "vpc-endpoint", endpoint, endpoint.vpc_id, {"status": endpoint.state}
    for flow_log in store.flow_logs.values():
        yield "vpc-flow-log", flow_log, None, {}


def _interface(region: str, shown: dict[str, Any]) -> Entry:
    interface_id = shown["NetworkInterfaceId"]
    managed = bool(shown["RequesterManaged"])
    return Entry(
        service="ec2",
        type="network-interface",
        id=interface_id,
        name=shown["Description"] or interface_id,
        region=region,
        arn="" if managed else f"arn:aws:ec2:{region}:{ACCOUNT}:network-interface/{interface_id}",
        tags=tag_map(shown["TagSet"]),
        details={"requester_managed": managed, "vpc": shown["VpcId"], "subnet": shown["SubnetId"]},
    )
