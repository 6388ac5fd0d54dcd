"""The tag that holds a service."""

from __future__ import annotations

import re

import pytest

from wizard.release.hold import parse, tag_value


def test_what_is_written_is_read_back() -> None:
    value = tag_value("ana", "incident 12: do not move", "2026-11-26T03:00:00Z")
    assert parse(value) == {"who": "ana", "why": "incident 12: do not move", "since": "2026-11-26T03:00:00Z"}


def test_a_value_is_one_that_ecs_accepts() -> None:
    value = tag_value("ana maría", 'see "#ops" {now}' + "x" * 300, "2026-11-26T03:00:00Z")
    assert len(value) <= 256
    assert re.fullmatch(r"[\w\s+\-=.:/@]*", value)


@pytest.mark.parametrize("value", ["please do not touch", "", '["a list"]'])
def test_a_value_written_by_hand_holds_too(value: str) -> None:
    assert parse(value) == {"who": "", "why": value, "since": ""}


def test_json_written_by_hand_is_understood() -> None:
    assert parse('{"who": "ana", "why": "audit"}') == {"who": "ana", "why": "audit", "since": ""}
