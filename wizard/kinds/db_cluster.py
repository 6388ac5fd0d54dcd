"""A cluster of Amazon DocumentDB or Aurora PostgreSQL: storage and endpoints; its instances are made apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.kinds import _db_cluster, _rds
from wizard.kinds._named import addresses_by_name, ignoring, with_surplus

ENGINES = ("docdb", "aurora-postgresql")
USER_LIMIT = {"docdb": 63, "aurora-postgresql": 16}
PASSWORD_LIMIT = {"docdb": 100, "aurora-postgresql": 128}


class DbCluster(Kind):
    """By identifier. AWS shows no password: a tag tells which one was set last."""

    name = "db_cluster"
    title = "DB cluster"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name", "engine", "username", "subnet_group", "kms_key", "encrypted", "database"})
    uses = frozenset({"db_subnet_group", "db_parameter_group", "security_group", "kms_key"})
    data = True
    lag_seconds = _rds.LAG_SECONDS
    leaves_behind = "a final snapshot, paid by the gigabyte until it is deleted"
    settling = (
        Settling("create", "InvalidParameterValue", "IAM role ARN value is invalid", 120),
        Settling("create", "InvalidParameterValue", "service linked role", 120),
        *_rds.NOT_NOW,
    )
    iam = {
        "read": ("rds:DescribeDBClusters",),
        "create": (
            "rds:CreateDBCluster",
            "rds:AddTagsToResource",
            "kms:CreateGrant",
            "kms:DescribeKey",
            "iam:CreateServiceLinkedRole",
        ),
        "update": ("rds:ModifyDBCluster", "rds:AddTagsToResource"),
        "delete": ("rds:ModifyDBCluster", "rds:DeleteDBCluster", "rds:CreateDBClusterSnapshot"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Identifier, engine, user, backups, capacity."""
        found = _rds.identifier_problems(properties.get("name"))
        engine, database = properties.get("engine"), properties.get("database")
        if isinstance(engine, str) and engine not in ENGINES:
            found.append(f"a DB cluster is of {' or '.join(ENGINES)}, not {engine}")
        found += _rds.user_problems(engine, properties.get("username"), USER_LIMIT.get(str(engine), 16))
        found += _rds.backup_problems(properties.get("backup_days"), 1)
        found += _db_cluster.capacity_problems(properties)
        if isinstance(database, str) and engine == "docdb":
            found.append("DocumentDB makes databases when they are first written to: leave database out")
        elif isinstance(database, str) and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", database):
            found.append(f"the database {database!r} must be 1-63 letters, digits or _ and begin with a letter")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """About a minute; the instances take longer."""
        return 60

    def delete_seconds(self, properties: Properties) -> float:
        """A minute, and the snapshot."""
        return 120

    def limit_seconds(self, properties: Properties) -> float:
        """Terraform waits two hours for one."""
        return 7200

    def monthly_usd(self, properties: Properties) -> float | None:
        """The least capacity of a serverless one; otherwise its instances are priced."""
        return _db_cluster.monthly_usd(properties)

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """The version by its major, the password by its fingerprint, lists without order."""
        if name == "password":
            return _rds.same_password(desired, actual)
        if name == "version":
            return _rds.same_major(desired, actual)
        if name in ("security_groups", "log_exports"):
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeDBClusters, filtered by identifiers; RDS lists the clusters of DocumentDB too."""
        names = with_surplus(context, self.name, addresses_by_name(wanted), ":")
        found = _rds.described(context, "describe_db_clusters", "DBClusters", "db-cluster-id", list(names))
        return [_db_cluster.live(item, names[item["DBClusterIdentifier"]]) for item in found]

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything in one call. What AWS would choose unsafely is always said: encryption and protection."""
        more: dict[str, Any] = {
            "EnableCloudwatchLogsExports": properties.get("log_exports") or None,
            "KmsKeyId": properties.get("kms_key"),
            "DatabaseName": properties.get("database"),
        }
        with ignoring("DBClusterAlreadyExistsFault"):
            context.aws.write(
                _rds.client_of(properties["engine"]),
                "create_db_cluster",
                DBClusterIdentifier=properties["name"],
                Engine=properties["engine"],
                MasterUsername=properties["username"],
                MasterUserPassword=_password(properties, address),
                DBSubnetGroupName=properties["subnet_group"],
                StorageEncrypted=bool(properties.get("encrypted")),
                Tags=_rds.set_tags(context, address, properties),
                **{"DeletionProtection": False, **_db_cluster.settings(properties)},
                **{key: value for key, value in more.items() if _rds.is_said(value)},
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """All at once and at once, not in the next maintenance window."""
        values = _db_cluster.settings(properties, changed)
        if "version" in changed:
            values["AllowMajorVersionUpgrade"] = True
        if "log_exports" in changed:
            values["CloudwatchLogsExportConfiguration"] = _rds.exports(properties["log_exports"], live)
        if "password" in changed:
            values["MasterUserPassword"] = _password(properties, live.address)
        service = _rds.client_of(properties["engine"])
        context.aws.write(service, "modify_db_cluster", DBClusterIdentifier=live.id, ApplyImmediately=True, **values)
        if "password" in changed:
            _rds.retag_password(context, live.attributes["arn"], properties["password"])

    def delete(self, context: Context, live: Live) -> None:
        """Protection off, then with a final snapshot; AWS refuses while instances are in it."""
        if live.attributes["status"] == "deleting":
            return
        service, name = _rds.client_of(live.properties["engine"]), live.id
        with ignoring(*_rds.GONE):
            if live.properties.get("deletion_protection"):
                context.aws.write(
                    service,
                    "modify_db_cluster",
                    DBClusterIdentifier=name,
                    DeletionProtection=False,
                    ApplyImmediately=True,
                )
            context.aws.write(
                service,
                "delete_db_cluster",
                DBClusterIdentifier=name,
                SkipFinalSnapshot=False,
                FinalDBSnapshotIdentifier=_rds.final_snapshot(context, name),
            )

    def is_on_its_way(self, live: Live) -> bool:
        """In creation, in change, or failed."""
        return not _rds.is_usable(live)

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready. A cluster that failed is never taken for a corpse: it may hold data."""
        answer = context.aws.read("rds", "describe_db_clusters", DBClusterIdentifier=live.id)
        return _rds.status_of(answer["DBClusters"][0]["Status"], "DB cluster", was_ready=True)


def _password(properties: Properties, address: str) -> str:
    """The password to set, checked."""
    return _rds.revealed(properties.get("password"), address, PASSWORD_LIMIT.get(properties["engine"], 100))
