"""A call as the `aws` command that does the same, to copy and to learn from. Values of secrets are never in it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.aws.calls import CallRecord

MASK = "***"
SECRET_MEMBERS = frozenset({"SecretString", "SecretBinary", "MasterUserPassword", "Password", "ClientSecret"})
"""Members of requests that carry a secret's value, in every service that we call."""
SECRET_VALUES = frozenset({("ssm", "PutParameter", "Value")})
"""Members that carry one in one call only."""
COMMAND_OF = {"s3": "s3api"}
"""Services whose command differs from botocore's name."""


def as_command(record: CallRecord) -> str:
    """The command for an answered call."""
    words = ["aws", COMMAND_OF.get(record.service, record.service), kebab(record.operation)]
    for name, value in record.params.items():
        words += _option(record, name, value)
    return " ".join(words)


def kebab(name: str) -> str:
    """`DescribeDBInstances` as the command line spells it: `describe-db-instances`."""
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1-\2", parted).lower()


def _option(record: CallRecord, name: str, value: Any) -> list[str]:
    flag = f"--{kebab(name)}"
    if isinstance(value, bool):
        return [flag if value else f"--no-{kebab(name)}"]
    if name == "Body" or isinstance(value, bytes):
        return [flag, "FILE"]
    if name in SECRET_MEMBERS or (record.service, record.operation, name) in SECRET_VALUES:
        return [flag, shlex.quote(MASK)]
    if isinstance(value, (str, int, float)):
        return [flag, shlex.quote(str(value))]
    if isinstance(value, (list, tuple)) and value and all(isinstance(each, str) for each in value):
        return [flag, *(shlex.quote(each) for each in value)]
    return [flag, shlex.quote(json.dumps(masked(value), separators=(",", ":"), default=str))]


def masked(value: Any) -> Any:
    """A structure without the values of secrets in it."""
    if isinstance(value, Mapping):
        return {key: MASK if key in SECRET_MEMBERS else masked(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(inner) for inner in value]
    return value
