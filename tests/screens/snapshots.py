"""Snapshots of every screen as text, with and without colour: `python -m tests.screens.snapshots` writes them anew.

`NAME.txt` is the screen; `NAME.colour.txt` is the same with marks where a style begins and ends, so that a change of
colour is seen in a diff as one of words is.
"""

from __future__ import annotations

import asyncio
import colorsys
import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.style import Style
from textual.app import App

from screens.app import PilotageApp
from screens.page import Page
from tests.screens.scenes import SCENES, left, seen
from tests.screens.stage import SANDBOX, SIZES

GOLDEN = Path(__file__).with_name("golden")
HUES = ((20, "red"), (70, "yellow"), (160, "green"), (210, "cyan"), (330, "blue"), (360, "red"))
GREY_BELOW = 0.45


@contextlib.contextmanager
def alone(folder: Path, *, colour: bool) -> Iterator[None]:
    """A folder and an environment in which nothing of this machine is seen."""
    before, here = dict(os.environ), Path.cwd()
    for name in [each for each in os.environ if each.startswith(("AWS_", "PILOTAGE_"))]:
        del os.environ[name]
    os.environ.pop("NO_COLOR", None)
    os.environ["PILOTAGE_HOME"] = str(folder / "home")
    if not colour:
        os.environ["NO_COLOR"] = "1"
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def taken(size: tuple[int, int], *, colour: bool) -> Mapping[str, str]:
    """Every screen at a size: its name, and how it looks; in colour with marks."""
    with tempfile.TemporaryDirectory() as folder, alone(Path(folder), colour=colour):
        return asyncio.run(_taken(size))


async def _taken(size: tuple[int, int]) -> Mapping[str, str]:
    app = PilotageApp(SANDBOX, Page())
    found = {}
    async with app.run_test(size=size) as pilot:
        depth = len(app.screen_stack)
        for scene in SCENES:
            if scene.size:
                await pilot.resize_terminal(*scene.size)
            await seen(app, pilot, scene)
            found[scene.name] = coloured(app)
            await left(app, depth)
            if scene.size:
                await pilot.resize_terminal(*size)
    return found


def file_of(name: str, size: tuple[int, int], *, colour: bool) -> Path:
    """The golden file of a screen."""
    return GOLDEN / f"{name.replace(' ', '-')}-{size[0]}x{size[1]}{'.colour' if colour else ''}.txt"


def coloured(app: App[int]) -> str:
    """The screen as text with marks around what is coloured: `⟦red:DOWN⟧`. Greys have none."""
    lines = []
    for strip in app.screen._compositor.render_strips(app.size):
        runs: list[tuple[str, str]] = []
        for segment in strip:
            name = hue(segment.style) if segment.text.strip() else ""
            if runs and runs[-1][0] == name:
                runs[-1] = (name, runs[-1][1] + segment.text)
            else:
                runs.append((name, segment.text))
        lines.append("".join(f"⟦{name}:{text}⟧" if name else text for name, text in runs).rstrip())
    return "\n".join(lines) + "\n"


def unmarked(text: str) -> str:
    """The screen without the marks of `coloured`."""
    return "\n".join(line.rstrip() for line in re.sub(r"⟦\w+:([^⟧]*)⟧", r"\1", text).split("\n"))


def hue(style: Style | None) -> str:
    """The name of a style's colour; empty for greys."""
    if style is None or style.color is None or style.color.triplet is None:
        return ""
    turn, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in style.color.triplet))
    if saturation < GREY_BELOW:
        return ""
    return next(name for end, name in HUES if turn * 360 <= end)


def main() -> None:
    """Write the golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.txt"):
        old.unlink()
    for colour in (False, True):
        for size in SIZES:
            for name, text in taken(size, colour=colour).items():
                file_of(name, size, colour=colour).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
