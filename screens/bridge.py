"""A run on a thread of its own, and what it tells, kept until a screen fetches it.

Screens come and go; the run and its picture stay, so coming back shows the same run. Nothing is posted to the event
loop for each event: a screen fetches what came since, ten times a second, so keys are never behind a flood.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from screens.deploy.model import RunPicture
from wizard.aws.as_command import as_command
from wizard.errors import ExitCode, Interrupted, PilotageError

if TYPE_CHECKING:
    from wizard.aws.calls import CallRecord
    from wizard.deployment.opening import Deployment
    from wizard.deployment.replaying import Result
    from wizard.deployment.request import Request
    from wizard.engine.events import Event
    from wizard.engine.plan import Plan

CALLS_KEPT = 2000
LINES_KEPT = 20000
Opener = Callable[["Request"], "Deployment"]
Work = Callable[["Deployment", "BackgroundRun"], "Result"]


@dataclass(frozen=True)
class Call:
    """One answered call as the pane shows it; `command` is the same for a shell, secrets masked."""

    number: int
    service: str
    operation: str
    mutating: bool
    code: str
    milliseconds: float
    command: str


class BackgroundRun:
    """One run. `picture` is what is known of it; `plan` waits for `agree` or `refuse`."""

    def __init__(self, request: Request, opener: Opener, work: Work) -> None:
        self.picture = RunPicture(time.monotonic)
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.calls_seen = 0
        self.stopping = threading.Event()
        self.asked_twice = False
        self.plan: Plan | None = None
        """The plan that waits for a yes."""
        self.deployment: Deployment | None = None
        self.result: Result | None = None
        self.error: PilotageError | None = None
        self.over = False
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        """Lines of the containers' logs that no screen took yet."""
        self.probes: dict[str, str] = {}
        """What each address of the outputs answered, from here."""
        self.request = request
        self.opener = opener
        self._request = replace(request, on_call=self._called, ask=self._ask)
        self.asked_secret = ""
        """The name of the secret whose value the run waits for."""
        self._given: str | None = None
        self._opener = opener
        self._work = work
        self._fresh: deque[Event] = deque()
        self._agreed = threading.Event()
        self._answer = False
        self._thread = threading.Thread(target=self._carry_out, name="run", daemon=True)

    @property
    def exit_code(self) -> int:
        """As the command line would end: that of the result, of the error, or 130 while it goes on."""
        if self.error is not None:
            return int(self.error.exit_code)
        return int(self.result.exit_code if self.result is not None else ExitCode.INTERRUPTED)

    def start(self) -> BackgroundRun:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def again(self) -> BackgroundRun:
        """The same, not started yet."""
        return BackgroundRun(self.request, self.opener, self._work)

    def stop(self) -> None:
        """One interrupt: no new step starts, calls in flight finish."""
        self.asked_twice = self.stopping.is_set()
        self.stopping.set()
        if self.plan is not None:
            self.answer(yes=False)
        if self.asked_secret:
            self.give(None)

    def answer(self, *, yes: bool) -> None:
        """What the person said of the plan."""
        self._answer = yes
        self.plan = None
        self._agreed.set()

    def give(self, value: str | None) -> None:
        """The value of the secret that was asked for; None when there is none."""
        self._given = value
        self.asked_secret = ""
        self._agreed.set()

    def fetch(self) -> bool:
        """Take what was told since the last time into the picture; False when there was nothing."""
        some = bool(self._fresh)
        while self._fresh:
            self.picture.take(self._fresh.popleft())
        self.picture.over = self.over
        return some

    def hear(self, event: Event) -> None:
        """One event; called on whichever thread it comes from."""
        self._fresh.append(event)

    def confirm(self, plan: Plan) -> bool:
        """Show a plan and wait for the answer; on the run's thread."""
        if self.stopping.is_set():
            return False
        self._agreed.clear()
        self.plan = plan
        self._agreed.wait()
        return self._answer

    def _ask(self, name: str) -> str | None:
        if self.stopping.is_set():
            return None
        self._agreed.clear()
        self.asked_secret = name
        self._agreed.wait()
        given, self._given = self._given, None
        return given

    def _called(self, record: CallRecord) -> None:
        self.calls_seen += 1
        self.calls.append(
            Call(
                self.calls_seen,
                record.service,
                record.operation,
                record.mutating,
                record.code,
                record.milliseconds,
                as_command(record),
            )
        )

    def _follow_logs(self, deployment: Deployment) -> None:
        from wizard.deployment.tailing import tail

        def work() -> None:
            tail(deployment, self.lines.append, lambda: self.over)

        threading.Thread(target=work, name="log tail", daemon=True).start()

    def _carry_out(self) -> None:
        from wizard.cli.defects import unforeseen

        try:
            self.deployment = self._opener(self._request)
            self.picture.scale = self.deployment.connection.clock.scale
            self._follow_logs(self.deployment)
            self.result = self._work(self.deployment, self)
        except PilotageError as error:
            self.error = error
        except KeyboardInterrupt:
            self.error = Interrupted("interrupted", safe="what was made is recorded; nothing is lost")
        except Exception as error:  # noqa: BLE001 - the last wall: a person never sees a traceback
            self.error = unforeseen(error, None, safe="what was made is recorded; nothing is lost")
        finally:
            self.over = True
