"""A terminal for tests and benchmarks: a pseudo-terminal with a person at it who types and looks."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[1]
RUN = "import sys; from wizard.cli import main; sys.exit(main())"
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "ctrl+c": "\x03",
    "ctrl+p": "\x10",
    "ctrl+s": "\x13",
    "delete": "\x1b[3~",
    "ctrl+u": "\x15",
    "ctrl+x": "\x18",
    "select all": "\x1b[1;2H",
}
PASTE = "\x1b[200~{}\x1b[201~"


class Terminal:
    """`pilotage` in a pseudo-terminal of a given size. What it draws is understood by pyte."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        columns: int = 80,
        lines: int = 24,
        *,
        term: str = "xterm-256color",
        program: str = RUN,
        folder: Path = ROOT,
    ):
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = bytearray()
        """Every byte that was drawn."""
        self.started = self.read_at = time.perf_counter()
        """When it was started, and when the last bytes came: what pyte needs to understand them is not in that."""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            kept = {name: value for name, value in environment.items() if name != "COLORTERM"}
            plain = {"TERM": term} | ({"COLORTERM": "truecolor"} if term == "xterm-256color" else {})
            os.execve(sys.executable, [sys.executable, "-c", program, *arguments], {**kept, **plain})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.exit_code: int | None = None

    def read(self, limit_s: float) -> bool:
        """Take what is drawn within the limit; False when nothing came."""
        data = self._take(limit_s)
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def await_paint(self, done: Callable[[], bool], quiet_s: float, limit_s: float) -> float:
        """Look until the screen shows something; when the bytes came that show it, on the clock of `perf_counter`.

        What comes is only taken until nothing comes for a moment, and understood afterwards: pyte needs longer for
        a screen than the program does, and a real terminal does not.
        """
        deadline = time.perf_counter() + limit_s
        while time.perf_counter() < deadline:
            shown_at = None
            for at, data in [(self.read_at, data) for data in iter(lambda: self._take(quiet_s), b"")]:
                self.raw += data
                self._stream.feed(data)
                if shown_at is None and done():
                    shown_at = at
            if shown_at is not None:
                return shown_at
        raise AssertionError(f"it was never shown; the screen was\n{self.text}")

    def _take(self, limit_s: float) -> bytes:
        if self.exit_code is not None:
            return b""
        ready, _, _ = select.select([self._fd], [], [], limit_s)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            data = b""
        self.read_at = time.perf_counter()
        if not data:
            self._reap()
        return data

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def wait(self, wanted: str, limit_s: float = 30.0) -> str:
        """Look until the screen shows this; the screen. Raises AssertionError with the screen when it never does."""
        deadline = time.monotonic() + limit_s
        while wanted not in self.text:
            if self.exit_code is not None or time.monotonic() > deadline:
                raise AssertionError(f"never saw {wanted!r}; the screen was\n{self.text}")
            self.read(0.05)
        return self.text

    def settle(self, quiet_s: float = 0.15, limit_s: float = 5.0) -> str:
        """Look until nothing is drawn for a moment; the screen."""
        deadline = time.monotonic() + limit_s
        while self.read(quiet_s) and time.monotonic() < deadline:
            pass
        return self.text

    def press(self, *keys: str) -> None:
        """Press named keys; anything else is typed as it is."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, key).encode())

    def paste(self, text: str) -> None:
        """Paste text as a terminal does, in brackets."""
        os.write(self._fd, PASTE.format(text).encode())

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size."""
        self._screen.resize(lines, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def end(self, limit_s: float = 15.0) -> int:
        """Look until the program ended; its exit code."""
        deadline = time.monotonic() + limit_s
        while self.exit_code is None and time.monotonic() < deadline:
            self.read(0.05)
        if self.exit_code is None:
            self.kill()
            raise AssertionError(f"it did not end; the screen was\n{self.text}")
        return self.exit_code

    def signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal as somebody does who closes its window."""
        os.close(self._fd)
        _, status = os.waitpid(self.pid, 0)
        self.exit_code = os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        """End it the hard way."""
        if self.exit_code is None:
            os.kill(self.pid, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        if self.exit_code is None:
            _, status = os.waitpid(self.pid, 0)
            self.exit_code = os.waitstatus_to_exitcode(status)
            os.close(self._fd)
