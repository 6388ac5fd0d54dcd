"""Every screen looks as it did; `python -m tests.screens.snapshots` writes the golden files anew."""

from __future__ import annotations

import pytest

from tests.screens.scenes import SCENES
from tests.screens.snapshots import GOLDEN, file_of, taken, unmarked
from tests.screens.stage import SIZES

Size = tuple[int, int]


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_every_screen_looks_as_it_did_and_says_as_much_without_colour(size: Size) -> None:
    plain, coloured = taken(size, colour=False), taken(size, colour=True)
    for name, text in plain.items():
        assert text == file_of(name, size, colour=False).read_text(encoding="utf-8"), f"{name}: look at the difference"
        assert "⟦" not in text, f"{name} has a colour"
        assert text == unmarked(coloured[name]), f"{name} says less without colour"
    for name, text in coloured.items():
        assert text == file_of(name, size, colour=True).read_text(encoding="utf-8"), f"{name}: look at the colours"


def test_each_screen_has_a_picture_and_each_picture_a_screen() -> None:
    wanted = {
        file_of(scene.name, size, colour=colour).name for size in SIZES for colour in (False, True) for scene in SCENES
    }
    assert {path.name for path in GOLDEN.glob("*.txt")} == wanted


def test_no_picture_holds_a_value_that_was_given_as_a_secret() -> None:
    for path in GOLDEN.glob("*.txt"):
        assert "canary" not in path.read_text(encoding="utf-8"), path.name


def test_the_last_line_always_offers_help_or_the_palette() -> None:
    size = (80, 24)
    for scene in SCENES:
        if scene.name != "too small":
            last = file_of(scene.name, size, colour=False).read_text(encoding="utf-8").split("\n")[23]
            below_a_dialog = not last.strip()
            assert below_a_dialog or "ctrl+p all" in last, scene.name
