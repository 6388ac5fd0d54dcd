"""The starters are written for somebody who does not know AWS: each choice has a line that explains it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.practice import ROOT

STARTERS = sorted((ROOT / "blueprints").glob("*.yaml"))
KEY = re.compile(r"(?P<indent>\s*)(?:- )?(?P<key>[\w./-]+):(?P<value>.*)")
NO_CHOICES = ("environment", "secrets", "parts")
"""Variables are the application's own; in these sections the name says what there is to say."""
PRICED = ("network.kind", "nat", "endpoints", "ingress.kind", "waf", "cpu", "memory", "count", "class", "storage_gib")


def choices(starter: Path) -> Iterator[tuple[str, str]]:
    """Each key that has a value, with the comment beside it or right above it."""
    above, open_keys = "", list[tuple[int, str]]()
    for line in starter.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("#"):
            above += line
            continue
        found = KEY.match(line)
        if found:
            depth = len(found["indent"])
            open_keys = [each for each in open_keys if each[0] < depth]
            path = ".".join([*(key for _, key in open_keys), found["key"]])
            open_keys.append((depth, found["key"]))
            value, _, beside = found["value"].partition(" # ")
            if value.strip() and not set(NO_CHOICES) & {key for _, key in open_keys[:-1]}:
                yield path, beside + above
        above = ""


def test_all_seven_starters_are_looked_at() -> None:
    assert len(STARTERS) == 7


@pytest.mark.parametrize("starter", STARTERS, ids=lambda path: path.stem)
def test_each_choice_has_words_beside_or_above_it(starter: Path) -> None:
    assert [path for path, words in choices(starter) if not words.strip(" #")] == []


@pytest.mark.parametrize("starter", STARTERS, ids=lambda path: path.stem)
def test_what_costs_money_says_how_much_or_that_it_is_free(starter: Path) -> None:
    free_to_say = ("alarms.cpu", "alarms.memory", "autoscaling.cpu", "autoscaling.memory")
    priced = {
        path: words for path, words in choices(starter) if path.endswith(PRICED) and not path.endswith(free_to_say)
    }
    assert priced
    assert [
        path for path, words in priced.items() if not re.search(r"USD|free|price|nothing to pay|costs", words)
    ] == []


@pytest.mark.parametrize("starter", STARTERS, ids=lambda path: path.stem)
def test_no_line_is_too_long_to_read(starter: Path) -> None:
    assert max(len(line) for line in starter.read_text(encoding="utf-8").splitlines()) <= 120
