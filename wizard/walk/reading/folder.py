"""A folder with a Dockerfile or a compose file as an application."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wizard.walk.reading.compose import Composed, read_compose
from wizard.walk.reading.dockerfile import Dockerfile, read_dockerfile
from wizard.walk.reading.dotenv import variables_of
from wizard.walk.reading.files import first_of, text_of
from wizard.walk.reading.finding import App, Finding, Hint, Part, Unreadable, Variable
from wizard.walk.reading.image import ALLOWED
from wizard.walk.reading.naming import app_name, part_name
from wizard.walk.reading.variables import role_of

COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
DOCKERFILES = ("Dockerfile", "Containerfile")
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env")
MOST_FOLDERS = 40
MOST_PARTS = 20
"""As many services as a blueprint takes."""


def read_folder(folder: Path, where: str) -> App:
    """Read what is there. Raises `Unreadable` when nothing says how the application runs."""
    found = _compose(folder)
    if not found.parts:
        found.parts, more = _dockerfiles(folder)
        found.findings += more
    if not found.parts:
        raise Unreadable(
            found.notes[0] if found.notes else f"{where} has neither a Dockerfile nor a compose file", ALLOWED, "."
        )
    found.parts = [_completed(part, folder, found) for part in found.parts]
    variables = _variables(folder, found)
    hints = [*found.hints, *_hints(variables)]
    if first_of(folder, (".env",)) is not None:
        found.notes.append("there is a .env: it was not read; give its path at the question about secrets")
    return App(
        where,
        "folder",
        app_name(folder.resolve().name),
        tuple(found.parts),
        tuple(variables.values()),
        tuple(hints),
        tuple(found.findings),
        tuple(found.notes),
    )


def _compose(folder: Path) -> Composed:
    path = first_of(folder, COMPOSE)
    if path is None:
        return Composed()
    text, note = text_of(path)
    return Composed(notes=[note]) if note else read_compose(text, path.name)


def _dockerfiles(folder: Path) -> tuple[list[Part], list[Finding]]:
    """The Dockerfile of the folder, otherwise those of the folders in it."""
    path = first_of(folder, DOCKERFILES)
    if path is not None:
        name = part_name(folder.resolve().name)
        dockerfile = "" if path.name == "Dockerfile" else path.name
        return [Part(name, context=".", dockerfile=dockerfile)], [Finding(f"container {name}", "built here", path.name)]
    parts: list[Part] = []
    findings: list[Finding] = []
    for inner in _folders(folder):
        path = first_of(inner, DOCKERFILES)
        if path is not None:
            name = part_name(inner.name, [each.name for each in parts])
            dockerfile = "" if path.name == "Dockerfile" else path.name
            parts.append(Part(name, context=inner.name, dockerfile=dockerfile))
            findings.append(Finding(f"container {name}", f"built from {inner.name}", f"{inner.name}/{path.name}"))
    return parts[:MOST_PARTS], findings


def _folders(folder: Path) -> list[Path]:
    try:
        inner = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "node_modules"))]
    except OSError:
        return []
    return sorted(inner)[:MOST_FOLDERS]


def _completed(part: Part, folder: Path, found: Composed) -> Part:
    """A part that is built here, with what its Dockerfile says where the compose file says nothing."""
    if part.image:
        return part
    path = first_of(folder / part.context, (part.dockerfile,) if part.dockerfile else DOCKERFILES)
    if path is None:
        found.notes.append(
            f"{part.context}/{part.dockerfile or 'Dockerfile'} is not there: {part.name} cannot be built"
        )
        return part
    text, note = text_of(path)
    if note:
        found.notes.append(note)
        return part
    file = path.name if part.context in (".", "./") else f"{part.context.removeprefix('./')}/{path.name}"
    return _with(part, read_dockerfile(text), file, found)


def _with(part: Part, read: Dockerfile, file: str, found: Composed) -> Part:
    port, health = part.port, part.health_path
    # With a command of its own the image's port is not what this container is for: a worker of the same image.
    if port is None and read.port is not None and not part.command:
        port = read.port
        found.findings.append(Finding(f"port of {part.name}", str(port), f"{file}:{read.port_line}"))
    if not health and read.health_path and port is not None:
        health = read.health_path
        found.findings.append(Finding(f"health path of {part.name}", health, f"{file}:{read.health_line}"))
    return replace(part, port=port, health_path=health)


def _variables(folder: Path, found: Composed) -> dict[str, Variable]:
    """The variables of the compose file and of the example file; the latter says more about them."""
    variables = dict(found.variables)
    path = first_of(folder, EXAMPLES)
    if path is None:
        return variables
    text, note = text_of(path)
    if note:
        found.notes.append(note)
    more = variables_of(text, path.name)
    found.findings.append(Finding("variables", f"{len(more)} names", path.name))
    return variables | {each.name: each for each in more}


def _hints(variables: dict[str, Variable]) -> list[Hint]:
    """What the names of variables tell about needs."""
    found = []
    for name, variable in variables.items():
        role, upper = role_of(name), name.upper()
        if role == "broker-uri":
            found.append(Hint("broker", "rabbitmq", variable.source))
        elif role == "queue-url":
            found.append(Hint("broker", "sqs", variable.source))
        elif role == "bucket":
            found.append(Hint("storage", "s3", variable.source))
        elif role.startswith(("database", "{database")):
            found.append(Hint("database", "mongodb" if "MONGO" in upper else "postgres", variable.source))
    return found
