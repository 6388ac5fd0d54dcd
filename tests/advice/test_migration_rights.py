"""Who may run a migration: those who release, and only tasks of this deployment."""

from __future__ import annotations

from tests.advice.papers import starter
from wizard.advice.cost import price_list, price_text
from wizard.advice.permissions import Role
from wizard.advice.policy import policy_for

MIGRATE = "services.backend.migrate={container: backend, command: [alembic, upgrade, head]}"
PAPER = starter("fasttriage", "dev", MIGRATE)


def resources(role: Role, action: str) -> set[str]:
    return {arn for each in policy_for(PAPER, role).statements if action in each.actions for arn in each.resources}


def test_a_release_may_run_it_and_somebody_on_call_may_only_look() -> None:
    for role in (Role.SETUP, Role.CI):
        assert [arn for arn in resources(role, "ecs:RunTask") if ":task-definition/" in arn]
        assert "*" not in resources(role, "ecs:RunTask")
    assert not resources(Role.ONCALL, "ecs:RunTask")
    assert not resources(Role.CI, "ecs:StopTask")


def test_its_success_may_be_recorded_on_own_revisions_only() -> None:
    marked = {arn for arn in resources(Role.CI, "ecs:TagResource") if ":task-definition/" in arn}
    assert marked == {
        f"arn:aws:ecs:us-east-1:{PAPER.scope.account}:task-definition/fasttriage-dev-{name}:*"
        for name in ("backend", "worker")
    }


def test_it_costs_nothing_that_comes_every_month() -> None:
    assert "migration" not in price_text(price_list(PAPER))
