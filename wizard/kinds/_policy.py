"""IAM policy documents: the same meaning in different spellings, and their sizes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

LISTS = ("Action", "NotAction", "Resource", "NotResource")


def document(policy: Any) -> Mapping[str, Any]:
    """A policy as a mapping, whichever way AWS sent it: parsed, JSON text, or JSON text with percent signs."""
    if isinstance(policy, Mapping):
        return policy
    parsed: Mapping[str, Any] = json.loads(unquote(policy) if policy.startswith("%") else policy)
    return parsed


def canonical(policy: Any) -> str:
    """The policy in one spelling: text and one-element lists are alike, and order means nothing."""
    if not policy:
        return ""
    return json.dumps(sorted(_spelled(one) for one in _statements(policy)))


def same_policy(desired: Any, actual: Any) -> bool:
    """Whether two policy documents mean the same."""
    return canonical(desired) == canonical(actual)


def both(before: Any, desired: Any, longest: int) -> Any:
    """A policy that allows what either allows; the desired one when both together are too long for AWS."""
    if not before or not desired:
        return desired
    wanted = {_spelled(_unnamed(one)) for one in _statements(desired)}
    # The id of a statement must be unique in its policy, and means nothing.
    old = [plain for plain in map(_unnamed, _statements(before)) if _spelled(plain) not in wanted]
    together = {**document(desired), "Statement": [*_statements(desired), *old]}
    return together if old and size(together) <= longest else desired


def size(policy: Any) -> int:
    """Characters that count against IAM's limits: white space does not."""
    return len(json.dumps(policy, separators=(",", ":"), default=repr))


def _statements(policy: Any) -> list[Mapping[str, Any]]:
    found = document(policy).get("Statement", [])
    return list(found) if isinstance(found, list) else [found]


def _unnamed(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key != "Sid"}


def _spelled(statement: Mapping[str, Any]) -> str:
    return json.dumps(_statement(statement), sort_keys=True, default=repr)


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in statement.items() if value not in (None, "", {}, [])}
    for key in LISTS:
        if key in plain:
            plain[key] = _listed(plain[key])
    for key in ("Principal", "NotPrincipal"):
        if isinstance(plain.get(key), Mapping):
            plain[key] = {kind: _listed(who) for kind, who in plain[key].items()}
    if "Condition" in plain:
        plain["Condition"] = {
            operator: {key.lower(): _listed(value) for key, value in keys.items()}
            for operator, keys in plain["Condition"].items()
        }
    return plain


def _listed(value: Any) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return sorted(str(item).lower() if isinstance(item, bool) else str(item) for item in values)
