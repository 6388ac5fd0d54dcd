"""A DB instance of Amazon RDS for PostgreSQL: private, with a final snapshot when it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.kinds import _db_instance, _rds
from wizard.kinds._named import addresses_by_name, ignoring, with_surplus

USER_LIMIT, PASSWORD_LIMIT = 16, 128


class DbInstance(Kind):
    """By identifier. AWS shows no password: a tag tells which one was set last."""

    name = "db_instance"
    title = "RDS DB instance"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset(
        {"name", "engine", "username", "database", "subnet_group", "kms_key", "encrypted", "lifecycle_support"}
    )
    uses = frozenset({"db_subnet_group", "db_parameter_group", "security_group", "kms_key"})
    data = True
    leaves_behind = "a final snapshot, paid by the gigabyte until it is deleted"
    poll_seconds = 15
    lag_seconds = _rds.LAG_SECONDS
    settling = (
        Settling("create", "ValidationError", "RDS couldn't fetch the role from instance profile", 120),
        Settling("create", "InvalidParameterValue", "service linked role", 120),
        Settling("create", "InvalidParameterValue", "IAM role ARN value is invalid", 120),
        Settling("update", "InvalidParameterValue", "IAM role ARN value is invalid", 4800),
        *_rds.NOT_NOW,
    )
    iam = {
        "read": ("rds:DescribeDBInstances",),
        "create": (
            "rds:CreateDBInstance",
            "rds:AddTagsToResource",
            "kms:CreateGrant",
            "kms:DescribeKey",
            "secretsmanager:CreateSecret",
            "secretsmanager:TagResource",
            "iam:CreateServiceLinkedRole",
        ),
        "update": ("rds:ModifyDBInstance", "rds:AddTagsToResource", "secretsmanager:CreateSecret"),
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
        if isinstance(properties.get("kms_key"), str) and properties.get("encrypted") is False:
            found.append("a DB instance with a KMS key is an encrypted one: kms_key needs encrypted")
        return found

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
        """The version by its major, the password by its fingerprint, lists without order."""
        if name == "password":
            return _rds.same_password(desired, actual)
        if name == "version":
            return _rds.same_major(desired, actual)
        if name in ("security_groups", "log_exports"):
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

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
                PubliclyAccessible=False,
                AutoMinorVersionUpgrade=True,
                Tags=_rds.set_tags(context, address, properties),
                **{"DeletionProtection": False, **_db_instance.settings(properties)},
                **_login(properties, address),
                **{key: value for key, value in more.items() if _rds.is_said(value)},
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """All at once and at once, not in the next maintenance window."""
        values = _db_instance.settings(properties, changed)
        if "version" in changed:
            values["AllowMajorVersionUpgrade"] = True
        if "log_exports" in changed:
            values["CloudwatchLogsExportConfiguration"] = _rds.exports(properties["log_exports"], live)
        if changed & {"password", "managed_password"}:
            values |= _login(properties, live.address)
            if properties.get("managed_password") is False:
                values["ManageMasterUserPassword"] = False
        context.aws.write("rds", "modify_db_instance", DBInstanceIdentifier=live.id, ApplyImmediately=True, **values)
        if "MasterUserPassword" in values:
            _rds.retag_password(context, live.attributes["arn"], properties["password"])

    def delete(self, context: Context, live: Live) -> None:
        """Protection off, then with a final snapshot, unless AWS can take none in that state."""
        if live.attributes["status"] == "deleting":
            return
        aws, name = context.aws, live.id
        dead = live.attributes["status"] in _rds.WITHOUT_SNAPSHOT
        snapshot = {} if dead else {"FinalDBSnapshotIdentifier": _rds.final_snapshot(context, name)}
        with ignoring(*_rds.GONE):
            if live.properties.get("deletion_protection"):
                aws.write(
                    "rds",
                    "modify_db_instance",
                    DBInstanceIdentifier=name,
                    DeletionProtection=False,
                    ApplyImmediately=True,
                )
        _rds.unless_going(
            lambda: aws.write(
                "rds", "delete_db_instance", DBInstanceIdentifier=name, SkipFinalSnapshot=dead, **snapshot
            )
        )

    def is_on_its_way(self, live: Live) -> bool:
        """In creation, in change, or failed."""
        return not _rds.is_usable(live)

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready."""
        answer = context.aws.read("rds", "describe_db_instances", DBInstanceIdentifier=live.id)
        item = _db_instance.live(answer["DBInstances"][0], live.address)
        return _rds.status_of(item.attributes["status"], "DB instance", item.attributes["was_ready"])


def _login(properties: Properties, address: str) -> dict[str, Any]:
    """The password as AWS takes it, or that AWS is to make and keep one."""
    if properties.get("managed_password"):
        return {"ManageMasterUserPassword": True}
    return {"MasterUserPassword": _rds.revealed(properties.get("password"), address, PASSWORD_LIMIT)}
