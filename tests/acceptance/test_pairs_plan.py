"""Every pair of choices that go together plans: in a few blueprints that hold them all, against an empty account."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.acceptance.practice import Practice
from tests.options.test_pairs import REFUSED, SECTIONS, blueprint, pairs
from wizard.blueprint.document import Document
from wizard.blueprint.environments import resolve
from wizard.deployment.opening import Connection, Deployment
from wizard.deployment.request import Request
from wizard.deployment.secret_values import SecretValues
from wizard.engine.plan import Action

GIVEN = {"DATABASE": "uri", "MONGO": "mongodb://example.com", "QUEUE": "amqps://example.com", "TOKEN": "t"}
Pair = tuple[str, str]


def covering() -> list[tuple[str, ...]]:
    """Rows of choices, one of each section where it fits, so that each pair stands in one row at least."""
    open_pairs = {pair for pair in pairs() if pair not in REFUSED}
    rows = []
    while open_pairs:
        row: list[str] = list(min(open_pairs))
        for section, choices in SECTIONS.items():
            fitting = [
                choice
                for choice in (f"{section}: {word}" for word, _ in choices)
                if not any(each.startswith(f"{section}: ") for each in row)
                and not any((one, choice) in REFUSED or (choice, one) in REFUSED for one in row)
            ]
            if fitting:
                row.append(max(fitting, key=lambda choice: sum(_pair(choice, one) in open_pairs for one in row)))
        ordered = tuple(sorted(row, key=_place))
        open_pairs -= set(combinations(ordered, 2))
        rows.append(ordered)
    return rows


def _place(choice: str) -> int:
    return list(SECTIONS).index(choice.partition(": ")[0])


def _pair(one: str, other: str) -> Pair:
    first, second = sorted((one, other), key=_place)
    return first, second


def test_the_rows_hold_every_pair_that_is_not_refused() -> None:
    held = {pair for row in covering() for pair in combinations(row, 2)}
    assert held >= set(pairs()) - set(REFUSED)
    assert not held & set(REFUSED)


def test_each_row_plans_against_an_empty_account(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTAGE_HOME", str(practice.home))
    monkeypatch.setenv("PILOTAGE_TIME_SCALE", str(practice.scale))
    before = practice.last_call()
    request = Request(sandbox=True, given=GIVEN)
    connection = Connection(request, "us-east-1")
    for row in covering():
        document = Document(blueprint(*row), "row.yaml")
        asked, environment = resolve(document)
        secrets = SecretValues(f"{asked.name}/{environment}", None, GIVEN)
        plan = Deployment(document, asked, environment, request, connection, secrets).plan()
        made = {change.action for change in plan.changes}
        assert made <= {Action.CREATE, Action.NO_OP}, row
        assert len(plan.needed) > 10, row
    assert not [call for call in practice.calls_since(before) if call["mutating"]]
