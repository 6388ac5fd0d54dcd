"""Errors that nobody foresaw: the traceback goes into a file, a person gets the four parts."""

from __future__ import annotations

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from wizard import __version__
from wizard.errors import Defect, NeedsPerson, PilotageError
from wizard.home import home


def unforeseen(error: BaseException, log_file: Path | None, *, safe: str) -> PilotageError:
    """The error in four parts; a file that cannot be used is this machine's matter, anything else a defect."""
    if isinstance(error, OSError) and error.filename:
        return NeedsPerson(
            f"{error.filename} cannot be used: {error.strerror}",
            evidence=f"{type(error).__name__}: {error}",
            safe=safe,
            next_step="correct it (or set PILOTAGE_HOME to another folder), then run the same command again",
        )
    return defect(error, log_file, safe=safe)


def defect(error: BaseException, log_file: Path | None, *, safe: str) -> Defect:
    """Write the traceback down and say where it is."""
    told = "".join(traceback.format_exception(error))
    written = _write(f"pilotage {__version__}\n{told}", log_file)
    return Defect(
        f"a defect in Pilotage ({type(error).__name__})",
        evidence=f"its details are in {written}" if written else "no folder could be written for its details",
        safe=safe,
        next_step="run the same command again; if it happens again, report it with that file",
    )


def _write(text: str, log_file: Path | None) -> Path | None:
    name = f"defect-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    for path in filter(None, (log_file, home() / "logs" / name, Path(tempfile.gettempdir()) / f"pilotage-{name}")):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError:
            continue
        return path
    return None
