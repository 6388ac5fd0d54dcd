"""What is asked of DB instances and of DB clusters in the same words: to change, to go, and who keeps the password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.engine.kind import Context, Live, Properties, Settling
from wizard.kinds import _rds
from wizard.kinds._named import ignoring

PASSWORD = frozenset({"password", "managed_password"})
IMMUTABLE = frozenset(
    {"name", "engine", "username", "database", "subnet_group", "kms_key", "encrypted"},
)
USES = frozenset({"db_subnet_group", "db_parameter_group", "security_group", "kms_key", "log_group"})
SETTLING = (
    Settling("create", "InvalidParameterValue", "service linked role", 120),
    Settling("create", "InvalidParameterValue", "IAM role ARN value is invalid", 120),
    *_rds.NOT_NOW,
)
KEY_ACTIONS = ("kms:CreateGrant", "kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey")
SECRET_ACTIONS = ("secretsmanager:CreateSecret", "secretsmanager:TagResource")
"""RDS makes the secret of a password that it manages in the caller's name."""


@dataclass(frozen=True)
class Api:
    """Whose calls these are: the client, the noun in them, and the parameter that names one."""

    client: str
    noun: str
    identifier: str


INSTANCES = Api("rds", "db_instance", "DBInstanceIdentifier")


def clusters_of(engine: str) -> Api:
    """The calls about clusters; those of DocumentDB have a client of their own."""
    return Api(_rds.client_of(engine), "db_cluster", "DBClusterIdentifier")


def same(name: str, desired: Any, actual: Any) -> bool:
    """The version by its major, the password by its fingerprint, lists without order.

    AWS never changes the key of a secret that RDS keeps, and another key is not worth another database: it is said when
    the secret is made, and a later wish for another one changes nothing.
    """
    if name == "password":
        return _rds.same_password(desired, actual)
    if name == "version":
        return _rds.same_major(desired, actual)
    if name == "secret_key":
        return True
    if name in ("security_groups", "log_exports"):
        return sorted(desired) == sorted(actual or ())
    return bool(desired == actual)


def login(properties: Properties, address: str, longest: int) -> dict[str, Any]:
    """The password as AWS takes it, or that AWS is to make and keep one, encrypted with a key that stays for good."""
    if properties.get("managed_password"):
        key = properties.get("secret_key")
        return {"ManageMasterUserPassword": True, **({"MasterUserSecretKmsKeyId": key} if key else {})}
    return {"MasterUserPassword": _rds.revealed(properties.get("password"), address, longest)}


def change(
    context: Context,
    api: Api,
    live: Live,
    properties: Properties,
    changed: frozenset[str],
    settings: Mapping[str, Any],
    longest: int,
) -> None:
    """All at once and at once, not in the next maintenance window."""
    values = dict(settings)
    if "version" in changed:
        values["AllowMajorVersionUpgrade"] = True
    if "log_exports" in changed:
        values["CloudwatchLogsExportConfiguration"] = _rds.exports(properties["log_exports"], live)
    if changed & PASSWORD:
        values |= login(properties, live.address, longest)
        if "managed_password" in changed and not properties["managed_password"]:
            values["ManageMasterUserPassword"] = False
    context.aws.write(api.client, f"modify_{api.noun}", **{api.identifier: live.id}, ApplyImmediately=True, **values)
    if "MasterUserPassword" in values:
        _rds.retag_password(context, live.attributes["arn"], properties["password"])


def remove(context: Context, api: Api, live: Live, snapshot: Mapping[str, str]) -> None:
    """Protection off, then with the final snapshot, unless there is none to take."""
    if live.attributes["status"] == "deleting":
        return
    which = {api.identifier: live.id}
    with ignoring(*_rds.GONE):
        if live.properties.get("deletion_protection"):
            context.aws.write(
                api.client, f"modify_{api.noun}", **which, DeletionProtection=False, ApplyImmediately=True
            )
    _rds.unless_going(
        lambda: context.aws.write(api.client, f"delete_{api.noun}", **which, SkipFinalSnapshot=not snapshot, **snapshot)
    )
