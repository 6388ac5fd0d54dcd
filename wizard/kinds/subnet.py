"""A subnet: a part of a VPC's addresses in one Availability Zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, State, Status
from wizard.kinds import _ec2

GONE = ("InvalidSubnetID.NotFound",)


class Subnet(Kind):
    """CreateSubnet has no token, but a second one with the same block is refused."""

    name = "subnet"
    title = "Subnet"
    identity = Identity.TAGGED
    found_by = frozenset()
    immutable = frozenset({"vpc", "cidr", "zone"})
    uses = frozenset({"vpc"})
    lag_seconds = _ec2.LAG_SECONDS
    poll_seconds = 2
    settling = (
        *_ec2.not_visible_yet("InvalidVpcID.NotFound", *GONE),
        *_ec2.settling("delete", 1200, "DependencyViolation"),
    )
    iam = {
        "read": ("ec2:DescribeSubnets",),
        "create": ("ec2:CreateSubnet", "ec2:CreateTags"),
        "update": ("ec2:ModifySubnetAttribute", "ec2:CreateTags"),
        "delete": ("ec2:DeleteSubnet", "ec2:DescribeNetworkInterfaces"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: a subnet's block is between /16 and /28."""
        return _ec2.name_problems(properties) + _ec2.cidr_problems("cidr", properties.get("cidr"), 16, 28)

    def monthly_usd(self, properties: Properties) -> float | None:
        """A subnet costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag."""
        items = context.aws.pages("ec2", "describe_subnets", "Subnets", Filters=_ec2.ours(context))
        return [self._live(context, item) for item in items]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        properties = {
            "name": _ec2.name_tag(item),
            "vpc": item["VpcId"],
            "cidr": item["CidrBlock"],
            "zone": item["AvailabilityZone"],
            "public_ips": item.get("MapPublicIpOnLaunch", False),
        }
        more = {"zone": item["AvailabilityZone"], "state": item.get("State", "")}
        return _ec2.live(context, item, f"subnet/{item['SubnetId']}", properties, **more)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Public addresses are an attribute that only ModifySubnetAttribute sets."""
        answer = context.aws.once(
            "ec2",
            "create_subnet",
            VpcId=properties["vpc"],
            CidrBlock=properties["cidr"],
            AvailabilityZone=properties["zone"],
            TagSpecifications=_ec2.tag_specifications(context, "subnet", address, properties["name"]),
        )
        return str(answer["Subnet"]["SubnetId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """AWS takes one attribute a call."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])
        if "public_ips" in changed:
            wanted = {"Value": properties["public_ips"]}
            context.aws.write("ec2", "modify_subnet_attribute", SubnetId=live.id, MapPublicIpOnLaunch=wanted)

    def delete(self, context: Context, live: Live) -> None:
        """Refused while a network interface is left in it; the refusal names them."""
        _ec2.unless_gone(
            GONE,
            lambda: _ec2.naming_holders(
                context, "subnet-id", live.id, lambda: context.aws.write("ec2", "delete_subnet", SubnetId=live.id)
            ),
        )

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`pending` for a second or two."""
        if live.attributes["state"] == "available":
            return READY
        answer = context.aws.read("ec2", "describe_subnets", Filters=[{"Name": "subnet-id", "Values": [live.id]}])
        states = [item["State"] for item in answer["Subnets"]]
        return READY if states == ["available"] else Status(State.PENDING, "the subnet is being made")

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """CIDR blocks are compared as networks."""
        return bool(_ec2.canonical_cidr(desired) == _ec2.canonical_cidr(actual))
