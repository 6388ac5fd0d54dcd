"""Reads an application where it is: an image's address, a folder with a Dockerfile or compose file, or a starter.

Only files that the person names, and those beside them that describe containers, are opened; nothing is run.
"""

from __future__ import annotations

from pathlib import Path

from wizard.walk.reading.finding import App, Finding, Hint, Part, Unreadable, Variable
from wizard.walk.reading.folder import COMPOSE, DOCKERFILES, read_folder
from wizard.walk.reading.image import ALLOWED, looks_like_image, read_image
from wizard.walk.reading.starters import ENDINGS, is_starter, read_starter, starter_names

__all__ = ["App", "Finding", "Hint", "Part", "Unreadable", "Variable", "read_app", "starter_names"]


def read_app(where: str) -> App:
    """The application at a place. Raises `Unreadable` with what is wrong, what is allowed and an example."""
    where = where.strip()
    if not where or not where.isprintable():
        raise Unreadable("nothing was said", ALLOWED, "ghcr.io/owner/app:1.2")
    path = Path(where)
    try:
        path = path.expanduser()
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, RuntimeError, ValueError):
        is_folder = is_file = False
    if is_starter(where) and not is_folder:
        return read_starter(where)
    if is_folder:
        return read_folder(path, where)
    if is_file:
        return _file(path, where)
    if looks_like_image(where) and not where.startswith((".", "/", "~")):
        return read_image(where)
    raise Unreadable(
        f"`{where[:80]}` is no folder here, no starter, and no image with a tag",
        f"{ALLOWED} ({', '.join(starter_names())})",
        "ghcr.io/owner/app:1.2, or . for this folder",
    )


def _file(path: Path, where: str) -> App:
    """A file: a compose file or a Dockerfile stands for its folder, another YAML file must be a blueprint."""
    if path.name in (*COMPOSE, *DOCKERFILES):
        return read_folder(path.parent, where)
    if path.suffix in ENDINGS:
        return read_starter(where)
    raise Unreadable(f"{path.name} is neither a compose file, a Dockerfile nor a blueprint", ALLOWED, "compose.yaml")
