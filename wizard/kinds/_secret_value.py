"""Values of secrets: their version ids, made-up ones, and the calls that move the current version."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import Context, Live
from wizard.engine.values import SecretInput, Sensitive
from wizard.errors import PreflightError, UsageError
from wizard.kinds._named import owner_of

TOKEN_LENGTH = 64
"""AWS: a ClientRequestToken has 32 to 64 characters."""
CURRENT = "AWSCURRENT"
ALPHABET = string.ascii_letters + string.digits


def token_of(value: Sensitive) -> str:
    """The version id that a value has in AWS."""
    return value.fingerprint[:TOKEN_LENGTH]


def mark_of(value: Sensitive) -> str:
    """The start of a version's id, enough to see that it is another one."""
    return value.fingerprint[:6]


def current_version(entry: Mapping[str, Any]) -> str:
    """The id of the current version, from an entry of ListSecrets or DescribeSecret; empty when there is none."""
    stages = entry.get("SecretVersionsToStages") or entry.get("VersionIdsToStages") or {}
    return next((str(version) for version, names in stages.items() if CURRENT in names), "")


def value_of(wanted: Any, token: str, address: str) -> tuple[str, str]:
    """Version id and value to write. Raises `UsageError` when nobody supplied a value that must be supplied."""
    if isinstance(wanted, Sensitive):
        return token_of(wanted), wanted.reveal()
    if isinstance(wanted, SecretInput) and wanted.generate:
        return token, made_up(wanted.generate)
    name = wanted.name if isinstance(wanted, SecretInput) else address.partition(".")[2]
    raise UsageError(
        f"the secret {name} has no value",
        evidence=f"{address} has none in AWS, and none was given",
        safe="this secret was not made",
        next_step=f"give it by one of: --secrets-file FILE with {name}=…; the environment variable "
        f"PILOTAGE_SECRET_{name}; pilotage secrets set {name}; or generate: true for {name} under secrets: "
        "in the blueprint",
    )


def made_up(length: int) -> str:
    """A random value of letters and digits, which every URL and every password rule takes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def write_value(context: Context, live: Live, wanted: Any) -> None:
    """Make a value the current one, also one that this secret had before: then its version only needs its stage."""
    version, value = value_of(wanted, context.token(live.address), live.address)
    answer = context.aws.write(
        "secretsmanager", "put_secret_value", SecretId=live.id, SecretString=value, ClientRequestToken=version
    )
    now = live.properties["value"].fingerprint
    if CURRENT not in (answer.get("VersionStages") or ()) and now != version:
        leaving = {"RemoveFromVersionId": now} if now else {}
        context.aws.write(
            "secretsmanager",
            "update_secret_version_stage",
            SecretId=live.id,
            VersionStage=CURRENT,
            MoveToVersionId=version,
            **leaving,
        )


def restore(context: Context, name: str, tags: Mapping[str, str]) -> None:
    """Take back the deletion of our own secret of this name; its value is set by `update`."""
    found = context.aws.read("secretsmanager", "describe_secret", SecretId=name)
    owner = owner_of(tag_map(found.get("Tags")))
    if owner != context.scope.deployment:
        raise PreflightError(
            f"the secret name {name} is taken until its deletion is over",
            evidence=f"it is scheduled for deletion and {'belongs to ' + owner if owner else 'has no pilotage tag'}",
            safe="it was not touched",
            next_step="choose another name in the blueprint (names:), or wait until AWS has deleted it",
        )
    context.aws.write("secretsmanager", "restore_secret", SecretId=name)
    context.aws.write("secretsmanager", "tag_resource", SecretId=name, Tags=tag_list(tags))
