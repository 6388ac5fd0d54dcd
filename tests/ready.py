"""A process that has loaded the program and carries out each command in a child of its own.

Loading takes most of a short command's time. A command that is started here has its own process, files, settings and
signals like any other; only what is loaded was loaded before.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT_SECONDS = 30.0
STILL_WANTED_CHECK_SECONDS = 1.0
NUMBER = 4
"""Bytes of a number on a connection."""


@dataclass(frozen=True)
class ReadyProcess:
    """The process as its user sees it."""

    process: subprocess.Popen[bytes]
    door: Path

    @classmethod
    def start(cls, folder: Path) -> ReadyProcess:
        """Start it, with its door in a folder that is there."""
        door = folder / "ready"
        process = subprocess.Popen([sys.executable, "-m", "tests.ready", str(door)], cwd=ROOT)
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not door.exists():
            assert process.poll() is None and time.monotonic() < deadline, "the ready process did not start"
            time.sleep(0.02)
        return cls(process, door)

    def run(self, arguments: tuple[str, ...], environment: Mapping[str, str], files: tuple[int, int, int]) -> Started:
        """Start a command with these files as its standard input, output and error."""
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.door))
        asked = json.dumps({"arguments": arguments, "environment": dict(environment)}).encode()
        socket.send_fds(connection, [len(asked).to_bytes(NUMBER, "big")], files)
        connection.sendall(asked)
        return Started(connection, number_from(connection))

    def stop(self) -> None:
        """End it; commands that still run go on."""
        self.process.terminate()
        self.process.wait()


@dataclass(frozen=True)
class Started:
    """A command that runs."""

    connection: socket.socket
    pid: int

    def wait(self, timeout: float) -> int:
        """Its exit code; raises `TimeoutError` when it takes longer, and the command is killed."""
        with self.connection:
            if not select.select([self.connection], [], [], timeout)[0]:
                os.kill(self.pid, signal.SIGKILL)
                raise TimeoutError(f"it ran for more than {timeout:.0f} s")
            return number_from(self.connection)


def number_from(connection: socket.socket) -> int:
    """The next number on a connection."""
    told = connection.recv(NUMBER, socket.MSG_WAITALL)
    assert len(told) == NUMBER, "the ready process ended"
    return int.from_bytes(told, "big", signed=True)


def serve(door: Path) -> NoReturn:
    """Carry out commands until the parent is gone."""
    parent = os.getppid()
    load()
    listener = socket.socket(socket.AF_UNIX)
    unnamed = door.with_suffix(".new")
    listener.bind(str(unnamed))
    listener.listen()
    unnamed.rename(door)
    while os.getppid() == parent:
        if not select.select([listener], [], [], STILL_WANTED_CHECK_SECONDS)[0]:
            continue
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            attend(connection)
        connection.close()
    sys.exit(0)


def load() -> None:
    """Load what commands load."""
    for name in ("boto3", "wizard.kinds.registry", "wizard.options", "wizard.aws.models"):
        importlib.import_module(name)
    commands = importlib.import_module("wizard.cli")
    for module in pkgutil.iter_modules(commands.__path__):
        if not module.name.startswith("__"):
            importlib.import_module(f"wizard.cli.{module.name}")
    importlib.import_module("wizard.kinds.registry").all_kinds()
    # Nobody waits for the children that attend to a connection.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def attend(connection: socket.socket) -> NoReturn:
    """Read what is asked, carry it out in a child, and tell its process id at once and its exit code in the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, files, _, _ = socket.recv_fds(connection, NUMBER, 3)
    length = int.from_bytes(head, "big")
    asked = json.loads(connection.recv(length, socket.MSG_WAITALL))
    pid = os.fork()
    if pid == 0:
        connection.close()
        become(asked["arguments"], asked["environment"], files)
    connection.sendall(pid.to_bytes(NUMBER, "big"))
    _, status = os.waitpid(pid, 0)
    connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(NUMBER, "big", signed=True))
    os._exit(0)


def become(arguments: list[str], environment: Mapping[str, str], files: list[int]) -> NoReturn:
    """Be the command."""
    from wizard.cli import main

    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pilotage", *arguments]
    sys.exit(main())


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
