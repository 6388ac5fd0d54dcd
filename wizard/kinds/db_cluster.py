"""A cluster of Amazon DocumentDB or Aurora PostgreSQL: storage and endpoints; its instances are made apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Status
from wizard.kinds import _db_cluster, _rds, _rds_verbs
from wizard.kinds._named import addresses_by_name, ignoring, with_surplus
from wizard.kinds._rds_verbs import clusters_of

ENGINES = ("docdb", "aurora-postgresql")
USER_LIMIT = {"docdb": 63, "aurora-postgresql": 16}
PASSWORD_LIMIT = {"docdb": 100, "aurora-postgresql": 128}


class DbCluster(Kind):
    """By identifier. AWS shows no password: a tag tells which one was set last."""

    name = "db_cluster"
    title = "DB cluster"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = _rds_verbs.IMMUTABLE
    uses = _rds_verbs.USES
    data = True
    lag_seconds = _rds.LAG_SECONDS
    leaves_behind = "a final snapshot, paid by the gigabyte until it is deleted"
    settling = _rds_verbs.SETTLING
    iam = {
        "read": ("rds:DescribeDBClusters",),
        "create": (
            "rds:CreateDBCluster",
            "rds:AddTagsToResource",
            *_rds_verbs.KEY_ACTIONS,
            *_rds_verbs.SECRET_ACTIONS,
            "iam:CreateServiceLinkedRole",
        ),
        "update": (
            "rds:ModifyDBCluster",
            "rds:AddTagsToResource",
            *_rds_verbs.KEY_ACTIONS,
            "secretsmanager:CreateSecret",
        ),
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

    def refusal(self, live: Live, properties: Properties) -> str:
        """The engine upgrades and never goes back; another engine is another cluster."""
        if live.properties["engine"] != properties["engine"]:
            return ""
        return _rds.downgrade(live.properties.get("version"), properties.get("version"))

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
        """By meaning."""
        return _rds_verbs.same(name, desired, actual)

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
                DBSubnetGroupName=properties["subnet_group"],
                StorageEncrypted=bool(properties.get("encrypted")),
                Tags=_rds.set_tags(context, address, properties),
                **{"DeletionProtection": False, **_db_cluster.settings(properties)},
                **_rds_verbs.login(properties, address, PASSWORD_LIMIT.get(properties["engine"], 100)),
                **{key: value for key, value in more.items() if _rds.is_said(value)},
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """In one call."""
        engine = properties["engine"]
        settings = _db_cluster.settings(properties, changed)
        _rds_verbs.change(
            context, clusters_of(engine), live, properties, changed, settings, PASSWORD_LIMIT.get(engine, 100)
        )

    def delete(self, context: Context, live: Live) -> None:
        """With a final snapshot; AWS refuses while instances are in it."""
        snapshot = {"FinalDBSnapshotIdentifier": _rds.final_snapshot(context, live.id)}
        _rds_verbs.remove(context, clusters_of(live.properties["engine"]), live, snapshot)

    def is_on_its_way(self, live: Live) -> bool:
        """In creation, in change, or failed."""
        return not _rds.is_usable(live)

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready. A cluster that failed is never taken for a corpse: it may hold data."""
        answer = context.aws.read("rds", "describe_db_clusters", DBClusterIdentifier=live.id)
        return _rds.status_of(answer["DBClusters"][0]["Status"], "DB cluster", was_ready=True)
