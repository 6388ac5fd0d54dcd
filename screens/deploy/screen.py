"""A run before one's eyes: what is made, what it waits for, the calls, the containers' log, and how it ended."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from screens.behind import behind
from screens.bridge import BackgroundRun
from screens.deploy import drawing, ending
from screens.deploy.model import FAILED
from screens.dialogs import AskSecret
from screens.page import Page
from screens.styles import line, wrapped
from screens.widgets.ground import Beside
from screens.widgets.log_lines import LogLines
from screens.widgets.panes import Panes
from screens.widgets.rows import OpenRows, Rows
from screens.widgets.words import Words
from wizard.engine.plan import Plan

DRAW_EVERY_S = 0.1
"""The picture is looked at so often, and drawn only when something was told or a second passed."""

WITH_DETAIL = ("resources", "calls")
"""The panes beside which there is something to say about the row under the cursor."""
NOT_DRAWN = (-1, -1, "", -1)


class Deploy(Page[None]):
    """Follows one run. It may be left and come back to; the run goes on."""

    HELP = """
Everything that is made, in groups; enter opens a group. On the right: what is known of the row under the cursor.
◐ is being worked on, ✓ done, · waits, ✗ failed, - skipped because something it needs failed.

ctrl+c stops safely: no new step starts, calls in flight finish, and `pilotage resume` carries on. Nothing is deleted.
esc leaves this screen; the run goes on behind it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "pane(1)", "pane", priority=True),
        Binding("shift+tab", "pane(-1)", "pane before", show=False, priority=True),
        Binding("r", "retry", "retry"),
        Binding("u", "undo", "undo"),
        Binding("k", "keep", "keep", priority=True),
        Binding("ctrl+c", "stop", "stop safely", priority=True),
        Binding("l", "open_pane('logs')", "logs"),
        Binding("y", "copy", "copy"),
        Binding("slash", "filter", "filter", key_display="/"),
    ]

    def __init__(self, run: BackgroundRun, name: str, *, agreed: bool = False) -> None:
        super().__init__()
        self._run = run
        self._deployment = name
        self._agreed = agreed
        """Whether the plan was seen and said yes to already; a plan that would lose something is shown again."""
        self._opened: set[str] = set()
        self._wanted = ""
        self._drawn = NOT_DRAWN
        self._asking = False
        self._told_end = False
        self._log = LogLines(run)
        self._panes = Panes(
            [
                ("resources", OpenRows(empty="reading what is there")),
                ("rollout", Rows(empty="no service is being rolled out yet")),
                ("calls", Rows(empty="no call yet")),
                ("logs", self._log),
                ("result", Rows(empty="it has not ended yet")),
            ],
            id="panes",
        )
        self._bar = Words(id="bar")
        self._detail_text = Words(id="detail-text")
        self._detail = VerticalScroll(self._detail_text, id="detail", can_focus=False)
        self._last_call = Words(id="last-call")
        self._filter = Input(placeholder="show only what contains this; esc ends it", id="filter", compact=True)

    def body(self) -> ComposeResult:
        """A bar, the panes and the detail, the last call."""
        yield self._bar
        yield Beside(self._panes, self._detail, id="work")
        yield self._filter
        yield self._last_call

    def on_mount(self) -> None:
        """Begin to look."""
        self.say_where("deploying", self._deployment)
        self._filter.display = False
        self.set_interval(DRAW_EVERY_S, self._look)
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work now are shown."""
        failed = self._run.over and not self._well
        if action in ("retry", "undo", "keep"):
            # `k` also moves the cursor, and is a letter in a field: it is `keep` only where a list has the keys.
            typing = isinstance(self.focused, Input)
            return failed and not typing and (action != "undo" or self._run.deployment is not None)
        return action != "stop" or not self._run.over

    @property
    def _well(self) -> bool:
        return self._run.result is not None and self._run.result.exit_code == 0

    def _look(self) -> None:
        run = self._run
        run.fetch()
        if run.plan is not None and not self._asking:
            self._ask(run.plan)
        if run.deployment is not None and run.picture.items and not run.picture.progress.done:
            graph = run.deployment.graph
            run.picture.know_needs({address: graph.dependencies(address) for address in graph.resources})
        if run.asked_secret and not self._asking:
            self._ask_secret(run.asked_secret)
        panes = self._panes
        told = run.picture.version + run.calls_seen
        state = (told, int(run.picture.progress.now()), panes.open_pane, panes.room)
        if state != self._drawn:
            self._drawn = state
            self._draw(panes.open_pane)
        if run.over and not self._told_end:
            self._told_end = True
            self._end()

    def _look_anew(self) -> None:
        """A key changed what is to be seen: nobody waits for the next look."""
        self._drawn = NOT_DRAWN
        self._look()

    def _draw(self, pane: str) -> None:
        run, width = self._run, self.size.width
        self._bar.say([drawing.bar(run.picture, width)])
        if pane != "logs":
            rows = self._panes.rows(pane)
            room = self._panes.room or width
            match pane:
                case "resources":
                    rows.show(drawing.tree(run.picture, self._opened, room, self._wanted))
                case "rollout":
                    rows.show(drawing.rollouts(run.picture, room))
                case "calls":
                    at_end = rows.scroll_offset.y >= rows.max_scroll_y
                    rows.show(drawing.calls(list(run.calls), self._wanted))
                    if at_end and rows.rows:
                        rows.move_to(rows.rows[-1].key)
                case "result":
                    rows.show(ending.rows(run, room))
        self._draw_detail()
        if run.calls:
            last = run.calls[-1]
            words = f" last call  {last.service} {last.operation}  {last.code}  {last.milliseconds:.0f} ms"
            self._last_call.say([line((words, "quiet"))])

    def _draw_detail(self) -> None:
        pane = self._panes.open_pane
        box = self._detail
        room = max(box.size.width - 2, 20)
        lines: list[Text] = []
        if pane == "resources":
            key = self._panes.rows(pane).cursor
            lines = drawing.detail(self._run.picture, key if " " in key else f"{key} False", room)
        elif pane == "calls":
            lines = self._call_detail(room)
        self._detail_text.say(lines)
        box.display = pane in WITH_DETAIL

    def _call_detail(self, room: int) -> list[Text]:
        chosen = self._panes.rows("calls").cursor
        found = next((call for call in self._run.calls if str(call.number) == chosen), None)
        return wrapped(found.command, room) if found else []

    def on_panes_resized(self) -> None:
        """Lines break elsewhere."""
        self._look()

    def on_rows_moved(self) -> None:
        """The detail follows the cursor."""
        self._draw_detail()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter opens and closes a group."""
        kind, _, name = event.key.partition(" ")
        if kind == "group":
            self._opened ^= {name}
            self._look_anew()

    def _ask(self, plan: Plan) -> None:
        risky = any(change.risk or change.action in ("delete", "replace") for change in plan.needed)
        if self._agreed and not risky:
            self._run.answer(yes=True)
            return
        from screens.plan import PlanPage

        self._asking = True
        deployment = self._run.deployment
        scale = deployment.connection.clock.scale if deployment else 1.0

        def answered(yes: bool | None) -> None:
            self._asking = False
            self._run.answer(yes=bool(yes))

        self.app.push_screen(PlanPage(self._deployment, plan, scale), answered)

    def _ask_secret(self, name: str) -> None:
        self._asking = True

        def answered(value: str | None) -> None:
            self._asking = False
            self._run.give(value)

        self.app.push_screen(AskSecret(name), answered)

    def _end(self) -> None:
        picture = self._run.picture
        if failed := [item for item in picture.items.values() if item.state == FAILED]:
            self._panes.rows("resources").move_to(f"{failed[0].address} {failed[0].action == 'delete'}")
        self._panes.open_pane = "result"
        self.say_where("done" if self._well else "failed", self._deployment)
        self.refresh_bindings()
        behind(self, self._probe, group="probe")

    async def _probe(self) -> None:
        """Ask the addresses from here, as a visitor would."""
        await asyncio.to_thread(ending.probe, self._run)
        self._look_anew()

    async def action_stop(self) -> None:
        """One ctrl+c stops safely, a second one leaves at once."""
        await self.pilotage.action_stop()

    def action_pane(self, by: int) -> None:
        """The next pane."""
        self._panes.step(by)
        self._look()

    def action_open_pane(self, name: str) -> None:
        """One pane."""
        self._panes.open_pane = name
        self._look()

    def action_copy(self) -> None:
        """Copy the call under the cursor, or the last one, as an `aws` command; of the result, what the row holds."""
        if self._panes.open_pane == "result" and (value := ending.value_at(self._panes.rows("result").cursor)):
            self.app.copy_to_clipboard(value)
            self.notify(f"copied: {value}")
            return
        chosen = self._panes.rows("calls").cursor
        on_calls = self._panes.open_pane == "calls"
        found = [call for call in self._run.calls if not on_calls or str(call.number) == chosen]
        if found:
            self.app.copy_to_clipboard(found[-1].command)
            self.notify(f"copied: aws {found[-1].service} {found[-1].operation}")

    def action_filter(self) -> None:
        """Show only what contains a word."""
        self._filter.display = True
        self._filter.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        self._wanted = event.value.strip().lower()
        self._log.filter(self._wanted)
        self._look_anew()

    def on_input_submitted(self) -> None:
        """Back to the list, filtered."""
        self._panes.watch_open_pane(self._panes.open_pane)

    def action_leave(self) -> None:
        """Esc first ends a filter, then leaves the screen; the run goes on."""
        if self._filter.display:
            self._filter.value, self._filter.display = "", False
            self.on_input_submitted()
            return
        if not self._run.over:
            self.notify(f"{self._deployment} goes on; Home shows it first.")
        self.close_page()

    def action_retry(self) -> None:
        """The same again: what stands is found, only what is missing is made."""
        self.pilotage.retry(self._deployment)

    def action_keep(self) -> None:
        """Leave everything as it is."""
        self.close_page()

    def action_undo(self) -> None:
        """Remove what this deployment made; data stays."""

        def answered(yes: bool | None) -> None:
            if yes:
                self.pilotage.undo(self._deployment)

        self.app.push_screen(ending.undo_dialog(self._deployment), answered)

    def parting_words(self) -> list[str]:
        """How to carry on, once the terminal is given back."""
        return ending.parting_words(self._run, self._deployment)
