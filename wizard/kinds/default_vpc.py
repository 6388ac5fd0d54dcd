"""The default VPC of an account and Region: looked up, used as it is, never changed."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.engine.kind import Context, FoundKind, Live, Properties


class DefaultVpc(FoundKind):
    """An account has one in each Region, unless somebody removed it."""

    name = "default_vpc"
    title = "default VPC"
    found_by = frozenset()
    iam = {"read": ("ec2:DescribeVpcs",)}

    def limit_seconds(self, properties: Properties) -> float:
        """It is there or it is not: nothing to wait for."""
        return 0.0

    def monthly_usd(self, properties: Properties) -> float | None:
        """A VPC is free."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe, when it is wanted."""
        if not wanted:
            return []
        default = [{"Name": "is-default", "Values": ["true"]}]
        return [
            Live(
                address, vpc["VpcId"], {}, {"id": vpc["VpcId"], "arn": context.scope.arn("ec2", f"vpc/{vpc['VpcId']}")}
            )
            for vpc in context.aws.pages("ec2", "describe_vpcs", "Vpcs", Filters=default)
            for address in wanted
        ]

    def missing(self, properties: Properties) -> str:
        """How a person makes one."""
        return "this account has no default VPC in this Region; make it with: aws ec2 create-default-vpc"
