"""Checks a request in full against botocore's model: required members, types, enums, patterns, lengths, ranges, sizes.

AWS refuses what breaks its model and boto3 and moto mostly let it through. The error has the code and the wording of
the service that is asked; a sensitive value is not repeated in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wizard.sandbox import patterns
from wizard.sandbox.handling import Refused
from wizard.sandbox.wire import Target

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("s3", "BucketLocationConstraint"): "enum: S3 has an error of its own for it, InvalidLocationConstraint",
}
"""Shapes whose rules are not applied, each with the reason."""

_SKIPPED: set[str] = set()

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "blob": (str, bytes, bytearray),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}
_LENGTH_TYPES = ("string", "blob")
_NUMBERS = ("integer", "long", "float", "double")

_CODES = {
    "apprunner": "InvalidRequestException",
    "cognito-idp": "InvalidParameterException",
    "ec2": "InvalidParameterValue",
    "ecr": "InvalidParameterException",
    "ecs": "InvalidParameterException",
    "elasticache": "InvalidParameterValue",
    "efs": "BadRequest",
    "logs": "InvalidParameterException",
    "mq": "BadRequestException",
    "rds": "InvalidParameterValue",
    "docdb": "InvalidParameterValue",
    "resourcegroupstaggingapi": "InvalidParameterException",
    "route53": "InvalidInput",
    "s3": "InvalidArgument",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
    "wafv2": "WAFInvalidParameterException",
}
_MISSING_CODES = {
    "ec2": "MissingParameter",
    "rds": "MissingParameter",
    "docdb": "MissingParameter",
    "s3": "MalformedXML",
}
_DEFAULT_CODES = {"json": "ValidationException", "rest-json": "ValidationException"}


@dataclass(frozen=True)
class Violation:
    """One rule that one member breaks."""

    member: str
    rule: str
    value: str | None
    missing: bool = False


def check(target: Target, params: dict[str, Any]) -> None:
    """Raise `Refused`, naming every rule that is broken."""
    shape = target.operation.input_shape
    if shape is None:
        return
    violations = list(_violations(target.service, shape, params, "", sensitive=False))
    if violations:
        raise _refusal(target, violations)


def unchecked() -> list[str]:
    """Shapes met so far whose pattern has no equal in Python, and the shapes that are excepted with the reason."""
    return sorted(_SKIPPED) + sorted(f"{service}:{name}: {why}" for (service, name), why in EXCEPTIONS.items())


def _refusal(target: Target, violations: list[Violation]) -> Refused:
    first = violations[0]
    if target.service == "ec2":
        if first.missing:
            return Refused("MissingParameter", f"The request must contain the parameter {first.member}")
        shown = f" ({first.value})" if first.value is not None else ""
        return Refused("InvalidParameterValue", f"Value{shown} for parameter {first.member} is invalid. {first.rule}")
    default = _DEFAULT_CODES.get(target.protocol, "ValidationError")
    code = _CODES.get(target.service, default)
    if first.missing:
        code = _MISSING_CODES.get(target.service, code)
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
    return Refused(code, count + "; ".join(_sentence(violation) for violation in violations))


def _sentence(violation: Violation) -> str:
    value = "null" if violation.missing else f"'{violation.value}'" if violation.value is not None else ""
    return f"Value {value} at '{violation.member}' failed to satisfy constraint: {violation.rule}".replace("  ", " ")


def _violations(service: str, shape: Any, value: Any, path: str, *, sensitive: bool) -> Iterator[Violation]:
    if (service, shape.name) in EXCEPTIONS or getattr(shape, "is_document_type", False):
        return
    hidden = sensitive or bool(shape.metadata.get("sensitive"))
    if not _has_type(shape.type_name, value):
        yield Violation(path, f"Member must be a {shape.type_name}", _shown(value, hidden))
        return
    yield from _own_violations(service, shape, value, path, hidden)
    if shape.type_name == "structure":
        yield from _structure_violations(service, shape, value, path, hidden)
    elif shape.type_name == "list":
        for index, item in enumerate(value, start=1):
            yield from _violations(service, shape.member, item, f"{path}.{index}.member", sensitive=hidden)
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _violations(service, shape.key, key, f"{path}.key", sensitive=hidden)
            yield from _violations(service, shape.value, item, f"{path}.{key}", sensitive=hidden)


def _structure_violations(service: str, shape: Any, value: Any, path: str, hidden: bool) -> Iterator[Violation]:
    prefix = f"{path}." if path else ""
    for name in shape.required_members:
        if value.get(name) is None:
            yield Violation(f"{prefix}{name}", "Member must not be null", None, missing=True)
    if shape.metadata.get("union") and len(value) != 1:
        yield Violation(path, "Exactly one member must be given", _shown(list(value), hidden))
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _violations(service, member, value[name], f"{prefix}{name}", sensitive=hidden)


def _own_violations(service: str, shape: Any, value: Any, path: str, hidden: bool) -> Iterator[Violation]:
    rules = shape.metadata
    kind = shape.type_name
    if kind in _NUMBERS:
        if "min" in rules and value < rules["min"]:
            yield Violation(
                path, f"Member must have value greater than or equal to {rules['min']}", _shown(value, hidden)
            )
        if "max" in rules and value > rules["max"]:
            yield Violation(path, f"Member must have value less than or equal to {rules['max']}", _shown(value, hidden))
    elif kind in (*_LENGTH_TYPES, "list", "map"):
        if "min" in rules and len(value) < rules["min"]:
            yield Violation(
                path, f"Member must have length greater than or equal to {rules['min']}", _shown(value, hidden)
            )
        if "max" in rules and len(value) > rules["max"]:
            yield Violation(
                path, f"Member must have length less than or equal to {rules['max']}", _shown(value, hidden)
            )
    if kind != "string":
        return
    allowed = rules.get("enum")
    if allowed and value not in allowed:
        yield Violation(path, f"Member must satisfy enum value set: [{', '.join(allowed)}]", _shown(value, hidden))
    if pattern := rules.get("pattern"):
        expression = patterns.compiled(pattern)
        if expression is None:
            _SKIPPED.add(f"{service}:{shape.name}: pattern has no equal in Python")
        elif not expression.fullmatch(value):
            rule = f"Member must satisfy regular expression pattern: {pattern}"
            yield Violation(path, rule, _shown(value, hidden))


def _has_type(kind: str, value: Any) -> bool:
    if isinstance(value, bool) and kind in _NUMBERS:
        return False
    return isinstance(value, _TYPES.get(kind, (object,)))


def _shown(value: Any, hidden: bool) -> str | None:
    if hidden:
        return None
    return str(value, "utf-8", "replace") if isinstance(value, (bytes, bytearray)) else str(value)
