"""The only owner of stdout and stderr: stdout is data, stderr is words; with `--json` stdout is JSON lines only.

A reader that went away (a closed pipe, a terminal that hung up) never ends a run: what cannot be written is dropped.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from wizard.errors import PilotageError

COLOURS = {"bad": "31", "good": "32", "wait": "33", "quiet": "2", "strong": "1"}
CONTROL = {number: None for number in (*range(32), *range(127, 160)) if chr(number) not in "\n\t"}
PLACE = re.compile(r"\S+:\d+:\d+: ")
NO_REASON = "nothing more is known"
SAFE_BEFORE = "nothing was changed"
NEXT_BEFORE = "correct the cause, then run the same command again"


class Report:
    """Writes data, words and the log file of one command."""

    def __init__(self, *, json_lines: bool = False) -> None:
        self.json_lines = json_lines
        self.plain = False
        self.may_ask = False
        self.log_file: Path | None = None
        self.above: Callable[[str, str], None] | None = None
        """Takes words while a live picture stands at the bottom of the terminal."""
        self._out: TextIO = sys.stdout
        self._err: TextIO = sys.stderr
        self._colour = self._colour_data = False
        self._lock = threading.RLock()
        self.settle()

    def settle(
        self,
        *,
        json_lines: bool = False,
        plain: bool = False,
        no_input: bool = False,
        no_color: bool = False,
        log_file: Path | None = None,
    ) -> None:
        """Take what the command line says about output."""
        self.json_lines = self.json_lines or json_lines
        dumb = os.environ.get("TERM", "") == "dumb"
        terminal = _is_terminal(self._err)
        wanted = not dumb and not no_color and not os.environ.get("NO_COLOR")
        self._colour, self._colour_data = terminal and wanted, _is_terminal(self._out) and wanted
        self.plain = plain or dumb or not terminal or self.json_lines or bool(os.environ.get("CI"))
        self.may_ask = terminal and _is_terminal(sys.stdin) and not no_input and not self.json_lines
        self.log_file = log_file

    @property
    def colour(self) -> bool:
        """Whether colour may repeat what words say."""
        return self._colour

    @property
    def err(self) -> TextIO:
        """Where words go; for the live picture."""
        return self._err

    def data(self, text: str = "", style: str = "") -> None:
        """One line of data, for people, on stdout, coloured in a terminal only; nothing with `--json`."""
        if not self.json_lines:
            self._write(self._out, _coloured(harmless(text), style if self._colour_data else ""))

    def json(self, value: Mapping[str, Any]) -> None:
        """One JSON line on stdout; nothing without `--json`."""
        if self.json_lines:
            self._write(self._out, json.dumps(value, separators=(",", ":"), default=str))

    def json_text(self, line: str) -> None:
        """One line that is JSON already."""
        if self.json_lines:
            self._write(self._out, line)

    def raw(self, text: str) -> None:
        """A whole document as data, whatever the mode."""
        self._write(self._out, text, end="")

    def say(self, text: str = "", style: str = "") -> None:
        """One line of words on stderr."""
        text = harmless(text)
        if self.above is not None:
            self.above(text, style)
            return
        self.log(text)
        self._write(self._err, self.styled(text, style))

    def tell(self, text: str = "", style: str = "") -> None:
        """Words that a program has no use for: left out with `--json`."""
        if not self.json_lines:
            self.say(text, style)

    def ask(self, question: str) -> str:
        """The answer to a question on stderr; empty when the terminal has none."""
        self._write(self._err, question, end="")
        return sys.stdin.readline().strip()

    def ask_secret(self, question: str) -> str | None:
        """An answer that is not shown while it is typed."""
        from getpass import getpass

        return getpass(question, self._err) or None

    def styled(self, text: str, style: str) -> str:
        """The text in a colour, where colour is wanted."""
        return _coloured(text, style if self._colour else "")

    def error(self, error: PilotageError, *, safe: str = SAFE_BEFORE) -> None:
        """The four parts: what failed, why, what is safe now, what to type next."""
        parts = four_parts(error, safe=safe)
        self.say(f"error: {parts['what']}", "bad")
        if PLACE.match(parts["why"]):
            # Places in files stand at the beginning of their lines, where editors look for them.
            self.say(f"why:\n{parts['why']}")
        else:
            self.say(_labelled("why:", parts["why"]))
        self.say(_labelled("safe:", parts["safe"]))
        self.say(_labelled("next:", parts["next"]))

    def log(self, text: str) -> None:
        """One line of the log file, if one is wanted."""
        if self.log_file is None or not text:
            return
        try:
            self.log_file.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, self.log_file.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {text}\n")
        except OSError as error:
            unwritable, self.log_file = self.log_file, None
            self.say(f"warning: the log file {unwritable} cannot be written: {error.strerror}", "wait")

    def _write(self, stream: TextIO, text: str, end: str = "\n") -> None:
        with self._lock:
            try:
                stream.write(text + end)
                stream.flush()
            except (OSError, ValueError):
                # A closed pipe, a full disk, a terminal that hung up: the run matters more than its words.
                self._give_up(stream)

    def _give_up(self, stream: TextIO) -> None:
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it replaces the stream for good
        # Python flushes the real streams once more when it ends, and would complain about the closed pipe.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(nowhere.fileno(), stream.fileno())
        if stream is self._out:
            self._out = nowhere
        else:
            self._err = nowhere


def four_parts(error: PilotageError, *, safe: str = SAFE_BEFORE, next_step: str = NEXT_BEFORE) -> dict[str, str]:
    """The parts of an error, none of them empty."""
    return {
        "what": error.summary,
        "why": error.evidence or NO_REASON,
        "safe": error.safe or safe,
        "next": error.next_step or next_step,
    }


def harmless(text: str) -> str:
    """The text without control characters: what a container logged must not steer the terminal that shows it."""
    return text.translate(CONTROL)


def _coloured(text: str, style: str) -> str:
    return f"\033[{COLOURS[style]}m{text}\033[0m" if style and text else text


def _labelled(label: str, text: str) -> str:
    lines: Iterable[str] = text.splitlines() or [""]
    return "\n".join(f"{label if number == 0 else '':<6} {line}" for number, line in enumerate(lines))


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
