"""The console says how a service is in a word, and never calls old news live."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from screens.console import drawing, note
from screens.console.watch import Seen
from wizard.release.diagnosis.rule import Diagnosis
from wizard.release.metrics import Series
from wizard.release.readiness import Can, Finding, Readiness
from wizard.release.revision import ImageUse, Outcome, Revision
from wizard.release.rollout import Rollout, Verdict
from wizard.release.service_ref import Platform, ServiceRef
from wizard.release.tasks import TaskState

REF = ServiceRef(Platform.ECS, "backend", "arn:backend", "main", "chatkit/prod", "backend")
CANARY = "canary-7f3a"


def rollout(verdict: Verdict, **numbers: Any) -> Rollout:
    known = Rollout(verdict, "what is happening", "backend", "arn/backend:43", "arn/backend:43", desired=2, running=2)
    return replace(known, **numbers)


def revision(number: int, **fields: Any) -> Revision:
    definition = {
        "containerDefinitions": [
            {"name": "app", "image": f"app@sha256:{number:0<64}", "environment": [{"name": "MODE", "value": CANARY}]}
        ]
    }
    image = ImageUse("app", "app:v1", f"sha256:{number:064x}")
    return Revision(f"arn/backend:{number}", number, f"backend:{number}", (image,), definition=definition, **fields)


SEEN = Seen(
    REF,
    rollout=rollout(Verdict.FAILED, running=0),
    revisions=(
        revision(43, serving=True, outcome=Outcome.FAILED),
        revision(42, outcome=Outcome.WORKED, healthy_minutes=2460.0),
    ),
    readiness={"arn/backend:42": Readiness(Can.YES)},
    diagnosis=Diagnosis(
        "exited", "the container ends with 1", "KeyError: 'DATABASE_URL'\nexit code 1", "nothing", "look"
    ),
)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (rollout(Verdict.SUCCESSFUL), "OK"),
        (rollout(Verdict.SUCCESSFUL, running=1), "LACKING"),
        (rollout(Verdict.SUCCESSFUL, running=0), "DOWN"),
        (rollout(Verdict.SUCCESSFUL, desired=0, running=0), "IDLE"),
        (rollout(Verdict.IN_PROGRESS, running=0), "ROLLING"),
        (rollout(Verdict.IN_PROGRESS, running=0, failed=1), "FAILING"),
        (rollout(Verdict.FAILED, running=0), "DOWN"),
        (rollout(Verdict.STOPPED), "DOWN"),
        (rollout(Verdict.ROLLED_BACK), "OK"),
        (None, "LOOKING"),
    ],
)
def test_a_service_has_one_word(state: Rollout | None, word: str) -> None:
    assert drawing.verdict_word(state)[0] == word


def test_the_head_says_state_cause_and_evidence() -> None:
    lines = [text.plain for text in drawing.head(SEEN, "", 120)]
    assert lines[0].startswith(" DOWN")
    assert "the container ends with 1" in lines[1]
    assert "KeyError: 'DATABASE_URL'" in lines[2]


def test_what_was_read_long_ago_is_not_called_live() -> None:
    fresh = replace(SEEN, at=time.monotonic())
    old = replace(SEEN, at=time.monotonic() - 120)
    assert drawing.age(fresh).startswith("live")
    assert drawing.age(old).startswith("NOT LIVE")


def test_the_revision_that_a_rollback_takes_is_marked_and_what_runs_is_too() -> None:
    rows = {row.key: row.text.plain for row in drawing.revisions(SEEN, 42)}
    assert "← goes here" in rows["42"]
    assert "yes" in rows["42"]
    assert "41 h healthy" in rows["42"]
    assert "runs now" in rows["43"]


def test_a_revision_that_cannot_start_says_why_on_its_line() -> None:
    no = replace(
        SEEN, readiness={"arn/backend:42": Readiness(Can.NO, (Finding("image", Can.NO, "image gone from ECR"),))}
    )
    rows = {row.key: row.text.plain for row in drawing.revisions(no, None)}
    assert "no: image gone from ECR" in rows["42"]


def test_the_difference_shows_no_variables_value() -> None:
    words = "\n".join(row.text.plain for row in drawing.difference(SEEN, 42, 43))
    assert "app image" in words
    assert CANARY not in words


def test_a_task_that_ended_says_why_below_its_line() -> None:
    ended = TaskState(
        "0123456789",
        "backend:43",
        "STOPPED",
        "UNKNOWN",
        "10.0.0.1",
        None,
        datetime.now(UTC),
        "OutOfMemory",
        {"app": 137},
    )
    words = "\n".join(row.text.plain for row in drawing.tasks(replace(SEEN, tasks=(ended,))))
    assert "OutOfMemory; app exits 137" in words


def test_a_chart_has_eight_heights_and_a_dot_where_nothing_was_measured() -> None:
    assert drawing.chart([0, None, 50, 100]) == "▁·▄█"
    assert drawing.chart([None, None]) == "··"
    row = drawing.metrics([Series("CPU", "%", (10.0, None, 80.0))], 80)[0].text.plain
    assert "80%" in row


def test_the_incident_note_tells_the_whole_and_no_value() -> None:
    text = note.incident(SEEN, ["rolled back to backend:42"])
    assert "rolled back to backend:42" in text
    assert "KeyError: 'DATABASE_URL'" in text
    assert "| backend:42 |" in text
    assert CANARY not in text
