"""Numbers as people read them."""

from __future__ import annotations

import pytest

from wizard.cli import words


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00"), (41, "0:41"), (700, "11:40"), (3723, "1:02:03")])
def test_a_clock(seconds: float, told: str) -> None:
    assert words.clock(seconds) == told


@pytest.mark.parametrize(("seconds", "told"), [(0.04, "0.0 s"), (1.13, "1.1 s"), (58.2, "58 s"), (700, "11:40")])
def test_a_measured_duration(seconds: float, told: str) -> None:
    assert words.took(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.2, "1 s"), (60, "60 s"), (120, "2 min"), (1020, "17 min"), (7800, "2 h 10 min")]
)
def test_an_expected_duration(seconds: float, told: str) -> None:
    assert words.roughly(seconds) == told


@pytest.mark.parametrize(
    ("usd", "told"), [(0, "$0.00/month"), (3.2, "$3.20/month"), (213.7, "$214/month"), (1204, "$1,204/month")]
)
def test_a_monthly_price(usd: float, told: str) -> None:
    assert words.money(usd) == told


def test_a_plan_in_one_line_names_replacements_only_when_there_are_some() -> None:
    assert words.to_do({"create": 2, "adopt": 1}) == "3 to create, 0 to change, 0 to remove"
    assert words.to_do({"update": 1, "replace": 2}) == "0 to create, 1 to change, 2 to replace, 0 to remove"


@pytest.mark.parametrize(
    ("moment", "told"), [("2026-11-26T03:25:20+02:00", "2026-11-26 01:25Z"), ("", ""), ("long ago", "long ago")]
)
def test_a_moment_in_a_table(moment: str, told: str) -> None:
    assert words.minute(moment) == told
