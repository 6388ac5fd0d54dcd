"""The first screen: what is unfinished, what runs, and how to begin."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from screens.behind import behind
from screens.page import Page
from screens.place import Place
from screens.styles import cut, line
from screens.unfinished import Begun, drafts, folder_of, interrupted
from screens.widgets.rows import OpenRows, Row, Rows
from wizard.errors import PilotageError

if TYPE_CHECKING:
    from wizard.deployment.states import ServiceState

STATE_STYLE = {"DOWN": "bad", "ROLLING": "wait", "OK": "good", "IDLE": "quiet"}
START = (
    ("n", "new deployment", "a few questions, then a URL"),
    ("o", "open a blueprint", "a file that describes a deployment"),
    ("t", "try it in the sandbox", "the whole way, without an AWS account"),
)


@dataclass(frozen=True)
class Look:
    """What was found in the account."""

    services: tuple[ServiceState, ...] = ()
    trouble: str = ""


class Home(Page[None]):
    """Unfinished runs first, then what runs in this account, then how to start."""

    WHERE = ("home",)
    HELP = """
Unfinished: runs on this machine that did not come to their end; enter carries on, nothing is made twice.
Running in this account: every service that Pilotage made, worst first; enter shows what a replay would change,
c opens the on-call console.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "console", "console"),
        Binding("n", "new", "new"),
        Binding("o", "open", "blueprint"),
        Binding("t", "sandbox", "sandbox"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("q", "app.stop", "quit"),
        Binding("escape", "leave", "end filter"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._seen: Look | None = None
        self._begun: tuple[Begun, ...] = ()
        self._wanted = ""
        self._list = OpenRows(id="home")
        self._filter = Input(placeholder="show only what contains this; esc ends it", id="filter", compact=True)
        self._filter.display = False
        self._who_line = Static(id="who", classes="note")

    def body(self) -> ComposeResult:
        """One list, and who you are."""
        yield self._list
        yield self._filter
        yield self._who_line

    def on_mount(self) -> None:
        """Draw what is known without a call, then look."""
        self._draw()
        self.set_interval(1.0, self._draw)

    def moved(self, place: Place) -> None:
        """Look again in another account."""
        super().moved(place)
        self._seen = Look(trouble=place.trouble.summary) if place.trouble else None
        self._draw()
        if place.known:
            self.look()

    def on_screen_resume(self) -> None:
        """Something may have changed while another screen was open."""
        # After the paint: what reads drafts takes longer to load than all of this screen.
        self.call_after_refresh(lambda: behind(self, self._look_here, group="here", exclusive=True))
        if self.pilotage.place.known:
            self.look()

    async def _look_here(self) -> None:
        self._begun = await asyncio.to_thread(lambda: (*interrupted(datetime.now(UTC)), *drafts()))
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the sandbox there is no way further in, and from here none back."""
        if action == "leave":
            return bool(self._filter.display)
        return not (action == "sandbox" and self.pilotage.place.request.sandbox)

    def look(self) -> None:
        """Ask AWS what runs, on a thread."""
        behind(self, self._look, group="look", exclusive=True)

    async def _look(self) -> None:
        self._seen = await asyncio.to_thread(_found, self.pilotage.place)
        self._draw()

    def _draw(self) -> None:
        rows = [*self._unfinished(), *self._services(), *self._start()]
        self._list.show(rows)
        self._who_line.update(self._who())

    def _who(self) -> Text:
        place = self.pilotage.place
        if place.known:
            profile = f"    profile {place.request.profile}" if place.request.profile else ""
            return line((f" You are  {place.arn}{profile}", "quiet"))
        if place.trouble:
            return line((f" {place.trouble.summary}. Log in:  ", "wait"), (_login(place), "key"), "   or press t")
        return line((" looking who you are", "quiet"))

    def _unfinished(self) -> Iterator[Row]:
        rows = []
        for name, run in self.pilotage.runs.items():
            if not run.over:
                run.fetch()
                progress = run.picture.progress
                told = f"{progress.done} of {progress.total}: {run.picture.now_doing()}"
                rows.append(Row(self._begun_line(name, told, "enter: look"), f"going {name}"))
        for each in self._begun:
            run_here = self.pilotage.runs.get(each.name)
            if run_here is None or run_here.over:
                rows.append(Row(self._begun_line(each.name, each.told, "enter: carry on"), each.key))
        shown = [row for row in rows if self._wanted in row.text.plain.lower()]
        if shown:
            yield Row(line(("Unfinished", "strong")))
            yield from shown
            yield Row(line(""))

    def _begun_line(self, name: str, told: str, hint: str) -> Text:
        """What a key does is said where there is room for it; the last line says it too."""
        room = self.size.width - 5
        head = f"{name:<{min(26, room // 3)}} "
        rest = f"   {hint}" if len(head) + len(told) + len(hint) + 3 <= room else ""
        return line((head, "strong"), cut(told, room - len(head)), (rest, "quiet"))

    def _services(self) -> Iterator[Row]:
        yield Row(line(("Running in this account", "strong")))
        if self._seen is None:
            yield Row(line(("  looking …" if self.pilotage.place.known else "  -", "quiet")))
        elif self._seen.trouble:
            yield Row(line(("  not known: ", "quiet"), (self._seen.trouble, "wait")))
        elif not self._seen.services:
            yield Row(line(("  nothing that Pilotage made", "quiet")))
        for state in self._seen.services if self._seen else ():
            name = f"{state.deployment}/{state.service}"
            if self._wanted in name.lower():
                held = f"   held: {state.hold.why}" if state.hold else ""
                yield Row(
                    line(
                        (f"{state.state:<8}", STATE_STYLE.get(state.state, "")),
                        (f"{name:<34} ", "strong"),
                        f"{state.running} of {state.desired}   {state.revision}",
                        (held, "wait"),
                    ),
                    f"service {name}",
                )
        yield Row(line(""))

    def _start(self) -> Iterator[Row]:
        yield Row(line(("Start", "strong")))
        for key, what, why in START:
            if key != "t" or not self.pilotage.place.request.sandbox:
                yield Row(line((f"{key}  ", "key"), f"{what:<24}", (why, "quiet")), f"start {key}")

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open what is under the cursor."""
        from screens import works

        kind, _, what = event.key.partition(" ")
        match kind:
            case "going":
                self.pilotage.show_run(what)
            case "run":
                folder = folder_of(what)
                asked = folder.request()
                self.pilotage.begin(
                    asked["deployment"],
                    works.removal_of if asked["command"] == "destroy" else works.replay_of,
                    works.run_opener(folder),
                    agreed=True,
                )
            case "draft":
                from screens.walk.begin import page_of

                self.app.push_screen(page_of(what, self.pilotage.place.request.region))
            case "service":
                name = what.rpartition("/")[0]
                self.pilotage.begin(name, works.replay_of, works.name_opener(name))
            case "start":
                behind(self, partial(self.app.run_action, {"n": "new", "o": "open", "t": "sandbox"}[what], self))

    def action_sandbox(self) -> None:
        """Work in the sandbox from now on; it is started when it does not run."""
        place = self.pilotage.place
        if not place.request.sandbox:
            self.pilotage.go_to(Place(replace(place.request, sandbox=True, profile=None)))

    def action_new(self) -> None:
        """The walk."""
        self.pilotage.open_walk()

    def action_open(self) -> None:
        """Choose a blueprint file."""
        from screens.open_file import OpenFile

        def chosen(path: Path | None) -> None:
            if path is not None:
                self.pilotage.open_blueprint(path)

        self.app.push_screen(OpenFile(Path.cwd()), chosen)

    def action_console(self) -> None:
        """The on-call console, of the service under the cursor when there is one."""
        kind, _, what = self._list.cursor.partition(" ")
        self.pilotage.open_console(what if kind == "service" else "")

    def action_filter(self) -> None:
        """Show only what contains a word."""
        box = self._filter
        box.display = True
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        self._wanted = event.value.strip().lower()
        self._draw()

    def on_input_submitted(self) -> None:
        """Back to the list, filtered."""
        self._list.focus()

    def action_leave(self) -> None:
        """Esc ends a filter; it never leaves the application."""
        box = self._filter
        box.value = ""
        box.display = False
        self._list.focus()
        self.refresh_bindings()


def _found(place: Place) -> Look:
    from wizard.deployment.looking import Looking

    if place.connection is None:
        return Look()
    try:
        return Look(tuple(Looking(place.connection).services()))
    except PilotageError as error:
        return Look(trouble=error.summary)


def _login(place: Place) -> str:
    profile = f" --profile {place.request.profile}" if place.request.profile else ""
    return f"aws login{profile}"
