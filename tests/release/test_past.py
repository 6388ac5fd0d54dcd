"""What follows from the deployments that AWS remembers: outcome and healthy minutes of each revision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from wizard.release.past import Past, remembered
from wizard.release.revision import Outcome

START = datetime(2026, 11, 26, 3, tzinfo=UTC)
NOW = START + timedelta(minutes=100)


def past(definition: str, status: str, began: float, ended: float | None = None, reason: str = "") -> Past:
    end = None if ended is None else START + timedelta(minutes=ended)
    return Past(f"{definition}-{began}", status, definition, START + timedelta(minutes=began), end, reason)


HISTORIES: Mapping[str, tuple[tuple[Past, ...], dict[str, tuple[Outcome, float]]]] = {
    "one that serves": ((past("a", "SUCCESSFUL", 0, 10),), {"a": (Outcome.WORKED, 90)}),
    "one after the other": (
        (past("b", "SUCCESSFUL", 40, 50), past("a", "SUCCESSFUL", 0, 10)),
        {"a": (Outcome.WORKED, 40), "b": (Outcome.WORKED, 50)},
    ),
    "a failed one in between takes nothing away": (
        (past("b", "ROLLBACK_SUCCESSFUL", 40, 60), past("a", "SUCCESSFUL", 0, 10)),
        {"a": (Outcome.WORKED, 90), "b": (Outcome.FAILED, 0)},
    ),
    "back to the first": (
        (past("a", "SUCCESSFUL", 70, 80), past("b", "SUCCESSFUL", 40, 50), past("a", "SUCCESSFUL", 0, 10)),
        {"a": (Outcome.WORKED, 60), "b": (Outcome.WORKED, 30)},
    ),
    "one in flight": (
        (past("b", "IN_PROGRESS", 90), past("a", "SUCCESSFUL", 0, 10)),
        {"a": (Outcome.WORKED, 90), "b": (Outcome.IN_PROGRESS, 0)},
    ),
    "one that is being given up": (
        (past("b", "ROLLBACK_IN_PROGRESS", 90), past("a", "SUCCESSFUL", 0, 10)),
        {"b": (Outcome.FAILED, 0)},
    ),
    "one that worked once and failed later": (
        (past("a", "ROLLBACK_FAILED", 90, 95), past("a", "SUCCESSFUL", 0, 10)),
        {"a": (Outcome.WORKED, 90)},
    ),
    "one that was superseded before anybody knew": (
        (past("b", "SUCCESSFUL", 20, 30), past("a", "STOPPED", 0, 20, "Service deployment superseded by a new one.")),
        {"a": (Outcome.UNKNOWN, 0), "b": (Outcome.WORKED, 70)},
    ),
    "one that the circuit breaker stopped without going back": (
        (past("a", "STOPPED", 0, 20, "Service deployment failed because of circuit breaker threshold exceeded."),),
        {"a": (Outcome.FAILED, 0)},
    ),
}


@pytest.mark.parametrize("history", HISTORIES)
def test_outcome_and_healthy_minutes_follow_from_the_deployments(history: str) -> None:
    deployments, expected = HISTORIES[history]
    memory = remembered(deployments, NOW)
    for definition, (outcome, minutes) in expected.items():
        assert (memory[definition].outcome, memory[definition].minutes) == (outcome, minutes)


def test_how_long_a_deployment_took_is_told_in_the_seconds_of_aws() -> None:
    assert remembered((past("a", "SUCCESSFUL", 0, 2),), NOW, pace=60)["a"].seconds == 7200
