"""A replay does not move what somebody holds, on whatever it runs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wizard.deployment.replaying import refuse_held
from wizard.engine.kind import Live
from wizard.errors import ExitCode, Held
from wizard.release.hold import Hold

HOLD = Hold("ana", "incident 12", "2026-11-26T03:00:00Z")


def plan(kind: str, changed: str, hold: Hold | None) -> Any:
    live = Live(f"{kind}.web", "arn", {}, {"hold": hold.as_json() if hold else None})
    change = SimpleNamespace(address=changed, kind=changed.partition(".")[0])
    return SimpleNamespace(needed=[change], live={live.address: live}, deployment="shop/prod")


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("service", "service.web"),
        ("service", "task_definition.web"),
        ("express_service", "express_service.web"),
        ("app_runner_service", "app_runner_service.web"),
    ],
)
def test_a_change_of_a_held_service_is_refused_with_who_why_and_since_when(kind: str, changed: str) -> None:
    with pytest.raises(Held) as refused:
        refuse_held(plan(kind, changed, HOLD))
    assert refused.value.exit_code is ExitCode.LOCKED
    assert refused.value.evidence == "held by ana since 2026-11-26T03:00:00Z: incident 12"
    assert "pilotage release shop/prod/web" in refused.value.next_step


@pytest.mark.parametrize(("changed", "hold"), [("service.web", None), ("bucket.web", HOLD), ("service.other", HOLD)])
def test_what_nobody_holds_moves(changed: str, hold: Hold | None) -> None:
    refuse_held(plan("service", changed, hold))
