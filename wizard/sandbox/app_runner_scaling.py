"""App Runner's autoscaling configurations: each change of one is a new revision under the same name."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wizard.sandbox.handling import Call, Refused, handles
from wizard.sandbox.world import ACCOUNT, on_reset

DEFAULT_NAME = "DefaultConfiguration"
DEFAULTS = {"MaxConcurrency": 100, "MinSize": 1, "MaxSize": 25}


@dataclass
class Scaling:
    """One revision of an autoscaling configuration."""

    arn: str
    name: str
    revision: int
    limits: dict[str, int]
    created_at: datetime
    tags: dict[str, str] = field(default_factory=dict)


_KNOWN: dict[str, dict[str, Scaling]] = {}
"""Revisions by Region and ARN, oldest first."""
_NUMBERS: dict[tuple[str, str], itertools.count[int]] = {}
"""A number is never given twice, even after a delete."""
USED_BY: list[Callable[[str], bool]] = []
"""Asked whether a service uses the revision with this ARN."""


def known(region: str) -> dict[str, Scaling]:
    """The revisions of a Region by ARN."""
    return _KNOWN.setdefault(region, {})


def default(call: Call) -> Scaling:
    """The configuration that a service has when it names none."""
    found = next((one for one in known(call.region).values() if one.name == DEFAULT_NAME), None)
    return found or _make(call, DEFAULT_NAME, DEFAULTS, {})


def find(call: Call, arn: str) -> Scaling:
    """A revision by its ARN, or the latest one by the ARN without revision. Raises `Refused` when there is none."""
    revisions = known(call.region)
    latest = [one for one in revisions.values() if arn in (one.arn, one.arn.rsplit("/", 2)[0])]
    if not latest:
        raise Refused("ResourceNotFoundException", f"Resource {arn} does not exist.")
    return latest[-1]


def summary(one: Scaling) -> dict[str, Any]:
    """An AutoScalingConfigurationSummary."""
    return {
        "AutoScalingConfigurationArn": one.arn,
        "AutoScalingConfigurationName": one.name,
        "AutoScalingConfigurationRevision": one.revision,
        "Status": "ACTIVE",
        "CreatedAt": one.created_at,
        "HasAssociatedService": _used(one.arn),
        "IsDefault": one.name == DEFAULT_NAME,
    }


def _whole(call: Call, one: Scaling) -> dict[str, Any]:
    return summary(one) | one.limits | {"Latest": find(call, one.arn.rsplit("/", 2)[0]) is one}


def _used(arn: str) -> bool:
    return any(asked(arn) for asked in USED_BY)


def _make(call: Call, name: str, limits: dict[str, int], tags: dict[str, str]) -> Scaling:
    number = next(_NUMBERS.setdefault((call.region, name), itertools.count(1)))
    arn = f"arn:aws:apprunner:{call.region}:{ACCOUNT}:autoscalingconfiguration/{name}/{number}/{uuid.uuid4().hex}"
    one = known(call.region)[arn] = Scaling(arn, name, number, dict(limits), call.clock.now(), tags)
    return one


@handles("apprunner", "CreateAutoScalingConfiguration")
def create(call: Call) -> dict[str, Any]:
    """A first or the next revision of that name."""
    limits = DEFAULTS | {key: call.params[key] for key in DEFAULTS if key in call.params}
    if limits["MinSize"] > limits["MaxSize"]:
        raise Refused("InvalidRequestException", "MinSize must not be greater than MaxSize.")
    tags = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags", ())}
    one = _make(call, call.params["AutoScalingConfigurationName"], limits, tags)
    return {"AutoScalingConfiguration": _whole(call, one)}


@handles("apprunner", "DescribeAutoScalingConfiguration")
def describe(call: Call) -> dict[str, Any]:
    """One revision."""
    return {"AutoScalingConfiguration": _whole(call, find(call, call.params["AutoScalingConfigurationArn"]))}


@handles("apprunner", "ListAutoScalingConfigurations")
def list_all(call: Call) -> dict[str, Any]:
    """Revisions of one name or of all, newest first; only the latest ones when asked for."""
    default(call)
    name, latest = call.params.get("AutoScalingConfigurationName"), call.params.get("LatestOnly")
    found: dict[str, Scaling] = {}
    for one in reversed(known(call.region).values()):
        if name in (None, one.name):
            found.setdefault(one.name if latest else one.arn, one)
    return {"AutoScalingConfigurationSummaryList": [summary(one) for one in found.values()]}


@handles("apprunner", "DeleteAutoScalingConfiguration")
def delete(call: Call) -> dict[str, Any]:
    """One revision, or all of that name; not while a service uses it."""
    one = find(call, call.params["AutoScalingConfigurationArn"])
    revisions = known(call.region)
    doomed = [other for other in revisions.values() if other.name == one.name]
    doomed = doomed if call.params.get("DeleteAllRevisions") else [one]
    if one.name == DEFAULT_NAME:
        raise Refused("InvalidRequestException", "The default auto scaling configuration can't be deleted.")
    if used := [other for other in doomed if _used(other.arn)]:
        raise Refused("InvalidRequestException", f"Auto scaling configuration {used[0].arn} is in use by a service.")
    shown = _whole(call, one) | {"Status": "INACTIVE", "DeletedAt": call.clock.now()}
    for other in doomed:
        del revisions[other.arn]
    return {"AutoScalingConfiguration": shown}


@on_reset
def _clear() -> None:
    _KNOWN.clear()
    _NUMBERS.clear()
