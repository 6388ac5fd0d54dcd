"""Writes the blueprint where a person wants it: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from wizard.question import Wrong

ENDINGS = (".yaml", ".yml")


def cannot_save(path: Path) -> Wrong | None:
    """Why nothing can be saved under this name; None when it can. A file that is there already is no reason."""
    if path.suffix not in ENDINGS:
        return Wrong(f"{path} does not end like a blueprint", "a name that ends in .yaml", "shop.yaml")
    try:
        if path.is_dir():
            return Wrong(f"{path} is a folder", "the name of a file", str(path / "shop.yaml"))
        if not path.parent.is_dir():
            return Wrong(f"there is no folder {path.parent}", "a folder that is there", "shop.yaml")
    except OSError as error:
        return _told(path, error)
    return None


def save(path: Path, text: str) -> Wrong | None:
    """Write the text; an older file stays as it was until the new one is complete."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}-")
    except OSError as error:
        return _told(path, error)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_mask())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        return _told(path, error)
    return None


def _mask() -> int:
    """The permissions that this process takes from new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _told(path: Path, error: OSError) -> Wrong:
    reason = (error.strerror or "unknown reason").lower()
    return Wrong(f"{path} cannot be written: {reason}", "a folder that you may write to", "shop.yaml")
