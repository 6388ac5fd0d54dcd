"""The client side of the sandbox's process: start it, find it again, reset it, stop it.

Next to nothing is imported, so that a command that merely looks for the sandbox stays fast. The process outlives the
command that started it; `<home>/sandbox.json`, written by the process itself, says where it listens.
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.errors import PreflightError, UsageError

HOST = "127.0.0.1"
START_LIMIT_SECONDS = 20.0
_STOP_LIMIT_SECONDS = 5.0
_STATUS_LIMIT_SECONDS = 5.0
_CONTROL_LIMIT_SECONDS = 30.0
"""Longer than the status: a control request waits until the process has loaded everything."""

_POLL_SECONDS = 0.02


class SandboxNotInstalled(PreflightError):
    """moto, on which the sandbox stands, is not installed."""


class SandboxNotStarted(PreflightError):
    """The process ended, or did not answer in time."""


class CannotBreak(UsageError):
    """The scenario or the service does not exist, or the scenario cannot be played on it."""


@dataclass(frozen=True)
class Endpoint:
    """A running sandbox: AWS clients take `url` as their endpoint URL, with any credentials."""

    url: str
    pid: int
    port: int
    scale: float


def log_path(home: Path) -> Path:
    """Where the process writes what went wrong inside it."""
    return home / "sandbox.log"


def find(home: Path) -> Endpoint | None:
    """The sandbox that runs for this home, or None; a process that took over its id or port is not mistaken for it."""
    try:
        facts = json.loads(_facts_path(home).read_text())
        status = _ask(int(facts["port"]), "GET", "status")
        if status["pid"] != facts["pid"]:
            return None
        return _endpoint(status)
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return None


def start(home: Path, scale: float | None = None) -> Endpoint:
    """Start the sandbox for this home unless it runs already, and set its pace if one is given.

    Without `scale` the pace is that of `PILOTAGE_TIME_SCALE` (CONTRACT §7), or as it was. Two starts at the same time
    end with one sandbox. Raises `SandboxNotInstalled` or `SandboxNotStarted`.
    """
    from filelock import FileLock

    if scale is None and (text := os.environ.get("PILOTAGE_TIME_SCALE")):
        scale = float(text)
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "sandbox.lock", timeout=START_LIMIT_SECONDS + 5):
        running = find(home)
        if running is None:
            return _spawn(home, scale)
        if scale is not None and running.scale != scale:
            return _endpoint(_ask(running.port, "POST", "clock", {"scale": scale}))
        return running


def wait_until_warm(endpoint: Endpoint) -> None:
    """Wait until the first call of each service is as quick as the next; no longer than a start may take.

    Raises `SandboxNotStarted` when the process ended meanwhile.
    """
    deadline = time.monotonic() + START_LIMIT_SECONDS
    try:
        while time.monotonic() < deadline and not _ask(endpoint.port, "GET", "status")["warm"]:
            time.sleep(_POLL_SECONDS)
    except (OSError, http.client.HTTPException) as error:
        raise SandboxNotStarted("The sandbox ended while it loaded.", evidence=str(error)) from None


def stop(home: Path) -> bool:
    """End the sandbox of this home and its world; False when none ran."""
    running = find(home)
    if running is not None:
        _end(running.pid)
    _facts_path(home).unlink(missing_ok=True)
    return running is not None


def reset(home: Path) -> bool:
    """Give the running sandbox a fresh world; False when none runs."""
    running = find(home)
    if running is None:
        return False
    _ask(running.port, "POST", "reset")
    return True


def scenarios(home: Path) -> list[dict[str, str]] | None:
    """Name and line of each game-day scenario; None when no sandbox runs."""
    running = find(home)
    if running is None:
        return None
    listed: list[dict[str, str]] = _ask(running.port, "GET", "scenarios")
    return listed


def break_service(home: Path, scenario: str, service: str = "") -> dict[str, str] | None:
    """Play a scenario on `APP/ENV/SERVICE`, or on the first service behind a load balancer; None when no sandbox runs.

    Raises `CannotBreak` for an unknown scenario or service, or one on which it cannot be played.
    """
    running = find(home)
    if running is None:
        return None
    played: dict[str, str] = _ask(running.port, "POST", "break", {"scenario": scenario, "service": service})
    if "error" in played:
        raise CannotBreak(
            f"the scenario {scenario} cannot be played",
            evidence=played["error"],
            safe="nothing was changed in the sandbox",
            next_step="pilotage sandbox break   lists the scenarios",
        )
    return played


def heal(home: Path) -> list[dict[str, str]] | None:
    """Undo what scenarios did; versions that were deployed stay. None when no sandbox runs."""
    running = find(home)
    if running is None:
        return None
    healed: list[dict[str, str]] = _ask(running.port, "POST", "heal")
    return healed


def _facts_path(home: Path) -> Path:
    return home / "sandbox.json"


def _endpoint(status: dict[str, Any]) -> Endpoint:
    port = int(status["port"])
    return Endpoint(f"http://{HOST}:{port}", int(status["pid"]), port, float(status["scale"]))


def _ask(port: int, method: str, what: str, content: dict[str, Any] | None = None) -> Any:
    limit = _STATUS_LIMIT_SECONDS if what == "status" else _CONTROL_LIMIT_SECONDS
    connection = http.client.HTTPConnection(HOST, port, timeout=limit)
    try:
        connection.request(method, f"/_pilotage/{what}", json.dumps(content) if content is not None else None)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def _spawn(home: Path, scale: float | None) -> Endpoint:
    if any(importlib.util.find_spec(name) is None for name in ("moto", "flask")):
        raise SandboxNotInstalled(
            "The sandbox needs moto, which is not installed.", next_step="Install `pilotage[sandbox]`."
        )
    _facts_path(home).unlink(missing_ok=True)
    with log_path(home).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "wizard.sandbox", "--home", str(home)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(scale),
            start_new_session=True,
        )
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        found = find(home)
        if found is not None and found.pid == process.pid:
            # The process is meant to outlive this object; without a return code Popen would complain when collected.
            process.returncode = 0
            return found
        time.sleep(_POLL_SECONDS)
    ended = process.poll() is not None
    if not ended:
        process.kill()
        process.wait()
    how = f"ended with {process.returncode}" if ended else f"did not answer within {START_LIMIT_SECONDS:.0f} s"
    raise SandboxNotStarted(f"The sandbox {how}.", evidence=f"Its log is {log_path(home)}.")


def _environment(scale: float | None) -> dict[str, str]:
    """The child's environment: this code can be imported, and no AWS setting of the caller goes along."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    root = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH")]))
    if scale is not None:
        environment["PILOTAGE_TIME_SCALE"] = repr(scale)
    return environment


def _end(pid: int) -> None:
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + _STOP_LIMIT_SECONDS
        while time.monotonic() < deadline:
            if not _alive(pid):
                return
            time.sleep(_POLL_SECONDS)


def _alive(pid: int) -> bool:
    try:
        # A child of this very process stays a zombie until somebody asks for it.
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
