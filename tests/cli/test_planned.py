"""A plan as text."""

from __future__ import annotations

from typing import Any

from wizard.cli.planned import plan_text, value
from wizard.engine.plan import Action, Change, Plan
from wizard.engine.values import UNKNOWN, Sensitive
from wizard.engine.world import Difference


def plan_of(*changes: Change, **fields: Any) -> Plan:
    return Plan("a/dev", changes, "digest", sum(change.seconds for change in changes), **fields)


def test_changes_are_grouped_the_gravest_first_with_reason_risk_and_differences() -> None:
    secret = Difference("password", Sensitive("old", lambda: "old-value"), Sensitive("new", lambda: "new-value"))
    plan = plan_of(
        Change("vpc.main", Action.CREATE, "not there yet", seconds=2),
        Change("service.web", Action.UPDATE, "count differs", (Difference("count", 1, 2), secret)),
        Change("database.main", Action.REPLACE, "AWS cannot change engine", risk="its data would be lost", seconds=600),
        Change("bucket.old", Action.DELETE, "no longer in the blueprint", risk="its data would be lost"),
        Change("role.web", Action.NO_OP, "as it should be"),
        critical_path=("vpc.main", "database.main"),
        not_priced=("service.web",),
        live={"role.web": object()},
    )
    assert plan_text(plan, 1.0) == [
        "",
        "1 to remove",
        "  -   bucket.old   no longer in the blueprint   risk: its data would be lost",
        "",
        "1 to replace",
        "  -/+ database.main   AWS cannot change engine   risk: its data would be lost   about 10 min",
        "",
        "1 to change",
        "  ~   service.web   count differs",
        "        count: 1 → 2",
        "        password: (secret) → (secret)",
        "",
        "1 to create",
        "  +   vpc.main",
        "",
        "time   about 10 min",
        "       longest chain: database.main 10 min",
        "not in the price   1 resource: service",
    ]


def test_nothing_to_change_is_nothing_to_read() -> None:
    assert plan_text(plan_of(), 1.0) == []


def test_values_are_short_and_on_one_line() -> None:
    assert value(None) == "(not set)"
    assert value(UNKNOWN) == "(known after apply)"
    assert value("a\n  b") == "a b"
    assert value({"b": 1, "a": [True]}) == '{"a": [true], "b": 1}'
    assert len(value("x" * 500)) == 60
