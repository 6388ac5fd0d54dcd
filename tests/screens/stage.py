"""A stage for screens: the application without a terminal, and what it shows as lines of text."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot

from screens.app import PilotageApp
from screens.page import Page
from screens.place import Place
from wizard.deployment.request import Request

SANDBOX = Place(
    Request(sandbox=True), arn="arn:aws:iam::000000000000:user/dana", account="000000000000", region="us-east-1"
)
SIZES = [(80, 24), (120, 40)]
Play = Callable[[Pilot[Any]], Awaitable[None]]


def play(first: Page[Any], act: Play, size: tuple[int, int] = (80, 24), place: Place = SANDBOX) -> PilotageApp:
    """Open the application on a screen, let somebody act, and return it."""
    app = PilotageApp(place, first)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await act(pilot)

    asyncio.run(run())
    return app


def shown(app: PilotageApp) -> str:
    """The screen as text, without the blanks at the ends of lines."""
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


def colours(app: PilotageApp) -> set[str]:
    """Every colour on the screen."""
    found = set()
    for strip in app.screen._compositor.render_strips(app.size):
        for segment in strip:
            if segment.style and segment.style.color:
                found.add(str(segment.style.color.name))
    return found
