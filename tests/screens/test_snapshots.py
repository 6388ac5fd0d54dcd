"""Every screen looks as it did; `python -m tests.screens.snapshots` writes the golden files anew."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pytest

from tests.screens.snapshots import GOLDEN, file_of, taken, unmarked
from tests.screens.stage import SIZES

Size = tuple[int, int]


@lru_cache
def pictures(size: Size, colour: bool) -> Mapping[str, str]:
    return taken(size, colour=colour)


@pytest.mark.parametrize("colour", [False, True], ids=["no colour", "colour"])
@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_every_screen_looks_as_it_did(size: Size, colour: bool) -> None:
    for name, text in pictures(size, colour).items():
        assert text == file_of(name, size, colour=colour).read_text(encoding="utf-8"), f"{name}: look at the difference"


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_without_colour_every_word_is_there_and_no_colour_is(size: Size) -> None:
    plain, coloured = pictures(size, False), pictures(size, True)
    for name, text in plain.items():
        assert "⟦" not in text, f"{name} has a colour"
        assert text == unmarked(coloured[name]), f"{name} says less without colour"


def test_each_screen_has_a_picture_and_each_picture_a_screen() -> None:
    wanted = {
        file_of(name, size, colour=colour).name
        for size in SIZES
        for colour in (False, True)
        for name in pictures(size, colour)
    }
    assert {path.name for path in GOLDEN.glob("*.txt")} == wanted


def test_no_picture_holds_a_value_that_was_given_as_a_secret() -> None:
    for path in GOLDEN.glob("*.txt"):
        assert "canary" not in path.read_text(encoding="utf-8"), path.name


def test_the_last_line_always_offers_help_or_the_palette() -> None:
    for name, text in pictures((80, 24), False).items():
        if name != "too small":
            last = text.split("\n")[23]
            below_a_dialog = not last.strip()
            assert below_a_dialog or "ctrl+p all" in last, name
