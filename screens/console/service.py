"""One service at three in the morning: what is wrong, since when, which version worked, and the way back to it."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from screens.behind import behind
from screens.console import drawing, note, panes
from screens.console.watch import Watch
from screens.dialogs import Confirm
from screens.page import Page
from screens.widgets.log_lines import LogLines
from screens.widgets.panes import Panes
from screens.widgets.rows import Rows
from screens.widgets.words import Words
from wizard.cli import words
from wizard.errors import PilotageError

if TYPE_CHECKING:
    from wizard.deployment.opening import Connection
    from wizard.deployment.releases import Releases, RollbackResult
    from wizard.release.rollback_plan import RollbackPlan
    from wizard.release.rollout import Rollout
    from wizard.release.service_ref import ServiceRef

DRAW_EVERY_S = 0.1


class ServicePage(Page[None]):
    """The console of one service."""

    HELP = """
The first lines say how the service is and why. Below: its revisions; the one that a rollback would take is marked.
Everything here only reads. r shows what a rollback would do; typing the service's name carries it out.
At most five keys: r, tab (completes the name), enter.
After a rollback the service is held: CI does not move it until somebody releases it (h).
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "roll_back", "roll back"),
        Binding("d", "show('difference')", "difference"),
        Binding("t", "show('tasks')", "tasks"),
        Binding("l", "show('logs')", "logs"),
        Binding("m", "show('metrics')", "metrics"),
        Binding("w", "show('cause')", "why"),
        Binding("h", "hold", "hold/release"),
        Binding("i", "note", "incident note"),
        Binding("slash", "filter", "filter", key_display="/", show=False),
        Binding("f5", "again", "look again", show=False),
        Binding("tab", "pane(1)", "pane", show=False, priority=True),
        Binding("shift+tab", "pane(-1)", "pane before", show=False, priority=True),
        Binding("escape", "leave", "back"),
    ]

    def __init__(self, connection: Connection, target: str | ServiceRef, *, read_only: bool = False) -> None:
        super().__init__()
        self._read_only = read_only
        self._armed = False
        self._acting = ""
        self._did: list[str] = []
        self._stopping = threading.Event()
        self._drawn = (-1, "", "", "")

        def resolve(releases: Releases) -> ServiceRef:
            if not isinstance(target, str):
                return target
            cluster, _, service = target.removeprefix("cluster:").partition("/")
            if target.startswith("cluster:"):
                return releases.one(cluster=cluster, service=service)
            return releases.one(target)

        self._watch_ = Watch(connection, resolve, lambda: self._armed)
        self._title = target if isinstance(target, str) else target.title
        self._verdict = Words(id="verdict")
        self._around = Words(id="around")
        self._log = LogLines(self._watch_)
        self._panes = Panes(
            [
                ("revisions", Rows(empty="reading the revisions")),
                ("cause", Rows(empty="nothing is wrong that AWS tells of")),
                ("tasks", Rows(empty="no tasks")),
                ("targets", Rows(empty="no load balancer")),
                ("timeline", Rows(empty="nothing happened")),
                ("metrics", Rows(empty="reading the metrics")),
                ("difference", Rows(empty="put the cursor on a revision first")),
                ("logs", self._log),
            ]
        )
        self._filter = Input(placeholder="show only lines that contain this; esc ends it", id="filter", compact=True)

    def body(self) -> ComposeResult:
        """The verdict, the panes."""
        yield self._verdict
        yield self._panes
        yield self._around
        yield self._filter

    def on_mount(self) -> None:
        """Begin to look."""
        self._filter.display = False
        self._watch_.start()
        self.set_interval(DRAW_EVERY_S, self._look)

    def on_unmount(self) -> None:
        """Look no more."""
        self._watch_.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What changes something is not offered where that is ruled out."""
        return not (self._read_only and action in ("roll_back", "hold"))

    def _look(self) -> None:
        watch, seen = self._watch_, self._watch_.seen
        if watch.trouble is not None:
            error = watch.trouble
            self._verdict.say([Text(f" {part}") for part in (error.summary, error.evidence, error.next_step)])
            return
        mode = "read-only" if not self._armed else "armed"
        self.say_where("on call", self._title, mode, drawing.age(seen))
        pane = self._panes.open_pane
        state = (watch.version, pane, self._acting, str(self.size))
        if state == self._drawn or seen is None:
            return
        self._drawn = state
        self._verdict.say(drawing.head(seen, self._acting, self.size.width - 1))
        self._around.display = pane == "revisions"
        self._around.say(drawing.around(seen, self.size.width - 1))
        if pane in panes.DRAWN:
            chosen = int(self._panes.rows("revisions").cursor or 0)
            self._panes.rows(pane).show(panes.rows_of(pane, seen, self.size.width, chosen))
        if pane == "revisions" and seen.plan is not None:
            self.call_after_refresh(self._panes.rows("revisions").offer, str(seen.plan.target.number))

    def action_show(self, name: str) -> None:
        """One pane; the same key again leads back to the revisions."""
        self._panes.open_pane = "revisions" if self._panes.open_pane == name else name
        if name == "logs":
            self._watch_.tail()
        self._look()

    def action_pane(self, by: int) -> None:
        """The next pane."""
        self._panes.step(by)
        if self._panes.open_pane == "logs":
            self._watch_.tail()
        self._look()

    def action_again(self) -> None:
        """Read everything now."""
        self._watch_.look_again()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter on a revision shows what changed since."""
        if event.control.id == "pane-revisions":
            self.action_show("difference")

    async def action_roll_back(self) -> None:
        """Show what a rollback would do; typing the name carries it out."""
        seen = self._watch_.seen
        if seen is None or self._acting.startswith("going back"):
            return
        chosen = int(self._panes.rows("revisions").cursor or 0)
        serving = next((each.number for each in seen.revisions or () if each.serving), 0)
        to = chosen if chosen and chosen != serving else None
        plan = seen.plan
        if plan is None or (to is not None and plan.target.number != to):
            try:
                plan = await asyncio.to_thread(self._watch_.releases.plan_rollback, seen.ref, to=to)
            except PilotageError as error:
                self._acting = f"no way back: {error.summary}"
                self.notify("\n".join(part for part in (error.evidence, error.next_step) if part), title=error.summary)
                return
        effects = [*plan.effect, *plan.warnings]
        effects += [f"skips {each.number}: {each.reason}" for each in plan.skipped[:4]]
        dialog = Confirm(plan.title, effects, seen.ref.short, same_as=plan.command)
        self.app.push_screen(dialog, lambda yes: self._agreed(plan) if yes else None)

    def _agreed(self, plan: RollbackPlan) -> None:
        self._armed = True
        self._acting = f"going back to {plan.target.number}"
        self._did.append(f"rolled back to {plan.target.label}: {plan.command}")
        behind(self, partial(self._carry_out, plan), group="rollback")

    async def _carry_out(self, plan: RollbackPlan) -> None:
        def told(rollout: Rollout) -> None:
            self._acting = f"going back to {plan.target.number}: {rollout.sentence}"

        try:
            result = await asyncio.to_thread(
                lambda: self._watch_.releases.rollback(
                    plan,
                    reason=f"rollback to {plan.target.number} from the console",
                    on_progress=told,
                    stopping=self._stopping,
                )
            )
        except PilotageError as error:
            self._acting = f"not rolled back: {error.summary}"
            self.notify("\n".join(part for part in (error.evidence, error.next_step) if part), title=error.summary)
        else:
            self._finished(result)
        finally:
            self._armed = False
            self._watch_.look_again()

    def _finished(self, result: RollbackResult) -> None:
        self._acting = f"{result.sentence} ({words.took(result.seconds)})"
        self._did.append(result.sentence)
        for warning in result.warnings:
            self.notify(warning, severity="warning")
        if result.hold is not None:
            self._did.append("held: CI does not move it until it is released")

    def action_hold(self) -> None:
        """Hold the service, or release it."""
        seen = self._watch_.seen
        if seen is None:
            return
        held = bool(seen.hold)
        effect = "CI may move it again." if held else "CI does not move it until it is released."
        title = f"{'Release' if held else 'Hold'} {seen.ref.title}"
        said = [effect, *([seen.hold] if held else [])]

        def answered(yes: bool | None) -> None:
            if yes:
                behind(self, partial(self._hold, release=held), group="hold")

        self.app.push_screen(Confirm(title, said, seen.ref.short), answered)

    async def _hold(self, *, release: bool) -> None:
        seen = self._watch_.seen
        assert seen is not None
        releases, refs = self._watch_.releases, [seen.ref]
        self._armed = True
        try:
            if release:
                await asyncio.to_thread(releases.release, refs)
            else:
                await asyncio.to_thread(releases.hold, refs, "held from the console")
            self._acting = "released" if release else "held"
            self._did.append(self._acting)
        except PilotageError as error:
            self._acting = error.summary
        finally:
            self._armed = False
            self._watch_.look_again()

    def action_note(self) -> None:
        """Write what happened into a file, and into the clipboard."""
        seen = self._watch_.seen
        if seen is None:
            return
        text = note.incident(seen, self._did)
        path = Path.cwd() / note.file_name(seen)
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self.notify(f"copied only; the file could not be written: {error}")
        else:
            self.notify(f"written to {path.name}, and copied")
        self.app.copy_to_clipboard(text)

    def action_filter(self) -> None:
        """Filter the log."""
        self.action_show("logs") if self._panes.open_pane != "logs" else None
        box = self._filter
        box.display = True
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        self._log.filter(event.value.strip().lower())

    def on_input_submitted(self) -> None:
        """Back to the log."""
        self._log.focus()

    def action_leave(self) -> None:
        """Esc first ends a filter."""
        box = self._filter
        if box.display:
            box.value = ""
            box.display = False
            self._log.focus()
            return
        self.close_page()
