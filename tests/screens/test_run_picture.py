"""What is known of a run follows from its events, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from screens.deploy.drawing import bar, detail, rollouts, tree
from screens.deploy.model import DONE, FAILED, SKIPPED, WAITING, WORKING, RunPicture
from wizard.engine.events import Event, EventType


@dataclass
class Story:
    """A run that is told event by event, on a clock that is moved by hand."""

    now: float = 100.0
    number: int = 0
    picture: RunPicture = field(init=False)

    def __post_init__(self) -> None:
        self.picture = RunPicture(lambda: self.now)

    def tell(self, type: EventType, address: str = "", action: str = "create", **more: Any) -> None:
        self.number += 1
        self.picture.take(Event(self.number, "run", datetime.now(UTC), type, address, action, **more))


@pytest.fixture
def story() -> Story:
    """A network, a broker that needs it, and a service that needs both."""
    told = Story()
    for address, seconds in (("vpc.main", 2), ("broker.main", 900), ("service.backend", 180)):
        told.tell(EventType.PLANNED_CHANGE, address, detail={"expected_s": seconds})
    told.tell(EventType.CHANGE_SUMMARY, detail={"counts": {"create": 3}, "expected_s": 1100})
    told.picture.know_needs(
        {"broker.main": frozenset({"vpc.main"}), "service.backend": frozenset({"vpc.main", "broker.main"})}
    )
    return told


def state(story: Story, address: str) -> str:
    return story.picture.items[address, "make"].state


def test_everything_waits_until_it_begins(story: Story) -> None:
    assert {item.state for item in story.picture.items.values()} == {WAITING}
    assert story.picture.needs("service.backend") == ["broker.main", "vpc.main"]


def test_a_waiting_group_names_the_groups_that_it_needs(story: Story) -> None:
    groups = {group.name: group for group in story.picture.groups()}
    assert groups["backend"].needs == ("broker", "network")
    assert groups["network"].needs == ()


def test_what_is_finished_is_no_longer_needed(story: Story) -> None:
    story.tell(EventType.APPLY_START, "vpc.main")
    story.now += 3
    story.tell(EventType.APPLY_COMPLETE, "vpc.main", id="vpc-1")
    assert state(story, "vpc.main") == DONE
    assert story.picture.items["vpc.main", "make"].took == 3
    assert story.picture.needs("service.backend") == ["broker.main"]


def test_the_sentence_of_the_moment_names_the_slowest_of_what_is_in_work(story: Story) -> None:
    story.tell(EventType.APPLY_START, "vpc.main")
    story.tell(EventType.APPLY_START, "broker.main")
    assert story.picture.now_doing() == "waiting for broker main"


def test_a_failure_opens_its_group_and_shows_its_four_parts(story: Story) -> None:
    story.tell(EventType.APPLY_START, "broker.main")
    parts = {"what": "the broker failed", "why": "no capacity", "safe": "nothing is lost", "next": "try again"}
    story.tell(EventType.APPLY_ERRORED, "broker.main", message="the broker failed", detail=parts)
    story.tell(EventType.APPLY_SKIPPED, "service.backend", message="needs broker.main, which failed")
    assert (state(story, "broker.main"), state(story, "service.backend")) == (FAILED, SKIPPED)
    rows = [row.text.plain for row in tree(story.picture, set(), 80)]
    assert any("broker.main" in row and "failed" in row for row in rows)
    words = "\n".join(text.plain for text in detail(story.picture, "broker.main False", 40))
    for part in parts.values():
        assert part in words


def test_a_group_opens_when_it_is_asked_for_and_not_before(story: Story) -> None:
    closed = [row.text.plain for row in tree(story.picture, set(), 80)]
    opened = [row.text.plain for row in tree(story.picture, {"network"}, 80)]
    assert not any("vpc.main" in row for row in closed)
    assert any("vpc.main" in row for row in opened)


def test_the_bar_counts_what_ended_of_what_was_planned(story: Story) -> None:
    story.tell(EventType.APPLY_START, "vpc.main")
    story.tell(EventType.APPLY_COMPLETE, "vpc.main")
    assert bar(story.picture, 120).plain.strip().startswith("1 of 3")


def test_a_rollout_shows_its_counts_and_the_health_of_its_targets(story: Story) -> None:
    story.tell(EventType.APPLY_START, "service.backend")
    counts = {"desired": 2, "running": 1, "pending": 1, "failed": 0, "targets": {"healthy": 1, "initial": 1}}
    story.tell(EventType.ROLLOUT, "service.backend", message="starting", detail=counts)
    rows = [row.text.plain for row in rollouts(story.picture)]
    assert any("backend" in row and "1 of 2 healthy" in row for row in rows)
    assert state(story, "service.backend") == WORKING


def test_a_removal_and_a_creation_of_one_address_are_two_lines(story: Story) -> None:
    story.tell(EventType.APPLY_START, "vpc.main", action="delete")
    story.tell(EventType.APPLY_COMPLETE, "vpc.main", action="delete")
    assert story.picture.items["vpc.main", "delete"].state == DONE
    assert state(story, "vpc.main") == WAITING
