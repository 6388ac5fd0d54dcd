"""Small text files of the person's folder: bounded, decoded, and never an exception that nobody expects."""

from __future__ import annotations

from pathlib import Path

LARGEST = 256 * 1024
"""Bytes. A Dockerfile, a compose file or an example of variables is a few kilobytes."""


def text_of(path: Path) -> tuple[str, str]:
    """The text of a file and an empty note, or no text and a note that says why."""
    try:
        if not path.is_file():
            return "", f"{path.name} is not a file"
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        return "", f"{path.name} cannot be read: {(error.strerror or 'unknown reason').lower()}"
    if len(raw) > LARGEST:
        return "", f"{path.name} is larger than {LARGEST // 1024} KB: it was not read"
    if b"\0" in raw:
        return "", f"{path.name} is no text: it was not read"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", f"{path.name} is not UTF-8 text: it was not read"


def first_of(folder: Path, names: tuple[str, ...]) -> Path | None:
    """The first of these files that is there."""
    for name in names:
        path = folder / name
        try:
            if path.is_file():
                return path
        except OSError:
            continue
    return None
