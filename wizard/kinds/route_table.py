"""A route table: where traffic of its subnets goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, State, Status
from wizard.kinds import _ec2, _routes

GONE = ("InvalidRouteTableID.NotFound",)


class RouteTable(Kind):
    """Routes by CIDR block and associated subnets; the routes that AWS itself keeps are left out."""

    name = "route_table"
    title = "Route table"
    identity = Identity.TOKENED
    found_by = frozenset()
    immutable = frozenset({"vpc"})
    handed_over = frozenset({"routes", "subnets"})
    uses = frozenset({"internet_gateway", "nat_gateway", "subnet", "vpc"})
    lag_seconds = _ec2.LAG_SECONDS
    poll_seconds = 2
    settling = (
        *_ec2.not_visible_yet(
            "InvalidVpcID.NotFound",
            "InvalidGatewayID.NotFound",
            "InvalidInternetGatewayID.NotFound",
            "InvalidNatGatewayID.NotFound",
            "InvalidSubnetID.NotFound",
            *GONE,
        ),
        *_ec2.settling("delete", 300, "DependencyViolation"),
    )
    iam = {
        "read": ("ec2:DescribeRouteTables",),
        "create": ("ec2:CreateRouteTable", "ec2:CreateTags"),
        "update": (
            "ec2:CreateRoute",
            "ec2:ReplaceRoute",
            "ec2:DeleteRoute",
            "ec2:AssociateRouteTable",
            "ec2:ReplaceRouteTableAssociation",
            "ec2:DisassociateRouteTable",
            "ec2:DescribeRouteTables",
            "ec2:CreateTags",
        ),
        "delete": ("ec2:DisassociateRouteTable", "ec2:DeleteRouteTable"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Only its Name tag can break a rule."""
        return _ec2.name_problems(properties)

    def monthly_usd(self, properties: Properties) -> float | None:
        """A route table costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag; of two with one address the one with subnets comes first."""
        items = context.aws.pages("ec2", "describe_route_tables", "RouteTables", Filters=_ec2.ours(context))
        return sorted((self._live(context, item) for item in items), key=lambda live: not live.properties["subnets"])

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        joined = [one for one in item.get("Associations", ()) if one.get("SubnetId")]
        states = {one["SubnetId"]: one.get("AssociationState", {}).get("State", "associated") for one in joined}
        kept = {
            one["SubnetId"]: one["RouteTableAssociationId"] for one in joined if states[one["SubnetId"]][:2] == "as"
        }
        properties = {
            "name": _ec2.name_tag(item),
            "vpc": item["VpcId"],
            "routes": _routes.routes_of(item),
            "subnets": sorted(kept),
        }
        more = {"associations": kept, "settled": "associating" not in states.values()}
        return _ec2.live(context, item, f"route-table/{item['RouteTableId']}", properties, **more)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """An empty table; the next read shows its routes and subnets as a difference."""
        tags = _ec2.tag_specifications(context, "route-table", address, properties["name"])
        answer = context.aws.write(
            "ec2", "create_route_table", VpcId=properties["vpc"], ClientToken=token, TagSpecifications=tags
        )
        return str(answer["RouteTable"]["RouteTableId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Routes are added and replaced before any is taken away."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])
        if "routes" in changed:
            _routes.route(context, live, properties["routes"])
        if "subnets" in changed:
            _routes.join(context, live, frozenset(properties["subnets"]))

    def delete(self, context: Context, live: Live) -> None:
        """Its subnets first; its routes go with it."""
        for association in live.attributes["associations"].values():
            _routes.leave(context, association)
        _ec2.unless_gone(GONE, lambda: context.aws.write("ec2", "delete_route_table", RouteTableId=live.id))

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """An association may be `associating` for some seconds."""
        if live.attributes["settled"]:
            return READY
        filters = [{"Name": "route-table-id", "Values": [live.id]}]
        items = context.aws.read("ec2", "describe_route_tables", Filters=filters)["RouteTables"]
        settled = [self._live(context, item).attributes["settled"] for item in items]
        return READY if settled == [True] else Status(State.PENDING, "subnets are being associated")

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Routes by network; the order of subnets means nothing."""
        if name == "routes":
            return bool({_ec2.canonical_cidr(cidr): target for cidr, target in desired.items()} == actual)
        if name == "subnets":
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

    def meanwhile(self, name: str, before: Any, desired: Any) -> Any:
        """Whoever still runs in its subnets keeps the way out."""
        return {**before, **desired} if name == "routes" else sorted({*before, *desired})
