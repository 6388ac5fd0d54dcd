"""The pictures in the repository are those of today's screens, and ask nobody for anything."""

from __future__ import annotations

from tests.screens.pictures import FOLDER, WANTED, pictures


def test_the_pictures_are_those_of_todays_screens() -> None:
    drawn = pictures()
    assert len(drawn) == len(WANTED)
    for name, svg in drawn.items():
        assert svg == (FOLDER / f"{name}.svg").read_text(encoding="utf-8"), f"{name}: run `make pictures`"
        addresses = svg.replace("http://www.w3.org/", "").replace("https://www.textualize.io/rich", "")
        assert "url(http" not in svg
        assert "cdnjs" not in addresses
        assert "canary" not in svg
