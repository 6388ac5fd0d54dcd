"""The application: where it works, the runs that go on behind its screens, and how it ends."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from screens.behind import behind
from screens.page import Page
from screens.place import Place, found
from screens.widgets.key_line import keys_of, name_of
from wizard.errors import ExitCode, PilotageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.bridge import BackgroundRun, Opener
    from screens.deploy.screen import Deploy
    from wizard.deployment.request import Request

    Work = Callable[[Opener, Request], BackgroundRun]

NOT_IN_PALETTE = ("command_palette", "screen.copy_text")
COLLECT_EVERY_S = 120.0
"""Between two full collections: each stops everything for some 50 ms, and a console stays open all night."""
LAST_BREATH_S = 10.0
"""How long a run may take to finish the calls in flight when the terminal goes away."""


class PilotageApp(App[int]):
    """The full-screen application. Its exit code is that of the last run."""

    CSS_PATH = "pilotage.tcss"
    TITLE = "Pilotage"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-broad")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "all", show=True),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("ctrl+c", "stop", "stop", show=False, priority=True),
        Binding("ctrl+q", "stop", "quit", show=False),
    ]

    def __init__(self, place: Place, first: Page[Any] | None = None) -> None:
        super().__init__()
        self.place = place
        self.last_words: list[str] = []
        """What is written to the terminal once it is given back."""
        self.defect: PilotageError | None = None
        """What ended the application, when it was a defect of its own."""
        self.runs: dict[str, BackgroundRun] = {}
        """Runs of this process by deployment."""
        self._first = first
        self._hung_up_before: Any = signal.SIG_DFL

    def on_mount(self) -> None:
        """Listen for signals, show the first screen, and find out who is calling."""
        # Textual leaves the terminal broken on SIGTERM. On SIGHUP there is none left to draw on, and drawing waits for
        # ever: that one is heard outside of the event loop.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._told_to_go, signal.SIGTERM)
        self._hung_up_before = signal.signal(signal.SIGHUP, self._hung_up)
        self.set_interval(COLLECT_EVERY_S, self._collect)
        self.push_screen(self._first or _home()())
        if not self.place.known:
            self.go_to(self.place)

    def _collect(self) -> None:
        gc.collect()

    def on_unmount(self) -> None:
        """The signal is somebody else's again."""
        signal.signal(signal.SIGHUP, self._hung_up_before)

    def go_to(self, place: Place) -> None:
        """Work in another place; who is calling is asked on a thread, after the first paint."""
        self._settle(place)
        self.call_after_refresh(lambda: behind(self, partial(self._find, place), group="place", exclusive=True))

    async def _find(self, place: Place) -> None:
        self._settle(await asyncio.to_thread(found, place))

    def _settle(self, place: Place) -> None:
        self.place = place
        for screen in self.screen_stack:
            if isinstance(screen, Page) and screen.is_mounted:
                screen.moved(place)

    def running(self) -> list[BackgroundRun]:
        """The runs that have not ended."""
        return [run for run in self.runs.values() if not run.over]

    def begin(
        self, name: str, work: Work, opener: Opener, *, agreed: bool = False, request: Request | None = None
    ) -> None:
        """Start a run and show it; one that goes on already is shown as it is."""
        run = self.runs.get(name)
        if run is None or run.over:
            run = self.runs[name] = work(opener, request or self.place.request).start()
        self.push_screen(_page_of(run, name, agreed=agreed))

    async def begin_alone(self, name: str, work: Work, opener: Opener, request: Request) -> None:
        """Start a run that was agreed to and show it in place of the screens that led to it."""
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        run = self.runs[name] = work(opener, request).start()
        page = _page_of(run, name, agreed=True)
        if isinstance(self.screen, _home()):
            await self.push_screen(page)
        else:
            await self.switch_screen(page)

    def show_run(self, name: str) -> None:
        """The screen of a run of this process."""
        self.push_screen(_page_of(self.runs[name], name))

    def go_home(self) -> None:
        """The home screen, in place of the last one."""
        self.switch_screen(_home()())

    def retry(self, name: str) -> None:
        """The same run again, in place of its screen."""
        again = self.runs[name] = self.runs[name].again().start()
        self.switch_screen(_page_of(again, name, agreed=True))

    def undo(self, name: str) -> None:
        """Remove what a run made, in place of its screen."""
        from screens.works import removal_of

        run = self.runs[name]
        gone = self.runs[name] = removal_of(run.opener, run.request).start()
        self.switch_screen(_page_of(gone, name, agreed=True))

    def open_walk(self) -> None:
        """The questions, anew or from a draft."""
        from screens.walk.begin import first_page

        self.push_screen(first_page(self.place.request.region))

    def open_console(self, target: str) -> None:
        """The on-call console, of one service or of all."""
        from screens.console.services import console_page

        self.push_screen(console_page(target))

    def open_blueprint(self, path: Path) -> None:
        """Plan a file; its environment is asked for when it has several."""
        from screens.environment import ChooseEnvironment, environments_of, name_of
        from screens.works import file_opener, replay_of

        def chosen(environment: str | None) -> None:
            if environment is not None:
                request = replace(self.place.request, environment=environment or None)
                self.begin(name_of(path, environment), replay_of, file_opener(path), request=request)

        known = environments_of(path)
        if len(known) < 2:
            chosen(next(iter(known), ""))
        else:
            self.push_screen(ChooseEnvironment(path, known), chosen)

    def action_help(self) -> None:
        """The help of this screen."""
        from screens.dialogs import Help

        page = self.screen
        if isinstance(page, Page):
            self.push_screen(Help("help", page.HELP, keys_of(page)))

    async def action_stop(self) -> None:
        """Ctrl-C: ask a run to stop safely; without one, leave."""
        if going := self.running():
            for run in going:
                run.stop()
            self.notify("Stopping: no new step starts, calls in flight finish. ctrl+c again leaves at once.")
            if all(run.asked_twice for run in going):
                self._go(ExitCode.INTERRUPTED)
            return
        last = next(reversed(self.runs.values()), None)
        self._go(last.exit_code if last else ExitCode.OK)

    async def action_quit(self) -> None:
        """Leave; a run that goes on is stopped safely first."""
        await self.action_stop()

    def _go(self, code: int) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                self.last_words += screen.parting_words()
        self.exit(int(code), return_code=int(code))

    def _told_to_go(self, number: int) -> None:
        for run in self.running():
            run.stop()
        behind(self, partial(self._last_breath, number), group="end", exclusive=True)

    async def _last_breath(self, number: int) -> None:
        deadline = asyncio.get_running_loop().time() + LAST_BREATH_S
        while self.running() and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.05)
        self._go(128 + number)

    def _hung_up(self, number: int, frame: FrameType | None) -> None:
        threading.Thread(target=self._leave_unseen, args=(number,), name="hang-up", daemon=True).start()

    def _leave_unseen(self, number: int) -> None:
        """Stop what goes on and end, without the event loop: it may wait for a terminal that is gone."""
        deadline = time.monotonic() + LAST_BREATH_S
        for run in self.running():
            run.stop()
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.05)
        os._exit(128 + number)

    def _fatal_error(self) -> None:
        """A defect: its details go into a file, never on the screen, for they hold what was in memory."""
        from wizard.cli.defects import unforeseen

        error = sys.exc_info()[1] or RuntimeError("unknown")
        self.defect = unforeseen(error, None, safe="what was made is recorded; nothing is lost")
        for run in self.running():
            run.stop()
        self._close_messages_no_wait()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of this screen, for the palette, also those for which its last line has no room."""
        told: set[str] = set()
        for active in screen.active_bindings.values():
            binding, node = active.binding, active.node
            ours = binding.show or node is screen
            if not ours or not active.enabled or not binding.description or binding.description in told:
                continue
            told.add(binding.description)
            key = binding.key_display or name_of(binding.key)
            act = partial(self.run_action, binding.action, node)
            if binding.action not in NOT_IN_PALETTE:
                yield SystemCommand(binding.description, f"key {key}", act)
        yield SystemCommand("save a picture", "an SVG of this screen, for a question or a report", self.action_picture)
        yield SystemCommand("quit", "leave Pilotage; key ctrl+q", self.action_quit)

    def action_picture(self) -> None:
        """Save this screen as a picture; it holds what is on the screen, so no value of a secret."""
        from screens.picture import save

        self.notify(f"saved {save(self)}")


def _page_of(run: BackgroundRun, name: str, *, agreed: bool = False) -> Deploy:
    from screens.deploy.screen import Deploy

    return Deploy(run, name, agreed=agreed)


def _home() -> type[Page[None]]:
    """The home screen opens this module's screens, and this module opens it."""
    from screens.home import Home

    return Home
