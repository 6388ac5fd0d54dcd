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
    statements = document(policy).get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return json.dumps(sorted(json.dumps(_statement(one), sort_keys=True, default=repr) for one in listed))


def same_policy(desired: Any, actual: Any) -> bool:
    """Whether two policy documents mean the same."""
    return canonical(desired) == canonical(actual)


def size(policy: Any) -> int:
    """Characters that count against IAM's limits: white space does not."""
    return len(json.dumps(policy, separators=(",", ":"), default=repr))


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
