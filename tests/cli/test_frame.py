"""The frame around a run: one `run_complete`, signals, questions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Ran
from wizard.cli.foreman import Foreman
from wizard.cli.options import Options
from wizard.cli.report import Report
from wizard.cli.run import Ending, Frame
from wizard.engine.events import EventType
from wizard.errors import AwsError, ExitCode, Locked, NeedsPerson


def framed(capfd: pytest.CaptureFixture[str], work: object) -> Ran:
    capfd.readouterr()
    code = Frame(Report(json_lines=True), Options()).carry_out(work)  # type: ignore[arg-type]
    out, err = capfd.readouterr()
    return Ran(code, out, err)


def test_an_ending_without_a_run_is_published_by_the_frame(capfd: pytest.CaptureFixture[str]) -> None:
    ran = framed(capfd, lambda frame: Ending("no_changes", ExitCode.OK, {"create": 0}))
    (line,) = ran.lines
    assert (line["type"], line["verdict"], line["exit_code"]) == ("run_complete", "no_changes", 0)
    assert line["detail"] == {"counts": {"create": 0}}


def test_a_run_that_told_its_end_itself_is_not_ended_twice(capfd: pytest.CaptureFixture[str]) -> None:
    def work(frame: Frame) -> Ending:
        frame.events.publish(EventType.RUN_COMPLETE, verdict="ok", exit_code=0)
        return Ending("ok", ExitCode.OK)

    ran = framed(capfd, work)
    assert [line["type"] for line in ran.lines] == ["run_complete"]


def test_an_error_after_the_verdict_does_not_change_it(capfd: pytest.CaptureFixture[str]) -> None:
    def work(frame: Frame) -> Ending:
        frame.events.publish(EventType.RUN_COMPLETE, verdict="rolled_back", exit_code=6)
        raise NeedsPerson("the lock cannot be given back")

    ran = framed(capfd, work)
    assert ran.code == 6
    assert ran.lines[-1]["exit_code"] == 6
    assert "the lock cannot be given back" in ran.err


def test_a_refusal_is_a_diagnostic_with_four_parts_and_then_the_end(capfd: pytest.CaptureFixture[str]) -> None:
    def work(frame: Frame) -> Ending:
        raise Locked("a/dev is being changed by another run", evidence="replay by dana")

    ran = framed(capfd, work)
    diagnostic, complete = ran.lines
    assert diagnostic["detail"]["why"] == "replay by dana"
    assert all(diagnostic["detail"][part] for part in ("what", "why", "safe", "next"))
    assert (complete["verdict"], complete["exit_code"], ran.code) == ("locked", 8, 8)


def test_a_permission_that_is_lacking_while_looking_is_exit_4(capfd: pytest.CaptureFixture[str]) -> None:
    def work(frame: Frame) -> Ending:
        raise AwsError("ec2:DescribeVpcs", "UnauthorizedOperation", "You are not authorized")

    ran = framed(capfd, work)
    assert ran.code == ran.lines[-1]["exit_code"] == 4
    assert "ec2:DescribeVpcs" in ran.err


def test_before_anything_changed_a_signal_ends_at_once() -> None:
    ended = _signalled("frame.begun = False", signals=1)
    assert ended.returncode == 130
    assert '"verdict":"interrupted","exit_code":130' in ended.stdout.splitlines()[-1]
    assert "nothing was changed" in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_lets_calls_in_flight_finish(number: signal.Signals) -> None:
    ended = _signalled("frame.begun = True", signals=1, number=number)
    assert ended.returncode == 130
    assert "press Ctrl-C again to leave at once" in ended.stderr
    assert ended.stdout.splitlines()[-1].count('"verdict":"interrupted"') == 1


def test_the_second_signal_leaves_at_once_and_names_the_way_on() -> None:
    ended = _signalled("frame.begun = True; frame.stopping = threading.Event()", signals=2)
    assert ended.returncode == 130
    assert "next:  pilotage resume " in ended.stderr
    assert ended.stdout.splitlines()[-1].count('"exit_code":130') == 1


def _signalled(
    prepare: str, *, signals: int, number: signal.Signals = signal.SIGINT
) -> subprocess.CompletedProcess[str]:
    """A process whose work sends it signals, each after the one before was heard, and then waits to be stopped."""
    script = f"""
import os, signal, sys, threading
from wizard.cli.options import Options
from wizard.cli.report import Report
from wizard.cli.run import Ending, Frame
from wizard.errors import ExitCode

signal.signal({int(number)}, signal.SIG_DFL)  # whoever runs the tests under nohup ignores one

def work(frame):
    {prepare}
    for _ in range({signals}):
        os.kill(os.getpid(), {int(number)})
        while frame.begun and not frame.stop_asked:
            pass
    assert frame.stopping.wait(20)
    return Ending("interrupted", ExitCode.INTERRUPTED)

sys.exit(Frame(Report(json_lines=True), Options()).carry_out(work))
"""
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, cwd=ROOT, check=False
    )


def test_a_question_is_put_on_the_main_thread_and_a_signal_ends_it() -> None:
    asked_on: list[threading.Thread] = []

    def question() -> str:
        asked_on.append(threading.current_thread())
        os.kill(os.getpid(), signal.SIGINT)
        return "never"

    foreman = Foreman(lambda: None)
    with foreman.listening(), pytest.raises(KeyboardInterrupt):
        foreman.carry_out(lambda: foreman.ask(question))
    assert asked_on == [threading.main_thread()]


def test_signal_handlers_are_given_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    foreman = Foreman(lambda: None)
    with foreman.listening():
        assert foreman.carry_out(lambda: 7) == 7
    assert signal.getsignal(signal.SIGINT) is before


def test_the_log_file_holds_the_events(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = Report()
    report.settle(log_file=tmp_path / "run.log")
    Frame(report, Options()).carry_out(lambda frame: Ending("no_changes", ExitCode.OK))
    assert '"type":"run_complete"' in (tmp_path / "run.log").read_text()
    assert capfd.readouterr().out == ""
