"""The frame around every run: its stream of events, signals, questions, and one `run_complete` in the end."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wizard.aws.calls import CallRecord
from wizard.aws.translate import denial, is_denied
from wizard.cli.defects import unforeseen
from wizard.cli.foreman import Foreman
from wizard.cli.options import Options
from wizard.cli.picture import picture_for
from wizard.cli.report import SAFE_BEFORE, Report, four_parts
from wizard.deployment.opening import Deployment
from wizard.deployment.replaying import Result
from wizard.deployment.request import Request
from wizard.deployment.runs import new_run_id
from wizard.engine.clock import Clock
from wizard.engine.events import Event, EventStream, EventType
from wizard.errors import AwsError, ExitCode, Interrupted, PilotageError

SAFE_DURING = "what was made is recorded; nothing is lost, nothing is there twice"
LAST_WORDS_LIMIT_S = 1.0
"""How long a second Ctrl-C may take to say goodbye, even when nobody reads what is written."""


@dataclass(frozen=True)
class Ending:
    """How a command ended that no error ended."""

    verdict: str
    exit_code: ExitCode
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, result: Result) -> Ending:
        """The ending of a run."""
        return cls(result.verdict, result.exit_code, result.counts)


class Frame:
    """One run as the command line sees it."""

    def __init__(self, report: Report, options: Options, *, told: bool = True) -> None:
        self.report = report
        self.options = options
        self.events = EventStream(new_run_id(), Clock())
        self.stopping = threading.Event()
        self.begun = False
        """Whether something may have been changed in AWS."""
        self.picture = picture_for(report, told=told)
        self._completed: int | None = None
        self.stop_asked = False
        """Whether a signal asked to stop; the other cause of a stop is a lock that another run took."""
        self._foreman = Foreman(self._on_signal)
        self.events.subscribe(self._as_json)
        # A command whose result is the plan itself writes it as data; its events are then only counted.
        self.events.subscribe(self.picture.take if told else self.picture.progress.take)

    @property
    def run(self) -> str:
        """The run's id."""
        return self.events.run

    def request(self) -> Request:
        """What the options ask for."""

        def ask(name: str) -> str | None:
            return self.ask_secret(name)

        return request_from(self.report, self.options, ask if self.report.may_ask else None)

    def opened(self, deployment: Deployment) -> Deployment:
        """Take note of the pace at which time passes where the deployment lives."""
        self.picture.progress.scale = deployment.connection.clock.scale
        return deployment

    def ask(self, question: str) -> str:
        """Ask a person; only with a terminal."""
        return self._foreman.ask(lambda: self.report.ask(question))

    def ask_secret(self, name: str) -> str | None:
        """Ask for a secret's value, unseen."""
        return self._foreman.ask(lambda: self.report.ask_secret(f"value of {name} (not shown): "))

    def carry_out(self, work: Callable[[Frame], Ending]) -> int:
        """Do the work, tell of what went wrong, publish the end, and return the exit code."""
        with self._foreman.listening():
            return self._carry_out(work)

    def _carry_out(self, work: Callable[[Frame], Ending]) -> int:
        try:
            ending = self._foreman.carry_out(lambda: work(self))
        except PilotageError as error:
            return self._fail(named(error))
        except (KeyboardInterrupt, EOFError):
            self.report.say()
            return self._fail(
                Interrupted(
                    "interrupted",
                    evidence="the question was left without an answer",
                    next_step="run the same command again",
                )
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the run ends with its verdict and without a traceback
            return self._fail(unforeseen(error, self.report.log_file, safe=self._safe))
        self.picture.close()
        self._complete(ending.verdict, ending.exit_code, ending.counts)
        return int(ending.exit_code)

    def _fail(self, error: PilotageError) -> int:
        self.picture.close()
        self.report.error(error, safe=self._safe)
        if self._completed is not None:
            # The run had said its verdict already; only what comes after it, such as giving the lock back, failed.
            return self._completed or int(error.exit_code)
        self.events.publish(EventType.DIAGNOSTIC, message=error.summary, detail=four_parts(error, safe=self._safe))
        self._complete(error.verdict, error.exit_code, {})
        return int(error.exit_code)

    @property
    def _safe(self) -> str:
        return SAFE_DURING if self.begun else SAFE_BEFORE

    def _complete(self, verdict: str, exit_code: ExitCode, counts: Mapping[str, int]) -> None:
        if self._completed is None:
            self.events.publish(
                EventType.RUN_COMPLETE,
                message=verdict,
                verdict=verdict,
                exit_code=int(exit_code),
                detail={"counts": dict(counts)} if counts else {},
            )

    def _as_json(self, event: Event) -> None:
        if event.type is EventType.RUN_COMPLETE:
            self._completed = event.exit_code or 0
        line = event.as_line()
        self.report.json_text(line)
        self.report.log(line)

    def _on_signal(self) -> None:
        if self.begun and not self.stop_asked:
            self.stop_asked = True
            self.stopping.set()
            self.report.say("stopping after the calls in flight; press Ctrl-C again to leave at once", "wait")
            return
        self._leave()

    def _leave(self) -> None:
        """End the process now. What AWS was asked is in the journal, and the lock of a dead process blocks nobody."""
        code = int(ExitCode.INTERRUPTED)
        watchdog = threading.Timer(LAST_WORDS_LIMIT_S, os._exit, (code,))
        watchdog.daemon = True
        watchdog.start()
        self._fail(
            Interrupted(
                "left at once" if self.begun else "interrupted",
                evidence="a second Ctrl-C (or signal) came" if self.begun else "Ctrl-C (or a signal) came",
                next_step=self.carry_on() if self.begun else "run the same command again",
            )
        )
        os._exit(code)

    def carry_on(self) -> str:
        """The command that goes on where this run stops."""
        return f"pilotage resume {self.run}"


def request_from(report: Report, options: Options, ask: Callable[[str], str | None] | None = None) -> Request:
    """The request that the common options make."""

    def on_call(call: CallRecord) -> None:
        report.log(f"{call.service} {call.operation} {call.code} {call.milliseconds:.0f} ms")

    return Request(
        environment=options.env,
        profile=options.profile,
        region=options.region,
        sets=options.sets,
        secrets_file=options.secrets_file,
        sandbox=options.sandbox,
        tag=options.tag,
        placeholder_images=options.placeholder_images,
        wait_image_minutes=options.wait_image,
        ask=ask,
        on_call=on_call if options.log_file else None,
    )


def named(error: PilotageError) -> PilotageError:
    """A refusal for want of a permission is a matter of credentials, also when only looking."""
    if isinstance(error, AwsError) and is_denied(error):
        return denial(error, "this account")
    return error


def looked_at(report: Report, options: Options, look: Callable[[Request], int]) -> int:
    """Carry out a command that only reads: interrupted at any moment, it leaves at once."""

    def leave() -> None:
        report.error(Interrupted("interrupted", evidence="Ctrl-C (or a signal) came"))
        os._exit(int(ExitCode.INTERRUPTED))

    foreman = Foreman(leave)
    try:
        with foreman.listening():
            return foreman.carry_out(lambda: look(request_from(report, options)))
    except PilotageError as error:
        raise named(error) from None


def publish_refusal(report: Report, error: PilotageError, *, complete: bool) -> None:
    """The JSON lines of a command that ended before it began."""
    events = EventStream(new_run_id(), Clock())
    events.subscribe(lambda event: report.json_text(event.as_line()))
    events.publish(EventType.DIAGNOSTIC, message=error.summary, detail=four_parts(error))
    if complete:
        events.publish(
            EventType.RUN_COMPLETE, message=error.verdict, verdict=error.verdict, exit_code=int(error.exit_code)
        )


def tell_errors(frame: Frame, result: Result) -> None:
    """Each error of a finished run in its four parts, and how to carry on an interrupted one."""
    for error in result.errors:
        frame.report.say()
        frame.report.error(error, safe=SAFE_DURING)
    if result.exit_code is ExitCode.INTERRUPTED:
        progress = frame.picture.progress
        frame.report.error(
            Interrupted(
                f"interrupted: {progress.done} of {progress.total} steps are done",
                evidence="Ctrl-C (or a signal) came" if frame.stop_asked else "another run took the lock over",
                safe=SAFE_DURING,
                next_step=frame.carry_on(),
            )
        )
