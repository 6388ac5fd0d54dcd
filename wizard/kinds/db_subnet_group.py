"""A DB subnet group: where RDS and DocumentDB may place a database."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, tags_of, with_surplus

GONE = "DBSubnetGroupNotFoundFault"


class DbSubnetGroup(Kind):
    """RDS and DocumentDB share them. AWS keeps the name in lower case."""

    name = "db_subnet_group"
    title = "DB subnet group"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    uses = frozenset({"subnet"})
    settling = (Settling("delete", "InvalidDBSubnetGroupStateFault", "", 1800),)
    iam = {
        "read": ("rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"),
        "create": ("rds:CreateDBSubnetGroup", "rds:AddTagsToResource"),
        "update": ("rds:ModifyDBSubnetGroup",),
        "delete": ("rds:DeleteDBSubnetGroup",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, and AWS's rule of two Availability Zones as far as the number of subnets tells."""
        found = []
        name, subnets = properties.get("name"), properties.get("subnets")
        if isinstance(name, str) and (not re.fullmatch(r"[a-z0-9._ -]{1,255}", name) or name == "default"):
            found.append(f"the DB subnet group name {name!r} must be 1-255 of a-z 0-9 . _ - or space, and not default")
        if isinstance(subnets, list) and len(subnets) < 2:
            found.append("a DB subnet group needs subnets in at least two Availability Zones, also for one instance")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """A list of subnets costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """A DescribeDBSubnetGroups for each: the API has no filter."""
        found = []
        for name, address in with_surplus(context, self.name, addresses_by_name(wanted), ":").items():
            with ignoring(GONE):
                answer = context.aws.read("rds", "describe_db_subnet_groups", DBSubnetGroupName=name)
                for group in answer["DBSubnetGroups"]:
                    arn = group["DBSubnetGroupArn"]
                    tags = tags_of(context, arn, "rds", "list_tags_for_resource", "TagList", ResourceName=arn)
                    properties = {
                        "name": group["DBSubnetGroupName"],
                        "description": group["DBSubnetGroupDescription"],
                        "subnets": sorted(subnet["SubnetIdentifier"] for subnet in group["Subnets"]),
                    }
                    attributes = {"id": name, "arn": arn, "name": name}
                    found.append(Live(address, name, properties, attributes, owner_of(tags)))
        return found

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything in one call."""
        with ignoring("DBSubnetGroupAlreadyExists", "DBSubnetGroupAlreadyExistsFault"):
            context.aws.write(
                "rds",
                "create_db_subnet_group",
                DBSubnetGroupName=properties["name"],
                DBSubnetGroupDescription=properties.get("description") or properties["name"],
                SubnetIds=list(properties["subnets"]),
                Tags=tag_list(context.scope.tags(address)),
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """One call sets both; AWS refuses to take away a subnet that a database uses."""
        description = {"DBSubnetGroupDescription": properties["description"]} if "description" in changed else {}
        subnets = list(properties.get("subnets") or live.properties["subnets"])
        context.aws.write("rds", "modify_db_subnet_group", DBSubnetGroupName=live.id, SubnetIds=subnets, **description)

    def delete(self, context: Context, live: Live) -> None:
        """Refused until the last database in it is gone for good."""
        with ignoring(GONE):
            context.aws.write("rds", "delete_db_subnet_group", DBSubnetGroupName=live.id)

    def same(self, name: str, desired: object, actual: object) -> bool:
        """The order of subnets means nothing."""
        if isinstance(desired, list) and isinstance(actual, list):
            return sorted(desired) == sorted(actual)
        return desired == actual
