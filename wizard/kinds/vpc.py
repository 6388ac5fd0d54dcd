"""A VPC: the private network that everything else stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, State, Status
from wizard.errors import AwsError
from wizard.kinds import _ec2

GONE = ("InvalidVpcID.NotFound",)


class Vpc(Kind):
    """CreateVpc has neither name nor token: only its tag finds it again."""

    name = "vpc"
    title = "VPC"
    identity = Identity.TAGGED
    found_by = frozenset()
    immutable = frozenset({"cidr"})
    lag_seconds = _ec2.LAG_SECONDS
    poll_seconds = 2
    settling = (*_ec2.not_visible_yet(*GONE), *_ec2.settling("delete", 300, "DependencyViolation"))
    iam = {
        "read": ("ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeSubnets"),
        "create": ("ec2:CreateVpc", "ec2:CreateTags"),
        "update": ("ec2:ModifyVpcAttribute", "ec2:CreateTags"),
        "delete": ("ec2:DeleteVpc", "ec2:DescribeNetworkInterfaces"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: a VPC's block is between /16 and /28."""
        return _ec2.name_problems(properties) + _ec2.cidr_problems("cidr", properties.get("cidr"), 16, 28)

    def refusal(self, live: Live, properties: Properties) -> str:
        """Load balancer, tasks, databases and brokers stand in it, and none of them can move to another VPC."""
        cidr = live.properties["cidr"]
        return "" if properties["cidr"] == cidr else f"everything stands in its addresses, and AWS cannot change {cidr}"

    def monthly_usd(self, properties: Properties) -> float | None:
        """A VPC costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag, and one attribute read for each VPC whose DNS setting is wanted."""
        items = list(context.aws.pages("ec2", "describe_vpcs", "Vpcs", Filters=_ec2.ours(context)))
        found = [self._live(context, item, wanted) for item in items]
        if len({live.address for live in found}) < len(found):
            used = self._used(context, [live.id for live in found])
            found.sort(key=lambda live: live.id not in used)
        return found

    def _live(self, context: Context, item: Mapping[str, Any], wanted: Mapping[str, Properties]) -> Live:
        properties = {"name": _ec2.name_tag(item), "cidr": item["CidrBlock"]}
        live = _ec2.live(context, item, f"vpc/{item['VpcId']}", properties, state=item.get("State", ""))
        if wanted.get(live.address, {}).get("dns_hostnames") is not None:
            properties |= self._dns(context, live.id)
        return live

    @staticmethod
    def _dns(context: Context, id_: str) -> dict[str, bool]:
        try:
            answer = context.aws.read("ec2", "describe_vpc_attribute", VpcId=id_, Attribute="enableDnsHostnames")
        except AwsError as error:
            if error.code not in GONE:
                raise
            # A new VPC may be listed before its attributes can be read: left out, they show as a difference.
            return {}
        return {"dns_hostnames": answer["EnableDnsHostnames"]["Value"]}

    @staticmethod
    def _used(context: Context, ids: list[str]) -> set[str]:
        """Of two VPCs with one address, the one that holds subnets is kept."""
        filters = [{"Name": "vpc-id", "Values": ids}]
        return {item["VpcId"] for item in context.aws.pages("ec2", "describe_subnets", "Subnets", Filters=filters)}

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """CreateVpc cannot set the DNS attribute: the next read shows it as a difference."""
        tags = _ec2.tag_specifications(context, "vpc", address, properties["name"])
        answer = context.aws.once("ec2", "create_vpc", CidrBlock=properties["cidr"], TagSpecifications=tags)
        return str(answer["Vpc"]["VpcId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """AWS takes one attribute a call."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])
        if "dns_hostnames" in changed:
            wanted = {"Value": properties["dns_hostnames"]}
            context.aws.write("ec2", "modify_vpc_attribute", VpcId=live.id, EnableDnsHostnames=wanted)

    def delete(self, context: Context, live: Live) -> None:
        """Its default security group, route table and network ACL go with it."""
        _ec2.unless_gone(
            GONE,
            lambda: _ec2.naming_holders(
                context, "vpc-id", live.id, lambda: context.aws.write("ec2", "delete_vpc", VpcId=live.id)
            ),
        )

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`pending` for a second or two."""
        if live.attributes["state"] == "available":
            return READY
        answer = context.aws.read("ec2", "describe_vpcs", Filters=[{"Name": "vpc-id", "Values": [live.id]}])
        states = [item["State"] for item in answer["Vpcs"]]
        return READY if states == ["available"] else Status(State.PENDING, "the VPC is being made")

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """CIDR blocks are compared as networks."""
        return bool(_ec2.canonical_cidr(desired) == _ec2.canonical_cidr(actual))
