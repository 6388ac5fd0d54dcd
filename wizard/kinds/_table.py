"""A table's keys and settings as DynamoDB takes and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Properties

ROLES = {"hash_key": "HASH", "range_key": "RANGE"}


def key_schema(properties: Properties) -> dict[str, Any]:
    """Keys for the create call."""
    keys = {role: properties[name] for name, role in ROLES.items() if properties.get(name)}
    return {
        "KeySchema": [{"AttributeName": key["name"], "KeyType": role} for role, key in keys.items()],
        "AttributeDefinitions": [{"AttributeName": key["name"], "AttributeType": key["type"]} for key in keys.values()],
    }


def keys_of(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The keys as properties."""
    types = {one["AttributeName"]: one["AttributeType"] for one in table.get("AttributeDefinitions") or ()}
    names = {one["KeyType"]: one["AttributeName"] for one in table.get("KeySchema") or ()}
    return {
        name: {"name": names[role], "type": types.get(names[role], "")} for name, role in ROLES.items() if role in names
    }


def encryption(key: str) -> dict[str, Any]:
    """Encryption with a KMS key; without one DynamoDB's own key encrypts, which is free."""
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else {"Enabled": False}


def backups_of(context: Context, name: str) -> bool:
    """Whether every second of the last 35 days can be brought back."""
    answer = context.aws.read("dynamodb", "describe_continuous_backups", TableName=name)
    recovery = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    return bool(recovery.get("PointInTimeRecoveryStatus") == "ENABLED")


def ttl_of(context: Context, name: str) -> str:
    """The attribute whose time ends an item, empty when there is none."""
    answer = context.aws.read("dynamodb", "describe_time_to_live", TableName=name)["TimeToLiveDescription"]
    return str(answer["AttributeName"]) if answer.get("TimeToLiveStatus") in ("ENABLED", "ENABLING") else ""


def set_ttl(context: Context, name: str, wanted: str, now: str) -> None:
    """Another attribute needs the first one switched off; AWS takes one such change an hour."""
    for attribute, on in ((now, False), (wanted, True)):
        if attribute:
            specification = {"Enabled": on, "AttributeName": attribute}
            context.aws.write("dynamodb", "update_time_to_live", TableName=name, TimeToLiveSpecification=specification)


def back_up(context: Context, name: str, backup: str) -> None:
    """Ask for a backup of this name, unless an earlier try has done so; the table cannot go before it is taken."""
    answer = context.aws.read("dynamodb", "list_backups", TableName=name)
    if all(one["BackupName"] != backup for one in answer.get("BackupSummaries") or ()):
        context.aws.write("dynamodb", "create_backup", TableName=name, BackupName=backup)
