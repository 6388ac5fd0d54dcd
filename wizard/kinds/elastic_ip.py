"""An Elastic IP address: a public IPv4 address that stays the same, here for a NAT gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.kinds import _ec2, prices

GONE = ("InvalidAllocationID.NotFound",)


class ElasticIp(Kind):
    """AllocateAddress has neither name nor token, and every call is another address that costs money."""

    name = "elastic_ip"
    title = "Elastic IP address"
    identity = Identity.TAGGED
    found_by = frozenset()
    uses = frozenset({"internet_gateway"})
    lag_seconds = _ec2.LAG_SECONDS
    settling = (
        *_ec2.not_visible_yet(*GONE),
        *_ec2.settling("delete", 300, "InvalidIPAddress.InUse", "AuthFailure"),
    )
    iam = {
        "read": ("ec2:DescribeAddresses",),
        "create": ("ec2:AllocateAddress", "ec2:CreateTags"),
        "update": ("ec2:CreateTags",),
        "delete": ("ec2:ReleaseAddress",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Only its Name tag can break a rule."""
        return _ec2.name_problems(properties)

    def monthly_usd(self, properties: Properties) -> float | None:
        """A public IPv4 address, in use or idle."""
        return prices.monthly(prices.PUBLIC_ADDRESS_HOUR)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag; of two with one address the one in use comes first."""
        items = context.aws.read("ec2", "describe_addresses", Filters=_ec2.ours(context))["Addresses"]
        idle_last = sorted(items, key=lambda item: not item.get("AssociationId"))
        return [self._live(context, item) for item in idle_last]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        resource = f"elastic-ip/{item['AllocationId']}"
        return _ec2.live(context, item, resource, {"name": _ec2.name_tag(item)}, public_ip=item["PublicIp"])

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Allocate an address in the Region's own pool."""
        tags = _ec2.tag_specifications(context, "elastic-ip", address, properties["name"])
        return str(context.aws.once("ec2", "allocate_address", Domain="vpc", TagSpecifications=tags)["AllocationId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only the Name tag can change."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])

    def delete(self, context: Context, live: Live) -> None:
        """AWS refuses until the NAT gateway that held it is `deleted`."""
        _ec2.unless_gone(GONE, lambda: context.aws.write("ec2", "release_address", AllocationId=live.id))
