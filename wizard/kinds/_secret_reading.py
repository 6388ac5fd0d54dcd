"""Secrets as Secrets Manager shows them: everything but their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Context, Live
from wizard.engine.values import Sensitive
from wizard.kinds._named import owner_of
from wizard.kinds._secret_value import CURRENT, current_version, mark_of

PREFIXES = 10
"""How many names one filter of ListSecrets takes."""


def live(context: Context, entry: Mapping[str, Any], address: str) -> Live | None:
    """A `Live` of an entry of ListSecrets or DescribeSecret; None when it is scheduled for deletion."""
    if entry.get("DeletedDate"):
        return None
    arn, name = entry["ARN"], entry["Name"]

    def reveal() -> str:
        answer = context.aws.read("secretsmanager", "get_secret_value", SecretId=arn, VersionStage=CURRENT)
        return str(answer["SecretString"])

    value = Sensitive(current_version(entry), reveal)
    properties = {
        "name": name,
        "value": value,
        "description": entry.get("Description", ""),
        "kms_key": entry.get("KmsKeyId", ""),
    }
    attributes = {"id": arn, "arn": arn, "name": name, "value": value, "version": mark_of(value)}
    return Live(address, arn, properties, attributes, owner_of(tag_map(entry.get("Tags"))))


def list_secrets(context: Context, names: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Every secret whose name begins with one of the folders of the names."""
    prefixes = sorted({f"{name.rpartition('/')[0]}/" if "/" in name else name for name in names})
    for start in range(0, len(prefixes), PREFIXES):
        filters = [{"Key": "name", "Values": prefixes[start : start + PREFIXES]}]
        yield from context.aws.pages("secretsmanager", "list_secrets", "SecretList", Filters=filters, MaxResults=100)


def without_suffix(name: str, wanted: Mapping[str, str]) -> str:
    """The name without the six characters that Secrets Manager adds in ARNs."""
    return name if name in wanted else name[:-7]
