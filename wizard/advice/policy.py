"""IAM policies for the three roles, split where IAM's limit on the length of one demands it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wizard.advice.grants import Statement, statements
from wizard.advice.paper import Paper
from wizard.advice.permissions import Role, grants

LIMIT = 6144
"""IAM: characters of a managed policy, white space not counted."""
MOST_DOCUMENTS = 10
"""IAM: managed policies that one role may have unless its quota is raised."""


@dataclass(frozen=True)
class Policy:
    """One or more documents that together let a role do its work."""

    role: Role
    deployment: str
    parts: tuple[tuple[Statement, ...], ...]

    @property
    def documents(self) -> tuple[Mapping[str, Any], ...]:
        """As IAM takes them, each within its limit."""
        return tuple(_document(part) for part in self.parts)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Those of all documents."""
        return tuple(each for part in self.parts for each in part)

    def reasons(self) -> Iterable[tuple[str, tuple[str, ...], str]]:
        """Each statement whose resources stay open: its Sid, its actions and why."""
        return [(each.sid, each.actions, each.why.sentence) for each in self.statements if each.why]


def policy_for(paper: Paper, role: Role) -> Policy:
    """The least that a role needs for a deployment."""
    return Policy(role, paper.deployment, tuple(_parted(statements(grants(paper, role)))))


def length(document: Mapping[str, Any]) -> int:
    """Its characters as IAM counts them."""
    return len("".join(json.dumps(document, separators=(",", ":")).split()))


def _document(part: Iterable[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [each.as_json() for each in part]}


def _parted(found: Iterable[Statement]) -> Iterable[tuple[Statement, ...]]:
    """Fill documents one after another; a statement that is too long for one is halved."""
    part: list[Statement] = []
    for statement in (piece for each in found for piece in _halved(each)):
        if part and length(_document([*part, statement])) > LIMIT:
            yield tuple(part)
            part = []
        part.append(statement)
    yield tuple(part)


def _halved(statement: Statement) -> Iterable[Statement]:
    if length(_document([statement])) <= LIMIT:
        yield statement
        return
    field = "resources" if len(statement.resources) > len(statement.actions) else "actions"
    items: tuple[str, ...] = getattr(statement, field)
    middle = len(items) // 2
    for letter, half in (("a", items[:middle]), ("b", items[middle:])):
        changes: dict[str, Any] = {field: half, "sid": f"{statement.sid}{letter}"}
        yield from _halved(replace(statement, **changes))
