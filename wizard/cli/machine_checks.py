"""What `doctor` looks at on this machine: terminal, Python, packages, folders, container builder, sandbox."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from wizard.cli.finding import Finding
from wizard.cli.options import Options
from wizard.home import home

OLDEST_PYTHON = (3, 11)
SMALLEST_TERMINAL = (80, 24)
PACKAGES = ("boto3", "click", "pydantic", "rich", "ruamel.yaml", "textual")
FREE_BYTES = 200 * 1024 * 1024
BUILDERS = ("docker", "podman", "buildah", "finch", "nerdctl")
BUILDER_PATIENCE_S = 8.0


def terminal(options: Options) -> Iterator[Finding]:
    """Size, colours and kind of the terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        yield Finding("terminal", True, "none: plain lines, and nothing is asked")
        return
    columns, rows = shutil.get_terminal_size()
    kind = os.environ.get("TERM", "")
    colours = "no colours" if os.environ.get("NO_COLOR") or kind in ("", "dumb") else "colours"
    big = columns >= SMALLEST_TERMINAL[0] and rows >= SMALLEST_TERMINAL[1]
    usable = big and kind not in ("", "dumb")
    fix = "make the window at least 80x24, or add --plain" if kind not in ("", "dumb") else "export TERM=xterm-256color"
    yield Finding("terminal", usable, f"{columns}x{rows}, TERM={kind or '(not set)'}, {colours}", fix)


def python(options: Options) -> Iterator[Finding]:
    """The version of Python, and the packages that Pilotage stands on."""
    new_enough = sys.version_info >= OLDEST_PYTHON
    yield Finding("Python", new_enough, platform.python_version(), "install Python 3.11 or newer", needed=True)
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    detail = f"missing: {', '.join(missing)}" if missing else ", ".join(found)
    yield Finding("packages", not missing, detail, "make setup", needed=True)


def folders(options: Options) -> Iterator[Finding]:
    """Whether the folder of local state can be written, and has room."""
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Finding("PILOTAGE_HOME", False, f"{folder}: {error.strerror}", "export PILOTAGE_HOME=FOLDER", needed=True)
        return
    yield Finding("PILOTAGE_HOME", True, f"{folder} can be written", needed=True)
    free = shutil.disk_usage(folder).free
    fix = f"make room on the disk of {folder}"
    yield Finding("disk", free >= FREE_BYTES, f"{free / 1024**3:.1f} GiB free", fix, needed=True)


def sandbox(options: Options) -> Iterator[Finding]:
    """Whether the embedded AWS can run, and whether it does."""
    from wizard.aws.sandbox import find

    if any(importlib.util.find_spec(name) is None for name in ("moto", "flask")):
        yield Finding("sandbox", False, "moto is not installed", "pip install 'pilotage[sandbox]'", needed=True)
        return
    running = find(home())
    where = f"runs at {running.url}" if running else "installed; not running (--sandbox starts it)"
    yield Finding("sandbox", True, where, needed=True)


def builder(options: Options) -> Iterator[Finding]:
    """A container builder on the path, and whether what it talks to answers."""
    found = [name for name in BUILDERS if shutil.which(name)]
    if not found:
        detail = f"none of {', '.join(BUILDERS)} is installed"
        yield Finding(
            "container builder", False, detail, "install one; until then --placeholder-images runs a stand-in"
        )
        return
    for name in found:
        problem = _silent(name)
        told = f"{name} does not answer: {problem}" if problem else f"{name} answers"
        yield Finding("container builder", not problem, told, f"start it, then: {name} version")


def _silent(name: str) -> str:
    """Why a builder does not answer; empty when it does. docker, finch and nerdctl need a running daemon."""
    path = shutil.which(name) or name
    try:
        answer = subprocess.run(
            [path, "version"], capture_output=True, text=True, timeout=BUILDER_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {BUILDER_PATIENCE_S:.0f} s"
    except OSError as error:
        return str(error.strerror)
    if answer.returncode == 0:
        return ""
    words = (answer.stderr or answer.stdout).strip().splitlines()
    return words[-1] if words else f"exit code {answer.returncode}"


def secrets_file(options: Options) -> Iterator[Finding]:
    """The dotenv file, when one is named."""
    if options.secrets_file is not None:
        there = Path(options.secrets_file).is_file()
        detail = f"{options.secrets_file}{'' if there else ' is not there'}"
        yield Finding("secrets file", there, detail, "give the path of a dotenv file, one NAME=value a line")


CHECKS = (terminal, python, folders, sandbox, builder, secrets_file)
