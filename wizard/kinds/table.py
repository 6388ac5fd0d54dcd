"""A DynamoDB table, paid by the request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Settling, State, Status
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, tags_of, with_surplus
from wizard.kinds._table import back_up, backups_of, encryption, key_schema, keys_of, set_ttl, ttl_of

GONE = ("ResourceNotFoundException", "TableNotFoundException")


class Table(Kind):
    """One change at a time: each setting has a call, and AWS refuses the next while the table is `UPDATING`."""

    name = "table"
    title = "DynamoDB table"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name", "hash_key", "range_key"})
    uses = frozenset({"kms_key"})
    data = True
    lag_seconds = 600
    leaves_behind = "a backup, paid by the gigabyte until it is deleted"
    settling = (
        *(
            Settling(verb, code, "", 1800)
            for verb in ("create", "update", "delete")
            for code in ("ResourceInUseException", "LimitExceededException")
        ),
        Settling("update", "ValidationException", "Time to live has been modified multiple times", 4000),
        Settling("delete", "BackupInUseException", "", 600),
        *(Settling("update", code, "", 300) for code in ("ContinuousBackupsUnavailableException", *GONE)),
    )
    iam = {
        "read": (
            "dynamodb:DescribeTable",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:ListTagsOfResource",
        ),
        "create": ("dynamodb:CreateTable", "dynamodb:TagResource", "kms:CreateGrant", "kms:DescribeKey"),
        "update": ("dynamodb:UpdateTable", "dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTimeToLive"),
        "delete": ("dynamodb:UpdateTable", "dynamodb:ListBackups", "dynamodb:CreateBackup", "dynamodb:DeleteTable"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name and key types."""
        found = []
        name = properties.get("name")
        if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9_.-]{3,255}", name):
            found.append(f"the table name {name!r} must be 3-255 letters, digits or _ . - ({len(name)} now)")
        for role in ("hash_key", "range_key"):
            key = properties.get(role)
            if isinstance(key, Mapping) and key.get("type") not in ("S", "N", "B"):
                found.append(f"a key of a table is of type S, N or B, not {key.get('type')}")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """Some seconds until it is active."""
        return 10

    def delete_seconds(self, properties: Properties) -> float:
        """With the backup."""
        return 20

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the request and the gigabyte."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """A DescribeTable for each, and a call more for each setting that is declared."""
        found = []
        for name, address in with_surplus(context, self.name, addresses_by_name(wanted), "/").items():
            with ignoring(*GONE):
                table = context.aws.read("dynamodb", "describe_table", TableName=name)["Table"]
                found.append(self._live(context, table, address, wanted.get(address, {})))
        return found

    @staticmethod
    def _live(context: Context, table: Mapping[str, Any], address: str, wanted: Properties) -> Live:
        name, arn, state = table["TableName"], table["TableArn"], table["TableStatus"]
        tags = tags_of(context, arn, "dynamodb", "list_tags_of_resource", "Tags", ResourceArn=arn)
        sse = table.get("SSEDescription") or {}
        properties: dict[str, Any] = {
            "name": name,
            **keys_of(table),
            "deletion_protection": table.get("DeletionProtectionEnabled", False),
            "kms_key": sse.get("KMSMasterKeyArn", "")
            if sse.get("Status") in ("ENABLED", "UPDATING", "ENABLING")
            else "",
        }
        if state == "DELETING":
            # On its way out: as a whole it is not what is wanted, so a plan replaces it.
            properties = {"name": name}
        else:
            if wanted.get("pitr") is not None:
                properties["pitr"] = backups_of(context, name)
            if wanted.get("ttl") is not None:
                properties["ttl"] = ttl_of(context, name)
        attributes = {"id": name, "arn": arn, "name": name, "status": state}
        return Live(address, name, properties, attributes, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Keys, encryption, protection and tags; recovery and expiry are set by `update`."""
        with ignoring("ResourceInUseException"):
            context.aws.write(
                "dynamodb",
                "create_table",
                TableName=properties["name"],
                BillingMode="PAY_PER_REQUEST",
                DeletionProtectionEnabled=bool(properties.get("deletion_protection")),
                SSESpecification=encryption(properties.get("kms_key") or ""),
                Tags=tag_list(context.scope.tags(address)),
                **key_schema(properties),
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """A call for each; AWS refuses the next while the table is `UPDATING`, and what is left is then set later."""
        aws, name = context.aws, live.id
        if "kms_key" in changed:
            aws.write("dynamodb", "update_table", TableName=name, SSESpecification=encryption(properties["kms_key"]))
        if "deletion_protection" in changed:
            wanted = bool(properties["deletion_protection"])
            aws.write("dynamodb", "update_table", TableName=name, DeletionProtectionEnabled=wanted)
        if "pitr" in changed:
            recovery = {"PointInTimeRecoveryEnabled": bool(properties["pitr"])}
            aws.write(
                "dynamodb", "update_continuous_backups", TableName=name, PointInTimeRecoverySpecification=recovery
            )
        if "ttl" in changed:
            set_ttl(context, name, properties["ttl"], live.properties.get("ttl") or "")

    def delete(self, context: Context, live: Live) -> None:
        """Protection off, a backup, then the table."""
        aws, name = context.aws, live.id
        if live.attributes["status"] == "DELETING":
            return
        with ignoring(*GONE):
            if live.properties.get("deletion_protection"):
                aws.write("dynamodb", "update_table", TableName=name, DeletionProtectionEnabled=False)
            run = re.sub(r"[^A-Za-z0-9]", "", context.scope.run)[-8:] or "backup"
            back_up(context, name, f"{name[:240]}-final-{run}")
            aws.write("dynamodb", "delete_table", TableName=name)

    def is_on_its_way(self, live: Live) -> bool:
        """In creation or in change."""
        return bool(live.attributes["status"] != "ACTIVE")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`ACTIVE` is ready."""
        state = context.aws.read("dynamodb", "describe_table", TableName=live.id)["Table"]["TableStatus"]
        if state == "ACTIVE":
            return READY
        failed = state in ("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ARCHIVED", "ARCHIVING")
        return Status(State.FAILED if failed else State.PENDING, f"the table is {state}", {"state": state})
