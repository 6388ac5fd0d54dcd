"""What the command line calls: opens the application on a screen, and ends with an exit code.

Without a terminal nothing is drawn: Textual would hang there for ever.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Any

from screens.app import PilotageApp
from screens.page import Page
from screens.place import Place
from wizard.deployment.request import Request
from wizard.errors import UsageError

SHORTEST_TURN_S = 0.001
"""How long a thread that reads AWS may go on before the one that draws a key gets its turn; a fifth of Python's own."""
COLLECTED_AFTER = (2000, 10, 1000)
"""New objects until a collection of the young ones; such collections until one of the older, and until a full one.
The application makes a full one itself, now and then: `screens.app.COLLECT_EVERY_S`."""


def has_terminal() -> bool:
    """Whether a full screen can be drawn and keys be read."""
    streams = (sys.stdin, sys.__stderr__, sys.__stdout__)
    return all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def insist_on_terminal() -> None:
    """Raise `UsageError` that names what does the same without a full screen."""
    if not has_terminal():
        raise UsageError(
            "the full screen needs a terminal",
            evidence="stdin, stdout or stderr is not one, or TERM is dumb",
            safe="nothing was called",
            next_step="pilotage new --plain   asks line by line; pilotage replay FILE --yes   asks nothing; "
            "pilotage status   says what runs",
        )


def put_keys_first() -> None:
    """Tell Python that this process answers keys: short turns for other threads, no long pause of the collector."""
    sys.setswitchinterval(SHORTEST_TURN_S)
    # A full collection stops everything for 40 ms and more, so it is put off; the short ones find nearly everything.
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def open_app(request: Request, first: Page[Any] | None = None) -> tuple[int, Sequence[str]]:
    """Run the application; its exit code, and what is to be said once the terminal is given back.

    Raises `UsageError` without a terminal, and `PilotageError` when a defect ended it.
    """
    insist_on_terminal()
    put_keys_first()
    app = PilotageApp(Place(request), first)
    code = app.run()
    if app.defect is not None:
        raise app.defect
    return int(code or app.return_code or 0), app.last_words
