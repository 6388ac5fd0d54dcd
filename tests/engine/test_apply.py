"""The engine's promises, on a cloud of three toy kinds: order, convergence, lost answers, kills, failures, removal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.cloud import Cloud, Killed, context_of, kinds_of, lost, site_of, supply
from wizard.engine.apply import apply_plan, remove_all
from wizard.engine.events import EventType
from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Live
from wizard.engine.plan import Action, Plan, make_plan
from wizard.engine.runner import WORKERS, Outcome
from wizard.engine.site import Site
from wizard.engine.world import read_world
from wizard.errors import NeedsPerson, PreflightError


def graph(**job: str) -> Graph:
    net = Resource("net", "main", {"range": "10.0.0.0/16", "dns": True})
    box = Resource("box", "store", {"name": "store", "net": net.ref("id"), "lid": "closed", "lock": "on"})
    work = Resource("job", "web", {"name": "web", "net": net.ref("id"), "box": box.ref("id"), **job})
    return Graph.of([net, box, work])


def plan(cloud: Cloud, wanted: Graph) -> Plan:
    return make_plan(wanted, kinds_of(cloud), context_of(), supply)


def make_so(cloud: Cloud, wanted: Graph, journal: Path, *, may_delete_data: bool = False) -> tuple[Outcome, Site]:
    site, _ = site_of(cloud, journal, may_delete_data=may_delete_data)
    try:
        outcome, _ = apply_plan(wanted, plan(cloud, wanted), site)
        return outcome, site
    finally:
        site.journal.close()


def shape(cloud: Cloud) -> list[tuple[str, str]]:
    """The world without ids: what exists, under which address, how it is set."""
    return sorted(
        (thing.address, str({k: v for k, v in thing.settings.items() if "-" not in str(v)})) for thing in cloud.things
    )


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "journal.jsonl"


def test_everything_is_made_after_what_it_refers_to_and_a_second_plan_is_empty(journal: Path) -> None:
    cloud = Cloud()
    outcome, _ = make_so(cloud, graph(), journal)
    assert not outcome.errors
    creates = [change for change in cloud.changes if change.startswith("create")]
    assert creates == ["create net.main", "create box.store", "create job.web"]
    assert plan(cloud, graph()).needed == ()


def test_a_create_of_several_calls_that_stopped_in_between_is_seen_as_unfinished(journal: Path) -> None:
    cloud = Cloud()
    cloud.add("net", {"range": "10.0.0.0/16", "dns": True}, "toy/main", "net.main")
    cloud.add("box", {"name": "store", "net": "net-1"}, "toy/main", "box.store")
    change = {c.address: c for c in plan(cloud, graph()).changes}["box.store"]
    assert change.action is Action.UPDATE
    assert {difference.property for difference in change.differences} == {"lid", "lock"}


@pytest.mark.parametrize("victim", ["create net.main", "create box.store", "create job.web", "set box.store lid"])
def test_a_lost_answer_never_makes_a_second_one(victim: str, journal: Path) -> None:
    cloud = Cloud()
    losses = [victim]

    def lose(change: str) -> None:
        if change in losses:
            losses.remove(change)
            cloud.hidden_reads[cloud.things[-1].id] = 2
            raise lost(change)

    cloud.after = lose
    outcome, _ = make_so(cloud, graph(), journal)
    assert not outcome.errors and not losses
    assert [thing.address for thing in cloud.things] == ["net.main", "box.store", "job.web"]


def test_a_tagged_create_that_aws_never_performed_is_sent_again_after_the_window(journal: Path) -> None:
    cloud = Cloud()
    losses = ["create net.main"]

    def lose(change: str) -> None:
        if change in losses:
            losses.remove(change)
            raise lost(change)

    cloud.before = lose
    outcome, _ = make_so(cloud, graph(), journal)
    assert not outcome.errors
    assert cloud.changes.count("create net.main") == 2
    assert len(cloud.of("net")) == 1


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("moment", range(5))
def test_a_run_killed_at_any_change_and_run_again_gives_the_same_world(moment: int, phase: str, journal: Path) -> None:
    untouched = Cloud()
    make_so(untouched, graph(), journal)
    journal.unlink()
    cloud = Cloud()
    count = iter(range(1000))

    def kill(change: str) -> None:
        if next(count) == moment:
            if phase == "after" and change.startswith("create"):
                cloud.hidden_reads[cloud.things[-1].id] = 3
            raise Killed(change)

    setattr(cloud, phase, kill)
    first, _ = make_so(cloud, graph(), journal)
    assert any(isinstance(error, Killed) for error in first.errors.values())
    setattr(cloud, phase, lambda change: None)
    second, _ = make_so(cloud, graph(), journal)
    assert not second.errors
    assert shape(cloud) == shape(untouched)
    assert plan(cloud, graph()).needed == ()


def test_what_becomes_ready_between_two_looks_is_looked_at_once_more(journal: Path) -> None:
    cloud = Cloud()
    job = Resource("job", "web", {"name": "web"})
    box = Resource("box", "store", {"name": "store", "lid": job.ref("door")})
    wanted = Graph.of([job, box])
    left = cloud.add("job", {"name": "web"}, "toy/main", "job.web")
    left.polls = 2
    outcome, _ = make_so(cloud, wanted, journal)
    assert not outcome.errors
    assert cloud.of("box")[0].settings["lid"] == f"door-of-{left.id}"


def test_a_failure_skips_only_what_depends_on_it_and_its_cause_is_named_once(journal: Path) -> None:
    cloud = Cloud()
    lone = Resource("net", "lone", {"range": "10.9.0.0/16"})
    child = Resource("box", "child", {"name": "child", "net": Resource("job", "web", {}).ref("id")})
    wanted = Graph.of([*graph(fate="bad").resources.values(), lone, child])
    site, heard = site_of(cloud, journal)
    outcome, _ = apply_plan(wanted, plan(cloud, wanted), site)
    assert list(outcome.errors) == ["job.web"]
    assert outcome.skipped == {"box.child": "job.web"}
    assert "net.lone" in outcome.done
    skipped = [event for event in heard if event.type is EventType.APPLY_SKIPPED]
    assert [event.message for event in skipped] == ["needs job.web, which failed"]


def test_a_corpse_is_deleted_and_made_again_once(journal: Path) -> None:
    cloud = Cloud()
    outcome, _ = make_so(cloud, graph(fate="dead"), journal)
    assert not outcome.errors
    assert [c for c in cloud.changes if "job" in c] == ["create job.web", "delete job.web", "create job.web"]


def test_a_thing_that_is_not_ours_is_never_touched(journal: Path) -> None:
    cloud = Cloud()
    cloud.add("box", {"name": "store", "lid": "open"}, "someone/else", "box.store")
    with pytest.raises(PreflightError, match="taken") as caught:
        plan(cloud, graph())
    assert "belongs to someone/else" in caught.value.evidence
    assert cloud.changes == []


def test_what_is_no_longer_wanted_goes_last_and_data_only_with_consent(journal: Path) -> None:
    cloud = Cloud()
    make_so(cloud, graph(), journal)
    smaller = Graph.of([graph().resources["net.main"]])
    with pytest.raises(PreflightError, match="delete data") as caught:
        make_so(cloud, smaller, journal)
    assert "box.store" in caught.value.evidence
    outcome, _ = make_so(cloud, smaller, journal, may_delete_data=True)
    assert not outcome.errors
    assert cloud.changes[-2:] == ["delete job.web", "delete box.store"]
    assert [thing.address for thing in cloud.things] == ["net.main"]


def test_an_immutable_difference_is_planned_as_replace_with_its_dependents_unknown(journal: Path) -> None:
    cloud = Cloud()
    make_so(cloud, graph(), journal)
    moved = Graph.of(
        [
            Resource("net", "main", {"range": "10.1.0.0/16", "dns": True}),
            *[r for r in graph().resources.values() if r.kind != "net"],
        ]
    )
    changes = {change.address: change for change in plan(cloud, moved).changes}
    assert changes["net.main"].action is Action.REPLACE
    assert changes["net.main"].reason == "AWS cannot change range"
    assert changes["box.store"].action is Action.UPDATE


def test_removal_takes_users_first_and_leaves_nothing(journal: Path) -> None:
    cloud = Cloud()
    make_so(cloud, graph(), journal)
    outcome, kept = remove_all(_removing_site(cloud, journal, consent=True), _lives(cloud))
    assert not outcome.errors and not kept and not cloud.things
    assert [c for c in cloud.changes if c.startswith("delete")] == [
        "delete job.web",
        "delete box.store",
        "delete net.main",
    ]


def test_removal_without_consent_keeps_data_and_what_it_stands_on_with_the_reason(journal: Path) -> None:
    cloud = Cloud()
    make_so(cloud, graph(), journal)
    lives = _lives(cloud)
    outcome, kept = remove_all(_removing_site(cloud, journal, consent=False), lives)
    assert not outcome.errors
    assert sorted(thing.address for thing in cloud.things) == ["box.store", "net.main"]
    assert {lives[key].address: reason for key, reason in kept.items()} == {
        "box.store": "holds data; add --yes-delete-data to delete it",
        "net.main": "box.store stands on it",
    }


def test_a_stop_finishes_what_is_in_flight_starts_nothing_new_and_the_next_run_carries_on(journal: Path) -> None:
    cloud = Cloud()
    site, _ = site_of(cloud, journal)
    cloud.after = lambda change: site.stopping.set() if change == "create net.main" else None
    outcome, _ = apply_plan(graph(), plan(cloud, graph()), site)
    assert cloud.changes == ["create net.main"]
    assert outcome.unfinished >= {"box.store", "job.web"}
    assert not outcome.errors
    cloud.after = lambda change: None
    again, _ = make_so(cloud, graph(), journal)
    assert not again.errors and plan(cloud, graph()).needed == ()


def test_when_more_is_ready_than_can_be_done_at_once_the_longest_chain_goes_first(journal: Path) -> None:
    cloud = Cloud()
    many = [Resource("net", f"n{number:02}", {"range": f"10.{number}.0.0/16"}) for number in range(60)]
    last = Resource("net", "zz", {"range": "10.99.0.0/16"})
    wanted = Graph.of([*many, last, Resource("job", "web", {"name": "web", "net": last.ref("id")})])
    outcome, _ = make_so(cloud, wanted, journal)
    assert not outcome.errors
    assert cloud.changes.index("create net.zz") < WORKERS


def test_waiting_costs_no_worker(journal: Path) -> None:
    cloud = Cloud()
    many = Graph.of([Resource("job", f"j{number}", {"name": f"j{number}"}) for number in range(200)])
    site, heard = site_of(cloud, journal)
    outcome, _ = apply_plan(many, plan(cloud, many), site)
    assert len(outcome.done) == 200
    started_before_first_end = next(
        i
        for i, e in enumerate(e for e in heard if e.type in (EventType.APPLY_START, EventType.APPLY_COMPLETE))
        if e.type is EventType.APPLY_COMPLETE
    )
    assert started_before_first_end > 100


def test_a_change_that_aws_accepts_but_never_shows_ends_in_words_not_in_a_loop(journal: Path) -> None:
    cloud = Cloud()
    cloud.add("net", {"range": "10.0.0.0/16", "dns": False}, "toy/main", "net.main")
    kinds = kinds_of(cloud)
    kinds["net"].update = lambda *args: None  # type: ignore[method-assign]
    site, _ = site_of(cloud, journal)
    site.kinds.update(kinds)  # type: ignore[attr-defined]
    wanted = Graph.of([Resource("net", "main", {"range": "10.0.0.0/16", "dns": True})])
    outcome, _ = apply_plan(wanted, plan(cloud, wanted), site)
    error = outcome.errors["net.main"]
    assert isinstance(error, NeedsPerson) and "does not show it (dns)" in error.summary


def _lives(cloud: Cloud) -> dict[str, Live]:
    world = read_world(graph(), kinds_of(cloud), context_of(), supply)
    return {f"delete {live.address} {live.id}": live for live in world.live.values()}


def _removing_site(cloud: Cloud, journal: Path, *, consent: bool) -> Site:
    return site_of(cloud, journal, may_delete_data=consent)[0]
