"""A command in a pseudo-terminal, driven by pexpect: type lines, wait for words, look at everything that was shown."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pexpect

PATIENCE_SECONDS = 20.0
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x07|\r")
ROOT = Path(__file__).resolve().parents[2]


class Terminal:
    """One command in a terminal of 100x40."""

    def __init__(self, *arguments: str, home: Path, folder: Path, **environment: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PILOTAGE_"))}
        kept |= {"PILOTAGE_HOME": str(home), "TERM": "xterm-256color", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
        kept.pop("CI", None)
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "wizard.cli", *arguments],
            cwd=str(folder),
            env=kept | environment,
            dimensions=(40, 100),
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE_SECONDS,
        )
        self._child.delaybeforesend = None
        self.raw = ""
        """Everything that was shown, with what steers the terminal."""
        self._read_to = 0

    @property
    def pid(self) -> int:
        """The command's process."""
        return int(self._child.pid)

    @property
    def shown(self) -> str:
        """Everything that was shown, without what steers the terminal."""
        return _STEERING.sub("", self.raw)

    def wait_for(self, words: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Read on until these words come; what was shown before them since the last time."""
        while (found := self.shown.find(words, self._read_to)) < 0:
            assert self._more(seconds), f"`{words}` did not come; shown:\n{self.shown[-3000:]}"
        before = self.shown[self._read_to : found]
        self._read_to = found + len(words)
        return before

    def type(self, text: str) -> None:
        """Type keys."""
        self._child.send(text)

    def answer(self, prompt: str, line: str) -> str:
        """Wait for a prompt and answer it with a line; what was shown before the prompt."""
        before = self.wait_for(prompt.rstrip())
        self.type(line + "\r")
        return before

    def ended(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Read to the end; the exit code, or minus the signal's number."""
        while self._more(seconds):
            continue
        self._child.wait()
        return -self._child.signalstatus if self._child.signalstatus else int(self._child.exitstatus)

    def is_clean(self) -> bool:
        """Whether the terminal echoes what is typed, as it did before."""
        return bool(self._child.getecho())

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal."""
        if self._child.isalive():
            self._child.kill(number)

    def _more(self, seconds: float) -> bool:
        """Read what comes next; False at the end of the command."""
        try:
            self.raw += self._child.read_nonblocking(65536, timeout=seconds)
        except pexpect.EOF:
            return False
        except pexpect.TIMEOUT:
            raise AssertionError(f"nothing came for {seconds} s; shown:\n{self.shown[-3000:]}") from None
        return True
