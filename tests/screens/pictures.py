"""`make pictures`: the main screens as SVG, for the README. Nothing in them is of this machine, nor fetched."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from screens.app import PilotageApp
from screens.page import Page
from screens.picture import svg_of
from tests.screens.scenes import SCENES, left, seen
from tests.screens.snapshots import alone
from tests.screens.stage import SANDBOX

FOLDER = Path(__file__).resolve().parents[2] / "screens" / "pictures"
SIZE = (100, 30)
WANTED = ("home", "walk compute", "walk variables", "review", "deploy resources", "deploy failed", "plan confirm")


async def drawn() -> dict[str, str]:
    """The pictures by name."""
    app = PilotageApp(SANDBOX, Page())
    found = {}
    async with app.run_test(size=SIZE) as pilot:
        depth = len(app.screen_stack)
        for scene in SCENES:
            if scene.name in WANTED:
                await seen(app, pilot, scene)
                found[scene.name.replace(" ", "-")] = svg_of(app)
                await left(app, depth)
    return found


def pictures() -> dict[str, str]:
    """All of them, drawn where nothing of this machine is seen."""
    with tempfile.TemporaryDirectory() as folder, alone(Path(folder), colour=True):
        return asyncio.run(drawn())


def main() -> None:
    """Write them."""
    FOLDER.mkdir(exist_ok=True)
    for name, svg in pictures().items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
