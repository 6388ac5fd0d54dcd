"""A DB instance of Amazon RDS for PostgreSQL: private, with a final snapshot when it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.kinds import _db_instance, _rds, _rds_verbs
from wizard.kinds._named import addresses_by_name, ignoring, with_surplus
from wizard.kinds._rds_verbs import INSTANCES

USER_LIMIT, PASSWORD_LIMIT = 16, 128


class DbInstance(Kind):
    """By identifier. AWS shows no password: a tag tells which one was set last."""

    name = "db_instance"
    title = "RDS DB instance"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = _rds_verbs.IMMUTABLE | {"lifecycle_support"}
    uses = _rds_verbs.USES
    data = True
    leaves_behind = "a final snapshot, paid by the gigabyte until it is deleted"
    poll_seconds = 15
    lag_seconds = _rds.LAG_SECONDS
    settling = (
        Settling("create", "ValidationError", "RDS couldn't fetch the role from instance profile", 120),
        Settling("update", "InvalidParameterValue", "IAM role ARN value is invalid", 4800),
        *_rds_verbs.SETTLING,
    )
    iam = {
        "read": ("rds:DescribeDBInstances",),
        "create": (
            "rds:CreateDBInstance",
            "rds:AddTagsToResource",
            *_rds_verbs.KEY_ACTIONS,
            *_rds_verbs.SECRET_ACTIONS,
            "iam:CreateServiceLinkedRole",
        ),
        "update": (
            "rds:ModifyDBInstance",
            "rds:AddTagsToResource",
            *_rds_verbs.KEY_ACTIONS,
            "secretsmanager:CreateSecret",
        ),
        "delete": ("rds:ModifyDBInstance", "rds:DeleteDBInstance", "rds:CreateDBSnapshot"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Identifier, user, database name, storage, backups."""
        found = _rds.identifier_problems(properties.get("name"))
        found += _rds.user_problems(properties.get("engine"), properties.get("username"), USER_LIMIT)
        found += _rds.backup_problems(properties.get("backup_days"), 0)
        database, storage = properties.get("database"), properties.get("storage_gib")
        if isinstance(database, str) and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", database):
            found.append(f"the database {database!r} must be 1-63 letters, digits or _ and begin with a letter")
        if isinstance(storage, int) and not 20 <= storage <= 65536:
            found.append(f"gp3 storage is 20 to 65,536 GiB, not {storage}")
        most = properties.get("max_storage_gib")
        if isinstance(most, int) and isinstance(storage, int) and most and most * 10 < storage * 11:
            found.append(f"a disk that grows by itself needs a tenth more room than {storage} GiB, not up to {most}")
        if isinstance(properties.get("kms_key"), str) and properties.get("encrypted") is False:
            found.append("a DB instance with a KMS key is an encrypted one: kms_key needs encrypted")
        return found

    def refusal(self, live: Live, properties: Properties) -> str:
        """RDS upgrades and never goes back."""
        return _rds.downgrade(live.properties.get("version"), properties.get("version"))

    def create_seconds(self, properties: Properties) -> float:
        """5-17 minutes, five more with a standby."""
        return 840 if properties.get("multi_az") is True else 540

    def delete_seconds(self, properties: Properties) -> float:
        """3-10 minutes with the snapshot."""
        return 300

    def limit_seconds(self, properties: Properties) -> float:
        """A change of class or version may take longer than the create."""
        return 4800

    def monthly_usd(self, properties: Properties) -> float | None:
        """Instance and storage."""
        return _db_instance.monthly_usd(properties)

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """By meaning. A disk may have grown by itself, and AWS makes none smaller: a larger one is as wanted."""
        if name == "storage_gib":
            return isinstance(actual, int) and isinstance(desired, int) and actual >= desired
        return _rds_verbs.same(name, desired, actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeDBInstances, filtered by identifiers."""
        names = with_surplus(context, self.name, addresses_by_name(wanted), ":")
        found = _rds.described(context, "describe_db_instances", "DBInstances", "db-instance-id", list(names))
        return [_db_instance.live(item, names[item["DBInstanceIdentifier"]]) for item in found]

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything in one call. What AWS would choose unsafely is always said: private, encryption, protection."""
        more: dict[str, Any] = {
            "EnableCloudwatchLogsExports": properties.get("log_exports") or None,
            "KmsKeyId": properties.get("kms_key"),
            "DBName": properties.get("database"),
            "MaxAllocatedStorage": properties.get("max_storage_gib") or None,
            "EngineLifecycleSupport": _db_instance.LIFECYCLE.get(properties.get("lifecycle_support") or "disabled"),
        }
        with ignoring("DBInstanceAlreadyExists"):
            context.aws.write(
                "rds",
                "create_db_instance",
                DBInstanceIdentifier=properties["name"],
                Engine=properties["engine"],
                MasterUsername=properties["username"],
                DBSubnetGroupName=properties["subnet_group"],
                StorageType="gp3",
                StorageEncrypted=bool(properties.get("encrypted")),
                AutoMinorVersionUpgrade=True,
                Tags=_rds.set_tags(context, address, properties),
                **{"DeletionProtection": False, "PubliclyAccessible": False, **_db_instance.settings(properties)},
                **_rds_verbs.login(properties, address, PASSWORD_LIMIT),
                **{key: value for key, value in more.items() if _rds.is_said(value)},
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """In one call."""
        settings = _db_instance.settings(properties, changed)
        if "max_storage_gib" in changed:
            settings |= _db_instance.growth(properties, live)
        _rds_verbs.change(context, INSTANCES, live, properties, changed, settings, PASSWORD_LIMIT)

    def delete(self, context: Context, live: Live) -> None:
        """With a final snapshot, unless AWS can take none in that state."""
        dead = live.attributes["status"] in _rds.WITHOUT_SNAPSHOT
        snapshot = {} if dead else {"FinalDBSnapshotIdentifier": _rds.final_snapshot(context, live.id)}
        _rds_verbs.remove(context, INSTANCES, live, snapshot)

    def is_on_its_way(self, live: Live) -> bool:
        """In creation, in change, or failed."""
        return not _rds.is_usable(live)

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready."""
        answer = context.aws.read("rds", "describe_db_instances", DBInstanceIdentifier=live.id)
        item = _db_instance.live(answer["DBInstances"][0], live.address)
        return _rds.status_of(item.attributes["status"], "DB instance", item.attributes["was_ready"])
