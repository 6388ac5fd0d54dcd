"""Controls about what must not be lost or altered: protection, backups, and containers that stay as they were built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wizard.advice.controls.commands import CLUSTER, CONTAINERS, INSTANCE, REPOSITORY
from wizard.advice.controls.control import Around, Carrier, Control, Judge, State, Verdict
from wizard.advice.controls.judging import at_least, is_on, shows, verdict
from wizard.engine.kind import Live

INTEGRITY = "164.312(c)(1)"
BACKUP = "164.308(a)(7)(ii)(A)"
MALWARE = "164.308(a)(5)(ii)(B)"
PASSWORDS = "164.308(a)(5)(ii)(D)"
BACKUP_DAYS = 7

_SECRET_NAME = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PWD|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET)_?KEY)$", re.IGNORECASE
)
_SECRET_VALUE = re.compile(r"://[^/\s:@]*:[^@\s]+@|AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY")
"""An address with a password in it, an AWS access key, a private key in PEM."""
_PLAIN = re.compile(r"arn:\S+|\d*|true|false", re.IGNORECASE)
"""Where a secret is, a number or a switch: no secret, whatever the variable is called."""


def of_what_runs(judge: Judge) -> Judge:
    """The verdict about a task definition, unless a service runs another revision of it."""

    def joined(live: Live, around: Around) -> Verdict:
        family = f":task-definition/{live.attributes.get('family')}:"
        for service in around.of_kind("service"):
            runs = str(service.properties.get("task_definition") or "")
            if family in runs and runs != live.id:
                other = runs.rpartition("/")[2]
                return Verdict(State.BROKEN, f"the service runs {other}, not what the blueprint declares")
        return judge(live, around)

    return joined


def _cannot_be_written(boxes: Any) -> Verdict:
    writable = [box["name"] for box in boxes if box.get("readonlyRootFilesystem") is not True]
    return verdict(not writable, "every root file system is read-only", f"writable: {', '.join(writable)}")


def _has_no_plain_secret(boxes: Any) -> Verdict:
    variables = [variable for box in boxes for variable in box.get("environment") or ()]
    found = sorted(set(_secrets_among(variables)))
    return verdict(
        not found,
        f"none of {len(variables)} plain variables looks like a secret",
        f"plain variables that look like secrets: {', '.join(found)}",
    )


def _secrets_among(variables: list[Any]) -> Iterator[str]:
    for variable in variables:
        name, value = str(variable["name"]), str(variable.get("value") or "")
        if _SECRET_VALUE.search(value) or (_SECRET_NAME.search(name) and not _PLAIN.fullmatch(value)):
            yield name


_PROTECTED = is_on("deletion_protection", "deletion protection")

KEEPING = (
    Control(
        "deletion-protected",
        "AWS refuses to delete databases, tables, user accounts and the load balancer.",
        INTEGRITY,
        (
            Carrier(
                "db_instance",
                _PROTECTED,
                INSTANCE.format("DeletionProtection"),
            ),
            Carrier(
                "db_cluster",
                _PROTECTED,
                CLUSTER.format("DeletionProtection"),
            ),
            Carrier(
                "table",
                _PROTECTED,
                "aws dynamodb describe-table --table-name {name} --query Table.DeletionProtectionEnabled",
            ),
            Carrier(
                "load_balancer",
                _PROTECTED,
                "aws elbv2 describe-load-balancer-attributes --load-balancer-arn {arn}",
            ),
            Carrier(
                "user_pool",
                _PROTECTED,
                "aws cognito-idp describe-user-pool --user-pool-id {id} --query UserPool.DeletionProtection",
            ),
        ),
    ),
    Control(
        "restorable",
        "What is overwritten, deleted or broken can be brought back.",
        BACKUP,
        (
            Carrier("bucket", is_on("versioning", "versioning"), "aws s3api get-bucket-versioning --bucket {name}"),
            Carrier(
                "file_system", is_on("backups", "daily backup"), "aws efs describe-backup-policy --file-system-id {id}"
            ),
            Carrier(
                "db_instance",
                at_least("backup_days", BACKUP_DAYS, "days of backups"),
                INSTANCE.format("BackupRetentionPeriod"),
            ),
            Carrier(
                "db_cluster",
                at_least("backup_days", BACKUP_DAYS, "days of backups"),
                CLUSTER.format("BackupRetentionPeriod"),
            ),
            Carrier(
                "table",
                is_on("pitr", "point-in-time recovery"),
                "aws dynamodb describe-continuous-backups --table-name {name}",
            ),
        ),
    ),
    Control(
        "root-read-only",
        "Nobody can change the program in a running container.",
        INTEGRITY,
        (
            Carrier(
                "task_definition",
                of_what_runs(shows("containers", _cannot_be_written)),
                CONTAINERS.format("readonlyRootFilesystem"),
            ),
        ),
    ),
    Control(
        "no-plain-secret",
        "No secret stands in a plain environment variable, where everybody who may look at a task reads it.",
        PASSWORDS,
        (
            Carrier(
                "task_definition",
                of_what_runs(shows("containers", _has_no_plain_secret)),
                CONTAINERS.format("environment"),
            ),
        ),
    ),
    Control(
        "images-scanned",
        "Images are searched for known weaknesses when they are pushed.",
        MALWARE,
        (
            Carrier(
                "repository",
                is_on("scan_on_push", "the scan on push"),
                REPOSITORY.format("imageScanningConfiguration"),
            ),
        ),
    ),
)
