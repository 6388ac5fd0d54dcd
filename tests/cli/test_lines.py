"""A run told in plain lines."""

from __future__ import annotations

import pytest

from tests.cli.story import Story
from wizard.cli.lines import Lines
from wizard.engine.events import EventType


def test_a_run_reads_as_the_screens_promise() -> None:
    story = Story()
    lines = Lines(story.progress)
    told: list[str] = []

    def tell(*events: object) -> None:
        for event in events:
            told.extend(line.text for line in lines.of(event))  # type: ignore[arg-type]

    tell(*story.start(), story.begin("vpc.main"))
    story.now += 2
    tell(story.end("vpc.main", 1.1), story.begin("nat_gateway.a"), story.begin("broker.main"))
    story.now += 50
    tell(story.end("nat_gateway.a", 50.2))
    story.now += 14
    told += [line.text for line in lines.reminder()]
    story.now += 1
    told += [line.text for line in lines.reminder()]
    tell(story.begin("service.backend"), story.rollout(1, "backend:1: 1 of 2 tasks running"))
    tell(story.rollout(1, "backend:1: 1 of 2 tasks running, still"))
    story.now += 8
    tell(story.rollout(2, "backend:1: 2 of 2 tasks running"), story.end("service.backend", 8.4))
    assert told == [
        "fasttriage/dev  SANDBOX 000000000000 us-east-1",
        "plan  4 to create, 0 to change, 0 to remove   $214/month   about 21 min",
        "00:02  vpc.main                created     1.1 s",
        "00:02  nat_gateway.a           creating    usually 2 min",
        "00:02  broker.main             creating    usually 18 min",
        "00:52  nat_gateway.a           created     50 s",
        "01:07  still 1 running: broker.main 65 s (usually 18 min)",
        "01:07  service.backend         creating    usually 3 min",
        "01:07  service.backend         rollout     backend:1: 1 of 2 tasks running",
        "01:15  service.backend         rollout     backend:1: 2 of 2 tasks running",
        "01:15  service.backend         created     8.4 s",
    ]


def test_a_person_who_reads_the_plan_takes_no_time_of_the_run() -> None:
    story = Story()
    story.start()
    story.now += 300
    story.begin("vpc.main")
    story.now += 2
    assert story.progress.elapsed == 2


def test_what_is_expected_is_said_in_aws_time_and_in_the_time_of_here() -> None:
    story = Story()
    story.progress.scale = 60.0
    lines = Lines(story.progress)
    story.start()
    (line,) = lines.of(story.begin("broker.main"))
    assert line.text.endswith("usually 18 min (here 18 s)")
    story.now += 16
    (line,) = lines.reminder()
    assert line.text.endswith("broker.main 16 s (usually 18 s)")


def test_failures_name_the_cause_once_and_what_it_costs() -> None:
    story = Story()
    lines = Lines(story.progress)
    story.start()
    story.begin("vpc.main")
    failed = story.event(
        EventType.APPLY_ERRORED, address="vpc.main", action="create", message="vpc.main: the quota is used up"
    )
    skipped = story.event(
        EventType.APPLY_SKIPPED, address="broker.main", action="create", message="needs vpc.main, which failed"
    )
    assert [line.text for event in (failed, skipped) for line in lines.of(event)] == [
        "00:00  vpc.main                failed      the quota is used up",
        "00:00  broker.main             skipped     needs vpc.main, which failed",
    ]


def test_waiting_for_something_outside_is_said_when_its_sentence_changes() -> None:
    story = Story()
    lines = Lines(story.progress)
    story.begin("image.backend", "no-op")

    def waiting(message: str) -> list[str]:
        event = story.event(EventType.APPLY_PROGRESS, address="image.backend", action="no-op", message=message)
        return [line.text for line in lines.of(event)]

    assert waiting("image v1 is not pushed yet") == [
        "00:00  image.backend           waiting     image v1 is not pushed yet"
    ]
    assert waiting("image v1 is not pushed yet") == []


def test_the_reminder_names_few_and_counts_the_rest() -> None:
    story = Story()
    lines = Lines(story.progress)
    for number in range(7):
        story.begin(f"queue.q{number}")
    story.now += 15
    (line,) = lines.reminder()
    assert line.text.startswith("00:15  still 7 running: queue.q0 15 s, ")
    assert line.text.endswith("and 3 more")


def test_another_endpoint_than_aws_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    story = Story()
    real = story.event(EventType.RUN_START, detail={"deployment": "a/dev", "account": "1", "region": "r"})
    header, warning = Lines(story.progress).of(real)
    assert header.text == "a/dev  1 r"
    assert "http://127.0.0.1:4566" in warning.text


def test_a_replacement_counts_as_two_steps() -> None:
    story = Story()
    story.event(EventType.CHANGE_SUMMARY, detail={"counts": {"create": 1, "replace": 2, "no-op": 9}})
    assert story.progress.total == 5
