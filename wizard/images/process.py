"""Runs the program of a builder: its lines are told as they come, and what is to stay hidden is in none of them."""

from __future__ import annotations

import re
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Told = Callable[[str], None]
LAST_LINES = 12
"""What an error shows of a program's output."""
HIDDEN = "(hidden)"
_running: set[subprocess.Popen[str]] = set()
_guard = threading.Lock()
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Ended:
    """How a program ended, and the last lines that it wrote."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its last lines as one text."""
        return "\n".join(self.lines)


def run(
    arguments: Sequence[str | Path],
    told: Told,
    *,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
) -> Ended:
    """Run a program to its end. `stdin` is where a password belongs: arguments can be read by everybody.

    When `told` raises, or the run is interrupted, the program does not outlive it.
    """
    lines: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        [str(each) for each in arguments],
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=dict(environment) if environment is not None else None,
    ) as program:
        with _guard:
            _running.add(program)
        try:
            _hand_over(program, stdin)
            for written in program.stdout or ():
                line = _shown(written, hidden)
                if line:
                    lines.append(line)
                    told(line)
            return Ended(program.wait(), tuple(lines))
        finally:
            with _guard:
                _running.discard(program)
            if program.poll() is None:
                program.kill()


def stop_all() -> None:
    """Kill the programs that run: for a process that leaves at once, without unwinding."""
    with _guard:
        for program in _running:
            program.kill()


def asked(arguments: Sequence[str | Path], seconds: float, environment: Mapping[str, str] | None = None) -> Ended:
    """Run a program that answers a question; one that does not answer in time, or cannot be run, ends with 1."""
    try:
        done = subprocess.run(
            [str(each) for each in arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            env=dict(environment) if environment is not None else None,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ended(1, (f"no answer within {seconds:.0f} s",))
    except OSError as error:
        return Ended(1, (str(error.strerror),))
    # What went wrong is the last thing that it says.
    text = done.stdout if done.returncode == 0 else f"{done.stdout}\n{done.stderr}"
    return Ended(done.returncode, tuple(line for line in (_shown(each, ()) for each in text.splitlines()) if line))


def _hand_over(program: subprocess.Popen[str], text: str) -> None:
    if program.stdin is None:
        return
    try:
        program.stdin.write(text)
        program.stdin.close()
    except BrokenPipeError:
        # It ended without reading; its exit code tells more than this does.
        return


def _shown(written: str, hidden: Sequence[str]) -> str:
    # A line that redraws itself ends with what counts.
    line = written.rstrip("\r\n").rpartition("\r")[2]
    line = _CONTROL.sub("", line).rstrip()
    for value in hidden:
        line = line.replace(value, HIDDEN)
    return line
