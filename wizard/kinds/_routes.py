"""Routes and associated subnets of a route table: reading them, and the calls that bring them to what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Live
from wizard.errors import AwsError
from wizard.kinds import _ec2

TARGETS = {
    "igw-": "GatewayId",
    "vgw-": "GatewayId",
    "nat-": "NatGatewayId",
    "tgw-": "TransitGatewayId",
    "pcx-": "VpcPeeringConnectionId",
}
"""The parameter that takes a route's target, by the start of its id."""


def _destination(cidr: str) -> dict[str, str]:
    return {"DestinationIpv6CidrBlock" if ":" in cidr else "DestinationCidrBlock": cidr}


def _target(id_: str) -> dict[str, str]:
    return {TARGETS.get(id_[:4], "GatewayId"): id_}


def routes_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Target by CIDR block of the routes that somebody made; AWS keeps the local and the endpoint routes itself."""
    routes = {}
    for one in item.get("Routes", ()):
        cidr = one.get("DestinationCidrBlock") or one.get("DestinationIpv6CidrBlock")
        if cidr and one.get("Origin") == "CreateRoute":
            routes[cidr] = next((one[key] for key in dict.fromkeys(TARGETS.values()) if one.get(key)), "")
    return routes


def route(context: Context, live: Live, wanted: Mapping[str, str]) -> None:
    """Bring the routes to the wanted ones: added and replaced before any is taken away."""
    wanted = {_ec2.canonical_cidr(cidr): target for cidr, target in wanted.items()}
    actual = live.properties["routes"]
    for cidr, target in wanted.items():
        if actual.get(cidr) != target:
            _lead(context, live.id, cidr, target, there=cidr in actual)
    for cidr in sorted(actual.keys() - wanted.keys()):
        _end(context, live.id, cidr)


def _lead(context: Context, table: str, cidr: str, target: str, *, there: bool) -> None:
    request = {"RouteTableId": table, **_destination(cidr), **_target(target)}
    if not there:
        try:
            context.aws.write("ec2", "create_route", **request)
            return
        except AwsError as error:
            if error.code != "RouteAlreadyExists":
                raise
    context.aws.write("ec2", "replace_route", **request)


def _end(context: Context, table: str, cidr: str) -> None:
    request = {"RouteTableId": table, **_destination(cidr)}
    _ec2.unless_gone(("InvalidRoute.NotFound",), lambda: context.aws.write("ec2", "delete_route", **request))


def join(context: Context, live: Live, wanted: frozenset[str]) -> None:
    """Bring the associated subnets to the wanted ones."""
    associations = live.attributes["associations"]
    for subnet in sorted(wanted - associations.keys()):
        try:
            context.aws.write("ec2", "associate_route_table", RouteTableId=live.id, SubnetId=subnet)
        except AwsError as error:
            if error.code != "Resource.AlreadyAssociated":
                raise
            _take_over(context, live.id, subnet)
    for subnet in sorted(associations.keys() - wanted):
        leave(context, associations[subnet])


def _take_over(context: Context, table: str, subnet: str) -> None:
    """A subnet is in one table only: move it from the one it is in."""
    filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
    for item in context.aws.read("ec2", "describe_route_tables", Filters=filters)["RouteTables"]:
        for one in item["Associations"]:
            if one.get("SubnetId") == subnet and item["RouteTableId"] != table:
                association = one["RouteTableAssociationId"]
                context.aws.write(
                    "ec2", "replace_route_table_association", AssociationId=association, RouteTableId=table
                )


def leave(context: Context, association: str) -> None:
    """End one association; its subnet falls back to the main table of the VPC."""
    _ec2.unless_gone(
        ("InvalidAssociationID.NotFound",),
        lambda: context.aws.write("ec2", "disassociate_route_table", AssociationId=association),
    )
