"""A NAT gateway: the way out to the internet for private subnets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, State, Status
from wizard.kinds import _ec2, prices

GONE = ("NatGatewayNotFound",)
STATES = ["pending", "failed", "available", "deleting"]
"""A deleted one stays visible for about an hour and counts as gone."""


class NatGateway(Kind):
    """One zonal, public NAT gateway with one Elastic IP address."""

    name = "nat_gateway"
    title = "NAT gateway"
    identity = Identity.TOKENED
    found_by = frozenset()
    immutable = frozenset({"subnet", "elastic_ip"})
    uses = frozenset({"elastic_ip", "subnet", "internet_gateway"})
    lag_seconds = _ec2.LAG_SECONDS
    settling = _ec2.not_visible_yet("InvalidAllocationID.NotFound", "InvalidSubnetID.NotFound", *GONE)
    iam = {
        "read": ("ec2:DescribeNatGateways",),
        "create": ("ec2:CreateNatGateway", "ec2:CreateTags"),
        "update": ("ec2:CreateTags",),
        "delete": ("ec2:DeleteNatGateway",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Only its Name tag can break a rule."""
        return _ec2.name_problems(properties)

    def create_seconds(self, properties: Properties) -> float:
        """Seen: 1:24 to 2:01."""
        return 110

    def delete_seconds(self, properties: Properties) -> float:
        """Seen: 0:42 to 1:01."""
        return 50

    def monthly_usd(self, properties: Properties) -> float | None:
        """Its address is priced by itself, data comes on top."""
        return prices.monthly(prices.rate(prices.NAT_GATEWAY))

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag; of two with one address the usable one comes first, then the older."""
        filters = [*_ec2.ours(context), {"Name": "state", "Values": STATES}]
        items = context.aws.pages("ec2", "describe_nat_gateways", "NatGateways", Filter=filters)
        dying = ("deleting", "failed")
        in_order = sorted(items, key=lambda item: (item["State"] in dying, str(item.get("CreateTime", ""))))
        return [self._live(context, item) for item in in_order]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        addresses = item.get("NatGatewayAddresses") or [{}]
        properties = {
            "name": _ec2.name_tag(item),
            "subnet": item["SubnetId"],
            "elastic_ip": addresses[0].get("AllocationId", ""),
        }
        more = {"public_ip": addresses[0].get("PublicIp", ""), "state": item["State"]}
        return _ec2.live(context, item, f"natgateway/{item['NatGatewayId']}", properties, **more)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The client token makes a repetition return the same gateway."""
        answer = context.aws.write(
            "ec2",
            "create_nat_gateway",
            SubnetId=properties["subnet"],
            AllocationId=properties["elastic_ip"],
            ClientToken=token,
            TagSpecifications=_ec2.tag_specifications(context, "natgateway", address, properties["name"]),
        )
        return str(answer["NatGateway"]["NatGatewayId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only the Name tag can change."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])

    def delete(self, context: Context, live: Live) -> None:
        """Its address is free only when it is `deleted`."""
        _ec2.unless_gone(GONE, lambda: context.aws.write("ec2", "delete_nat_gateway", NatGatewayId=live.id))

    def is_on_its_way(self, live: Live) -> bool:
        """Not usable yet, or never."""
        return bool(live.attributes["state"] != "available")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """A failed one can only be deleted and made again, with another token."""
        if live.attributes["state"] == "available":
            return READY
        filters = [{"Name": "nat-gateway-id", "Values": [live.id]}]
        items = context.aws.read("ec2", "describe_nat_gateways", Filter=filters)["NatGateways"]
        item = items[0] if items else {"State": "pending"}
        if item["State"] == "available":
            return READY
        if item["State"] == "pending":
            return Status(State.PENDING, "the NAT gateway is being made")
        cause = item.get("FailureMessage") or item.get("FailureCode") or f"it is {item['State']}"
        return Status(State.FAILED, f"the NAT gateway cannot be used: {cause}", corpse=True)
