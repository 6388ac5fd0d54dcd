"""A CloudWatch log group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, tags_of, with_surplus

RETENTION_DAYS = frozenset(
    {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
)

OF_RDS = "/aws/rds/"
"""Where RDS writes what its servers log."""


class LogGroup(Kind):
    """CreateLogGroup takes no retention, so that is a second call; without it logs are kept for ever.

    RDS makes the group of a server that writes a log before its group is there. Its name holds the server's, which is
    ours, so such a one is taken over.
    """

    name = "log_group"
    title = "log group"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    lost_with_it = "the logs in it would be lost"
    uses = frozenset({"kms_key"})
    settling = (
        Settling("update", "AccessDeniedException", "no identity-based policy allows the logs:PutRetention", 120),
        Settling("create", "InvalidParameterException", "KMS", 120),
        Settling("update", "OperationAbortedException", "", 60),
        Settling("delete", "OperationAbortedException", "try again", 60),
    )
    iam = {
        "read": ("logs:DescribeLogGroups", "logs:ListTagsForResource"),
        "create": ("logs:CreateLogGroup", "logs:TagResource"),
        "update": (
            "logs:PutRetentionPolicy",
            "logs:AssociateKmsKey",
            "logs:DisassociateKmsKey",
            "logs:TagResource",
        ),
        "delete": ("logs:DeleteLogGroup",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name and the fixed list of retentions."""
        found = []
        name, days = properties.get("name"), properties.get("retention_days")
        if isinstance(name, str) and not re.fullmatch(r"(?!aws/)[.\-_/#A-Za-z0-9]{1,512}", name):
            found.append(f"the log group name {name!r} must be 1-512 of A-Z a-z 0-9 . - _ / # and not begin with aws/")
        if isinstance(days, int) and days not in RETENTION_DAYS:
            allowed = ", ".join(str(day) for day in sorted(RETENTION_DAYS))
            found.append(f"CloudWatch Logs cannot keep logs for {days} days, only for {allowed}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the gigabyte written and kept."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One paged DescribeLogGroups for each folder of names: the API searches by prefix."""
        addresses = with_surplus(context, self.name, addresses_by_name(wanted), ":")
        addresses = {name.removesuffix(":*"): address for name, address in addresses.items()}
        found = []
        for prefix in sorted({_folder(name) for name in addresses}):
            for group in context.aws.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix):
                if group["logGroupName"] in addresses:
                    found.append(self._live(context, group, addresses[group["logGroupName"]]))
        return sorted(found, key=lambda live: live.properties["name"] not in addresses_by_name(wanted))

    @staticmethod
    def _live(context: Context, group: Mapping[str, Any], address: str) -> Live:
        name, arn = group["logGroupName"], group["arn"].removesuffix(":*")
        tags = tags_of(context, arn, "logs", "list_tags_for_resource", "tags", resourceArn=arn)
        properties = {
            "name": name,
            "retention_days": group.get("retentionInDays"),
            "kms_key": group.get("kmsKeyId", ""),
        }
        made_by_rds = name.startswith(OF_RDS) and not owner_of(tags)
        owner = context.scope.deployment if made_by_rds else owner_of(tags)
        return Live(address, name, properties, {"id": name, "arn": arn, "name": name, "tagged": not made_by_rds}, owner)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The group with its key and tags; retention is set by `update`."""
        key = {"kmsKeyId": properties["kms_key"]} if properties.get("kms_key") else {}
        tags = context.scope.tags(address)
        with ignoring("ResourceAlreadyExistsException"):
            context.aws.write("logs", "create_log_group", logGroupName=properties["name"], tags=tags, **key)
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Retention, and the key for what is written from now on."""
        aws = context.aws
        if not live.attributes["tagged"]:
            aws.write("logs", "tag_resource", resourceArn=live.attributes["arn"], tags=context.scope.tags(live.address))
        if "retention_days" in changed:
            days = properties["retention_days"]
            aws.write("logs", "put_retention_policy", logGroupName=live.id, retentionInDays=days)
        if "kms_key" in changed and properties["kms_key"]:
            aws.write("logs", "associate_kms_key", logGroupName=live.id, kmsKeyId=properties["kms_key"])
        elif "kms_key" in changed:
            aws.write("logs", "disassociate_kms_key", logGroupName=live.id)

    def delete(self, context: Context, live: Live) -> None:
        """With everything in it; a late writer would make it again, so writers go first."""
        with ignoring("ResourceNotFoundException"):
            context.aws.write("logs", "delete_log_group", logGroupName=live.id)


def _folder(name: str) -> str:
    """The name up to its last slash; the name itself when that would list the whole account."""
    folder = name.rpartition("/")[0]
    return f"{folder}/" if folder else name
