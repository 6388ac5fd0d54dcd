"""The starters that come with Pilotage, and blueprints of one's own, as a place to begin."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from wizard.blueprint.document import Document, load
from wizard.blueprint.problems import BlueprintInvalid
from wizard.walk.reading.finding import App, Finding, Unreadable

FOLDER = Path(__file__).resolve().parents[3] / "blueprints"
ENDINGS = (".yaml", ".yml")


@cache
def starter_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The starters by name, in order."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def is_starter(where: str) -> bool:
    """Whether this is a starter's name."""
    return where in starter_names()


def read_starter(where: str) -> App:
    """A starter by name, or a blueprint file. Raises `Unreadable` when it is no blueprint."""
    path = FOLDER / f"{where}.yaml" if is_starter(where) else Path(where).expanduser()
    try:
        document = load(path)
    except BlueprintInvalid as invalid:
        problem = invalid.problems[0]
        raise Unreadable(
            f"{path.name}:{problem.line}: {problem.message}", "a blueprint file, or a starter's name", "fasttriage"
        ) from None
    if "blueprint" not in document.data:
        raise Unreadable(
            f"{path.name} is no blueprint: its first key is not `blueprint: 1`",
            f"a blueprint file, a folder, an image, or a starter: {', '.join(starter_names())}",
            "fasttriage",
        )
    name = str(document.data.get("name", path.stem))
    return App(where, "starter", name, findings=tuple(_findings(document, path.name)), starter=document.dump())


def _findings(document: Document, file: str) -> list[Finding]:
    def place(*path: str) -> str:
        line, _ = document.places.of(path, key=True)
        return f"{file}:{line}"

    found = []
    services = document.data.get("services")
    for name, service in services.items() if isinstance(services, Mapping) else ():
        kind = service.get("kind", "ecs-fargate") if isinstance(service, Mapping) else ""
        found.append(Finding(f"service {name}", str(kind), place("services", name)))
    for section in ("network", "ingress", "broker", "database"):
        value = document.data.get(section)
        if isinstance(value, Mapping) and value.get("kind"):
            found.append(Finding(section, str(value["kind"]), place(section)))
    environments = document.data.get("environments")
    if isinstance(environments, Mapping):
        found.append(Finding("environments", ", ".join(map(str, environments)), place("environments")))
    return found


@cache
def siblings(name: str) -> Mapping[str, str]:
    """Starters of the same application by the kind of compute that they use, with this one among them."""
    found: dict[str, str] = {}
    mine = _facts(name)
    for other in starter_names():
        app, kind = _facts(other)
        if app == mine[0]:
            found[kind] = name if kind == mine[1] else found.get(kind, other)
    return found


@cache
def _facts(name: str) -> tuple[str, str]:
    """Application and kind of compute of a starter."""
    data = load(FOLDER / f"{name}.yaml").data
    kinds = {str(service.get("kind", "ecs-fargate")) for service in data["services"].values()}
    return str(data["name"]), sorted(kinds)[0]
