"""A DB instance as DescribeDBInstances shows it, in our shape, and what its API calls our properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Live, Properties
from wizard.kinds import prices
from wizard.kinds._named import owner_of
from wizard.kinds._rds import groups_of, is_said, log_exports_of, password_in

LIFECYCLE = {
    "disabled": "open-source-rds-extended-support-disabled",
    "enabled": "open-source-rds-extended-support",
}
SETTINGS = {
    "version": "EngineVersion",
    "instance_class": "DBInstanceClass",
    "storage_gib": "AllocatedStorage",
    "multi_az": "MultiAZ",
    "security_groups": "VpcSecurityGroupIds",
    "deletion_protection": "DeletionProtection",
    "backup_days": "BackupRetentionPeriod",
    "parameter_group": "DBParameterGroupName",
    "performance_insights": "EnablePerformanceInsights",
    "public": "PubliclyAccessible",
}
"""Properties that have the same parameter in the create and in the modify call."""
STORAGE_USD = 0.115
"""A GiB of gp3 for a month."""


def live(item: Mapping[str, Any], address: str) -> Live:
    """A `Live`; what waits for a maintenance window or a reboot counts as set."""
    name, arn, state = item["DBInstanceIdentifier"], item["DBInstanceArn"], item["DBInstanceStatus"]
    tags = tag_map(item.get("TagList"))
    now = {**item, **(item.get("PendingModifiedValues") or {})}
    lifecycle = {theirs: ours for ours, theirs in LIFECYCLE.items()}
    properties = {
        "name": name,
        "engine": item["Engine"],
        "version": now.get("EngineVersion"),
        "instance_class": now.get("DBInstanceClass"),
        "storage_gib": now.get("AllocatedStorage"),
        "max_storage_gib": item.get("MaxAllocatedStorage") or 0,
        "multi_az": now.get("MultiAZ", False),
        "username": item.get("MasterUsername"),
        "password": password_in(tags),
        "managed_password": bool(item.get("MasterUserSecret")),
        "secret_key": (item.get("MasterUserSecret") or {}).get("KmsKeyId"),
        "database": item.get("DBName"),
        "subnet_group": (item.get("DBSubnetGroup") or {}).get("DBSubnetGroupName"),
        "security_groups": groups_of(item),
        "kms_key": item.get("KmsKeyId"),
        "encrypted": item.get("StorageEncrypted", False),
        "deletion_protection": item.get("DeletionProtection", False),
        "backup_days": now.get("BackupRetentionPeriod"),
        "parameter_group": next((g["DBParameterGroupName"] for g in item.get("DBParameterGroups") or ()), None),
        "lifecycle_support": lifecycle.get(item.get("EngineLifecycleSupport", ""), item.get("EngineLifecycleSupport")),
        "performance_insights": item.get("PerformanceInsightsEnabled", False),
        "public": item.get("PubliclyAccessible", False),
        "log_exports": log_exports_of(item),
    }
    if state == "deleting":
        # On its way out: as a whole it is not what is wanted, so a plan replaces it.
        properties = {"name": name}
    attributes = {"id": name, "arn": arn, "name": name, "status": state, "was_ready": "InstanceCreateTime" in item}
    endpoint = item.get("Endpoint") or {}
    if endpoint.get("Address"):
        attributes |= {"host": endpoint["Address"], "port": endpoint["Port"]}
    if secret := (item.get("MasterUserSecret") or {}).get("SecretArn"):
        attributes["secret_arn"] = secret
    return Live(address, name, properties, attributes, owner_of(tags))


def growth(properties: Properties, live: Live) -> dict[str, Any]:
    """How far the disk may grow by itself. AWS turns that off when the limit is what there is already."""
    there = max(int(properties.get("storage_gib") or 0), int(live.properties["storage_gib"]))
    return {"MaxAllocatedStorage": properties["max_storage_gib"] or there}


def settings(properties: Properties, names: frozenset[str] | None = None) -> dict[str, Any]:
    """Parameters of the create or modify call for the properties that have a value."""
    return {
        parameter: properties[name]
        for name, parameter in SETTINGS.items()
        if is_said(properties.get(name)) and (names is None or name in names)
    }


def monthly_usd(properties: Properties) -> float | None:
    """Of 730 hours with the storage; both double with a standby."""
    hourly = prices.hourly(prices.instance(properties.get("engine", "postgres"), properties.get("instance_class")))
    storage = properties.get("storage_gib")
    if hourly is None:
        return None
    once = hourly * 730 + (storage if isinstance(storage, int) else 0) * STORAGE_USD
    return round(once * (2 if properties.get("multi_az") is True else 1), 2)
