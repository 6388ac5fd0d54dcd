"""Every service of the account, the worst first. A list from the last time stands at once, with its age; then live."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from screens.behind import behind
from screens.console.service import ServicePage
from screens.page import Page
from screens.place import Place
from screens.styles import line
from screens.widgets.rows import OpenRows, Row, Rows
from wizard.errors import PilotageError
from wizard.home import home

LOOK_EVERY_S = 15.0
ORDER = {"DOWN": 0, "ROLLING": 1, "OK": 2, "IDLE": 3}
STYLES = {"DOWN": "bad", "ROLLING": "wait", "OK": "good", "IDLE": "quiet"}


@dataclass(frozen=True)
class Line:
    """One service in the list: `target` opens it, the rest is shown."""

    target: str
    state: str
    running: int
    desired: int
    revision: str
    sentence: str
    hold: str


class ServicesPage(Page[None]):
    """The list. Enter opens the console of the service under the cursor."""

    WHERE = ("on call",)
    HELP = """
Every ECS and App Runner service of this account, also those that Pilotage did not make; the worst first.
The list of the last time is shown at once and its age said; the live one follows. enter opens a service.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("f5", "again", "look again"),
        Binding("escape", "leave", "back"),
    ]

    def __init__(self, wanted: str = "", *, read_only: bool = False) -> None:
        super().__init__()
        self._direct = wanted if wanted.count("/") == 2 or wanted.startswith("cluster:") else ""
        """The one service that was asked for: its console opens as soon as it is known who is calling."""
        self._wanted = "" if self._direct else wanted
        self._read_only = read_only
        self._lines: Sequence[Line] = ()
        self._read_at: float | None = None
        self._trouble = ""
        self._looking = False

    def body(self) -> ComposeResult:
        """A list and a filter."""
        yield Static(id="age", classes="note")
        yield OpenRows(id="services", empty="looking")
        yield Input(placeholder="show only what contains this; esc ends it", id="filter", compact=True)

    def on_mount(self) -> None:
        """Show the old list, then ask."""
        self.query_one("#filter").display = False
        self._lines, self._read_at = _remembered(self.pilotage.place)
        self._draw()
        self.set_interval(1.0, self._tick)
        self._open_direct()
        self._tick()

    def on_screen_resume(self) -> None:
        """Somebody came back to it."""
        self._tick()

    def moved(self, place: Place) -> None:
        """Another account has other services."""
        super().moved(place)
        self._trouble = place.trouble.summary if place.trouble else ""
        self._lines, self._read_at = _remembered(place)
        self._draw()
        self._open_direct()
        self._tick()

    def _open_direct(self) -> None:
        connection = self.pilotage.place.connection
        if self._direct and connection is not None:
            target, self._direct = self._direct, ""
            self.app.push_screen(ServicePage(connection, target, read_only=self._read_only))

    def _tick(self) -> None:
        # Behind the console of one service nobody sees the list; it is read when somebody comes back to it.
        due = self.app.screen is self and (self._read_at is None or time.time() - self._read_at > LOOK_EVERY_S)
        if due and not self._looking and self.pilotage.place.known:
            self._looking = True
            behind(self, self._look, group="services")
        self._say_age()

    async def _look(self) -> None:
        try:
            self._lines = await asyncio.to_thread(_read, self.pilotage.place)
            self._read_at, self._trouble = time.time(), ""
        except PilotageError as error:
            self._trouble = error.summary
        finally:
            self._looking = False
        self._draw()

    def _say_age(self) -> None:
        if self._trouble:
            words = line((f" not live: {self._trouble}", "bad"))
        elif self._read_at is None:
            words = line((" looking", "quiet"))
        else:
            seconds = time.time() - self._read_at
            fresh = seconds <= 2 * LOOK_EVERY_S
            old = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
            count = len(self._lines)
            words = line(
                (f" {count} services, read {old} ago{'' if fresh else ': an old list'}", "" if fresh else "wait")
            )
        self.query_one("#age", Static).update(words)

    def _draw(self) -> None:
        wanted = self._wanted.lower()
        shown = [each for each in self._lines if wanted in f"{each.target} {each.state}".lower()]
        shown.sort(key=lambda each: (ORDER.get(each.state, 9), each.target))
        self.query_one(Rows).show([Row(_words(each), each.target) for each in shown])
        self._say_age()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open one."""
        if (connection := self.pilotage.place.connection) is not None:
            self.app.push_screen(ServicePage(connection, event.key, read_only=self._read_only))

    def action_choose(self) -> None:
        """Enter, also from the filter."""
        self.query_one(Rows).action_choose()

    def action_again(self) -> None:
        """Read everything now."""
        self._read_at = None
        self._tick()

    def action_filter(self) -> None:
        """Show only what contains a word."""
        box = self.query_one("#filter", Input)
        box.display = True
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        self._wanted = event.value.strip()
        self._draw()

    def on_input_submitted(self) -> None:
        """Back to the list, filtered."""
        self.query_one(Rows).focus()

    def action_leave(self) -> None:
        """Esc first ends a filter."""
        box = self.query_one("#filter", Input)
        if box.display:
            box.value = ""
            box.display = False
            self.query_one(Rows).focus()
            return
        self.close_page()


def console_page(target: str, *, read_only: bool = False) -> Page[None]:
    """The list, narrowed to what is meant."""
    return ServicesPage(target, read_only=read_only)


def _words(each: Line) -> Any:
    told = (f"held: {each.hold}", "wait") if each.hold else (" ".join(each.sentence.split()), "quiet")
    return line(
        (f"{each.state:<8}", STYLES.get(each.state, "")),
        (f"{each.target.removeprefix('cluster:'):<34.34} ", "strong"),
        f"{f'{each.running} of {each.desired}':<8}{each.revision.rpartition(':')[2]:<5.4}",
        told,
    )


def _of(place: Place) -> list[object]:
    """What tells places apart before it is known who is calling."""
    return [place.request.sandbox, place.request.profile, place.request.region]


def _memory() -> Path:
    return home() / "console.json"


def _remembered(place: Place) -> tuple[Sequence[Line], float | None]:
    """The list of the last time in this place; nothing when there is none, or it is of another account."""
    try:
        kept = json.loads(_memory().read_text(encoding="utf-8"))
        if kept["of"] != _of(place) or place.account not in ("", kept["account"]):
            return (), None
        return [Line(**each) for each in kept["services"]], float(kept["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return (), None


def _read(place: Place) -> list[Line]:
    from wizard.deployment.releases import Releases

    if place.connection is None:
        return []
    found = [
        Line(
            f"{each.deployment}/{each.service}" if each.deployment else f"cluster:{each.ref.cluster}/{each.ref.name}",
            each.state,
            each.running,
            each.desired,
            each.revision,
            each.sentence,
            each.hold.why if each.hold else "",
        )
        for each in Releases(place.connection).states(everything=True)
    ]
    _memory().parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "of": _of(place),
        "account": place.account,
        "at": time.time(),
        "services": [each.__dict__ for each in found],
    }
    _memory().write_text(json.dumps(kept), encoding="utf-8")
    return found
