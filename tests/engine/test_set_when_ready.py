"""A property that can be set only on what is ready is set last, in the same step or in the next run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.cloud import Cloud, Job, Killed
from tests.engine.test_apply import graph, make_so, plan
from wizard.engine.plan import Action


def test_what_can_be_said_only_of_a_ready_one_is_set_last_and_a_kill_before_it_is_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Job, "set_when_ready", frozenset({"seal"}))
    journal = tmp_path / "journal.jsonl"
    cloud = Cloud()
    polls: list[int] = []

    def note_or_die(change: str) -> None:
        if change == "set job.web seal":
            polls.append(next(thing.polls for thing in cloud.things if thing.kind == "job"))
            if len(polls) == 1:
                raise Killed

    cloud.before = note_or_die
    outcome, _ = make_so(cloud, graph(seal="red"), journal)
    assert isinstance(outcome.errors["job.web"], Killed)
    assert [(change.address, change.action) for change in plan(cloud, graph(seal="red")).needed] == [
        ("job.web", Action.UPDATE)
    ]
    make_so(cloud, graph(seal="red"), journal)
    assert polls[0] > 2
    assert cloud.changes.count("create job.web") == 1
    assert plan(cloud, graph(seal="red")).needed == ()
