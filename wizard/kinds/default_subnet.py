"""The default subnet of one zone: public, in the default VPC; looked up, used as it is, never changed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.engine.kind import Context, FoundKind, Live, Properties


class DefaultSubnet(FoundKind):
    """A default VPC has one in each zone, unless somebody removed it."""

    name = "default_subnet"
    title = "default subnet"
    found_by = frozenset({"zone"})
    iam = {"read": ("ec2:DescribeSubnets",)}

    def problems(self, properties: Properties) -> list[str]:
        """The zone as AWS names it."""
        zone = properties.get("zone")
        wrong = isinstance(zone, str) and not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", zone)
        return [f"zone: {zone!r} is no Availability Zone such as us-east-1a"] if wrong else []

    def limit_seconds(self, properties: Properties) -> float:
        """It is there or it is not: nothing to wait for."""
        return 0.0

    def monthly_usd(self, properties: Properties) -> float | None:
        """A subnet is free."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe for all that are wanted."""
        if not wanted:
            return []
        default = [{"Name": "default-for-az", "Values": ["true"]}]
        subnets = {
            item["AvailabilityZone"]: item["SubnetId"]
            for item in context.aws.pages("ec2", "describe_subnets", "Subnets", Filters=default)
        }
        found = []
        for address, properties in wanted.items():
            zone = properties.get("zone")
            if zone in subnets:
                id_ = subnets[zone]
                attributes = {"id": id_, "arn": context.scope.arn("ec2", f"subnet/{id_}"), "zone": zone}
                found.append(Live(address, id_, {"zone": zone}, attributes))
        return found

    def missing(self, properties: Properties) -> str:
        """How a person makes one."""
        zone = properties.get("zone")
        return (
            f"this account has no default subnet in {zone}; make it with: "
            f"aws ec2 create-default-subnet --availability-zone {zone}"
        )
