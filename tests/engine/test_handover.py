"""A change in two strokes: the old value serves until the new one does, and a failure leaves it serving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.engine.cloud import Box, Cloud, Killed, context_of, kinds_of, site_of, supply
from wizard.engine.apply import apply_plan
from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Context, Kind, Properties
from wizard.engine.plan import Plan, make_plan
from wizard.engine.runner import Outcome
from wizard.errors import NeedsPerson


class Door(Box):
    """A box whose lid leads to old and new alike while jobs move."""

    handed_over = frozenset({"lid"})
    serves: ClassVar[bool] = False

    def meanwhile(self, name: str, before: Any, desired: Any) -> Any:
        return before if before.endswith(desired) else f"{before}+{desired}"

    def has_taken_over(self, context: Context, properties: Properties) -> bool:
        return self.serves


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "journal.jsonl"


@pytest.fixture
def cloud(journal: Path) -> Cloud:
    """With a door to `a` and a job behind it."""
    made = Cloud()
    assert not run(made, wanted("a", "one"), journal).errors
    made.changes.clear()
    return made


def wanted(lid: str, job: str, *more: Resource) -> Graph:
    net = Resource("net", "main", {"range": "10.0.0.0/16", "dns": True})
    door = Resource("box", "door", {"name": "door", "net": net.ref("id"), "lid": lid, "lock": "on"})
    work = Resource("job", job, {"name": job, "net": net.ref("id"), "box": door.ref("id")})
    return Graph.of([net, door, work, *more])


def kinds(cloud: Cloud) -> dict[str, Kind]:
    return {**kinds_of(cloud), "box": Door(cloud)}


def plan(cloud: Cloud, graph: Graph) -> Plan:
    return make_plan(graph, kinds(cloud), context_of(), supply)


def run(cloud: Cloud, graph: Graph, journal: Path) -> Outcome:
    site, _ = site_of(cloud, journal)
    try:
        return apply_plan(graph, plan(cloud, graph), replace(site, kinds=kinds(cloud)))[0]
    finally:
        site.journal.close()


def test_the_old_serves_until_the_new_stands_and_only_then_goes(cloud: Cloud, journal: Path) -> None:
    assert not run(cloud, wanted("b", "two"), journal).errors
    assert cloud.changes == [
        "set box.door lid",
        "create job.two",
        "set box.door lid",
        "delete job.one",
    ]
    assert plan(cloud, wanted("b", "two")).needed == ()


def test_between_the_strokes_both_are_served(cloud: Cloud, journal: Path) -> None:
    seen: list[str] = []
    door = next(thing for thing in cloud.things if thing.kind == "box")
    cloud.after = lambda change: seen.append(door.settings["lid"]) if change == "create job.two" else None
    run(cloud, wanted("b", "two"), journal)
    assert seen == ["a+b"]
    assert door.settings["lid"] == "b"


def test_when_the_new_does_not_come_up_the_old_goes_on_serving(cloud: Cloud, journal: Path) -> None:
    def refuse(change: str) -> None:
        if change == "create job.two":
            raise NeedsPerson("no capacity")

    cloud.before = refuse
    outcome = run(cloud, wanted("b", "two"), journal)
    assert list(outcome.errors) == ["job.two"]
    assert next(thing for thing in cloud.things if thing.kind == "box").settings["lid"] == "a+b"
    assert "job.one" in [thing.address for thing in cloud.things]


def test_a_run_killed_between_the_strokes_is_finished_by_the_next(cloud: Cloud, journal: Path) -> None:
    def kill(change: str) -> None:
        if change == "create job.two":
            raise Killed

    cloud.after = kill
    run(cloud, wanted("b", "two"), journal)
    cloud.after = lambda change: None
    assert not run(cloud, wanted("b", "two"), journal).errors
    assert sorted(thing.address for thing in cloud.things) == ["box.door", "job.two", "net.main"]
    assert plan(cloud, wanted("b", "two")).needed == ()


def test_what_serves_already_is_not_waited_for(cloud: Cloud, journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Door, "serves", True)
    late = Resource("job", "zz-late", {"name": "late", "net": "net-1", "box": "none"})
    assert not run(cloud, wanted("b", "two", late), journal).errors
    assert cloud.changes.count("set box.door lid") == 2
