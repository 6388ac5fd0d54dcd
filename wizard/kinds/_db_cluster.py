"""A DB cluster as DescribeDBClusters shows it, in our shape, and what its API calls our properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Live, Properties
from wizard.kinds._named import owner_of
from wizard.kinds._rds import groups_of, is_said, log_exports_of, password_in

SETTINGS = {
    "version": "EngineVersion",
    "security_groups": "VpcSecurityGroupIds",
    "deletion_protection": "DeletionProtection",
    "backup_days": "BackupRetentionPeriod",
    "parameter_group": "DBClusterParameterGroupName",
}
"""Properties that have the same parameter in the create and in the modify call."""
CAPACITY = frozenset({"min_capacity", "max_capacity"})
UNIT_USD = {"aurora-postgresql": 0.12, "docdb": 0.0822}
"""An hour of one capacity unit (ACU, DCU), us-east-1."""


def live(item: Mapping[str, Any], address: str) -> Live:
    """A `Live`; what waits for a maintenance window counts as set."""
    name, arn, state = item["DBClusterIdentifier"], item["DBClusterArn"], item["Status"]
    tags = tag_map(item.get("TagList"))
    now = {**item, **(item.get("PendingModifiedValues") or {})}
    capacity = item.get("ServerlessV2ScalingConfiguration") or {}
    properties = {
        "name": name,
        "engine": item["Engine"],
        "version": now.get("EngineVersion"),
        "username": item.get("MasterUsername"),
        "password": password_in(tags),
        "managed_password": bool(item.get("MasterUserSecret")),
        "secret_key": (item.get("MasterUserSecret") or {}).get("KmsKeyId"),
        "subnet_group": item.get("DBSubnetGroup"),
        "security_groups": groups_of(item),
        "kms_key": item.get("KmsKeyId"),
        "encrypted": item.get("StorageEncrypted", False),
        "deletion_protection": item.get("DeletionProtection", False),
        "backup_days": now.get("BackupRetentionPeriod"),
        "parameter_group": item.get("DBClusterParameterGroup"),
        "database": item.get("DatabaseName"),
        "min_capacity": capacity.get("MinCapacity"),
        "max_capacity": capacity.get("MaxCapacity"),
        "log_exports": log_exports_of(item),
    }
    if state == "deleting":
        # On its way out: as a whole it is not what is wanted, so a plan replaces it.
        properties = {"name": name, "engine": item["Engine"]}
    attributes = {"id": name, "arn": arn, "name": name, "status": state}
    hosts = {"host": item.get("Endpoint"), "reader_host": item.get("ReaderEndpoint"), "port": item.get("Port")}
    hosts["secret_arn"] = (item.get("MasterUserSecret") or {}).get("SecretArn")
    return Live(address, name, properties, attributes | {k: v for k, v in hosts.items() if v}, owner_of(tags))


def settings(properties: Properties, names: frozenset[str] | None = None) -> dict[str, Any]:
    """Parameters of the create or modify call for the properties that have a value."""
    values = {
        parameter: properties[name]
        for name, parameter in SETTINGS.items()
        if is_said(properties.get(name)) and (names is None or name in names)
    }
    if is_said(properties.get("max_capacity")) and (names is None or CAPACITY & names):
        values["ServerlessV2ScalingConfiguration"] = {
            "MinCapacity": float(properties.get("min_capacity") or 0),
            "MaxCapacity": float(properties["max_capacity"]),
        }
    return values


def capacity_problems(properties: Properties) -> list[str]:
    """AWS: Aurora goes from 0 to 256 units, DocumentDB from 0.5 to 256, in halves, and the least is not the most."""
    engine, low, high = (properties.get(name) for name in ("engine", "min_capacity", "max_capacity"))
    least = 0.5 if engine == "docdb" else 0.0
    found = []
    for name, value in (("min_capacity", low), ("max_capacity", high)):
        if isinstance(value, (int, float)) and (not least <= value <= 256 or value * 2 != int(value * 2)):
            found.append(f"{name} of a serverless cluster is {least:g} to 256 in steps of 0.5, not {value}")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and (low > high or high < 1):
        found.append(f"max_capacity must be at least 1 and at least min_capacity, not {high} with {low}")
    return found


def monthly_usd(properties: Properties) -> float | None:
    """Of the least capacity for 730 hours; a cluster of instances costs what its instances and gigabytes do."""
    low, price = properties.get("min_capacity"), UNIT_USD.get(str(properties.get("engine")))
    if low is None:
        return 0.0
    return round(low * price * 730, 2) if isinstance(low, (int, float)) and price is not None else None
