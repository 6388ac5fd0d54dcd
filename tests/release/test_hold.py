"""The tag that holds a service."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from wizard.release.hold import Hold, hold_in, read_hold

SINCE = "2026-11-26T03:00:00Z"
NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "hold",
    [
        Hold("ana", "incident 12: do not move", SINCE),
        Hold("ana", "until the morning", SINCE, until="2026-11-26T08:00:00+00:00"),
        Hold("user/ana", "rolled back from 8 to 7", SINCE, by="rollback"),
        Hold("ana", "", SINCE, until="2026-11-26T08:00:00+00:00", by="rollback"),
    ],
)
def test_what_is_written_is_read_back(hold: Hold) -> None:
    assert read_hold(hold.value) == hold


def test_a_value_is_one_that_ecs_accepts() -> None:
    value = Hold("ana maría", 'see "#ops" {now}' + "x" * 300, SINCE).value
    assert len(value) <= 256
    assert re.fullmatch(r"[\w\s+\-=.:/@]*", value)


@pytest.mark.parametrize("value", ["please do not touch", "", '["a list"]'])
def test_a_value_written_by_hand_holds_too(value: str) -> None:
    assert hold_in({"pilotage:hold": value}, NOW) == Hold("", value, "")


def test_json_written_by_hand_is_understood() -> None:
    assert read_hold('{"who": "ana", "why": "audit"}') == Hold("ana", "audit", "")


@pytest.mark.parametrize(
    ("until", "holds"),
    [("2026-11-26T04:00:01+00:00", True), ("2026-11-26T04:00:00+00:00", False), ("tomorrow", True), ("", True)],
)
def test_a_hold_ends_at_its_time_and_one_without_a_time_that_is_understood_does_not(until: str, holds: bool) -> None:
    assert (hold_in({"pilotage:hold": Hold("ana", "x", SINCE, until).value}, NOW) is not None) is holds


def test_a_service_without_the_tag_is_not_held() -> None:
    assert hold_in({"team": "web"}, NOW) is None


def test_the_words_say_who_why_since_and_until_when() -> None:
    words = Hold("ana", "audit", SINCE, "2026-11-27T00:00:00Z").words()
    assert words == "held by ana since 2026-11-26T03:00:00Z until 2026-11-27T00:00:00Z: audit"
