"""What was read about an application, and where each thing was found."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """One thing that was read: `port of web`, `8000`, `compose.yaml:12`."""

    what: str
    value: str
    source: str


@dataclass(frozen=True)
class Part:
    """One container of the application."""

    name: str
    image: str = ""
    """Address in a registry; empty when the image is built from this folder."""
    context: str = ""
    dockerfile: str = ""
    port: int | None = None
    health_path: str = ""
    command: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    """Names of all variables that the compose file gives to it."""

    @property
    def is_worker(self) -> bool:
        """Nobody calls it."""
        return self.port is None


@dataclass(frozen=True)
class Variable:
    """A variable that the application reads. `value` is an example from a file, never a secret."""

    name: str
    value: str
    secret: bool
    source: str


@dataclass(frozen=True)
class Hint:
    """Something the application seems to need: `database` `postgres`, and why we think so."""

    need: str
    kind: str
    source: str


@dataclass(frozen=True)
class App:
    """An application as far as it can be read: an image, a folder or a starter."""

    where: str
    form: str
    """`image`, `folder` or `starter`."""
    name: str
    parts: tuple[Part, ...] = ()
    variables: tuple[Variable, ...] = ()
    hints: tuple[Hint, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be read, or was left out, in words."""
    starter: str = ""
    """Text of the starter's file."""

    @property
    def web(self) -> tuple[Part, ...]:
        """Containers that answer requests."""
        return tuple(part for part in self.parts if not part.is_worker)

    @property
    def workers(self) -> tuple[Part, ...]:
        """Containers that nobody calls."""
        return tuple(part for part in self.parts if part.is_worker)

    def hint(self, need: str) -> Hint | None:
        """The first hint for a need."""
        return next((each for each in self.hints if each.need == need), None)

    def source_of(self, what: str) -> str:
        """Where a thing was found; empty when it was not."""
        return next((each.source for each in self.findings if each.what == what), "")

    def listening(self, port: int | None, health_path: str) -> App:
        """This application, its only container listening at a port."""
        return replace(self, parts=tuple(replace(each, port=port, health_path=health_path) for each in self.parts))


class Unreadable(Exception):
    """The application cannot be read: what is wrong, what is allowed, an example."""

    def __init__(self, what: str, allowed: str, example: str) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = allowed
        self.example = example
