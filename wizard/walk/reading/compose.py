"""What a compose file says: which containers are the application's, which stand for something that AWS has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.blueprint.document import Document
from wizard.blueprint.problems import BlueprintInvalid
from wizard.walk.reading.dockerfile import health_path_in, words_of
from wizard.walk.reading.finding import Finding, Hint, Part, Variable
from wizard.walk.reading.naming import part_name
from wizard.walk.reading.variables import looks_secret

MOST_SERVICES = 20
"""As many as a blueprint takes."""
_STANDS_FOR: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"postgres|postgis|timescaledb"), "database", "postgres"),
    (re.compile(r"mongo(?!-express)"), "database", "mongodb"),
    (re.compile(r"mysql|mariadb|percona"), "database", "mysql"),
    (re.compile(r"dynamodb"), "database", "dynamodb"),
    (re.compile(r"rabbitmq"), "broker", "rabbitmq"),
    (re.compile(r"elasticmq|sqs"), "broker", "sqs"),
    (re.compile(r"minio|localstack|azurite"), "storage", "s3"),
    (re.compile(r"redis|valkey|memcached|keydb"), "cache", "redis"),
)
_TOOLS = re.compile(r"adminer|pgadmin|mailhog|mailpit|mongo-express|traefik|redis-commander|jaeger|prometheus|grafana")
_DEVELOPMENT = re.compile(r"--reload|run dev\b|runserver|nodemon|flask run|\bvite\b|--debug|watch")
_DEFAULTED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}]*))?\}|\$([A-Za-z_][A-Za-z0-9_]*)")


@dataclass
class Composed:
    """What was found in one compose file."""

    parts: list[Part] = field(default_factory=list)
    variables: dict[str, Variable] = field(default_factory=dict)
    hints: list[Hint] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_compose(text: str, file: str) -> Composed:
    """Read a compose file; what is not understood becomes a note."""
    found = Composed()
    try:
        document = Document(text, file)
    except BlueprintInvalid as invalid:
        problem = invalid.problems[0]
        found.notes.append(f"{file}:{problem.line} cannot be read as a compose file: {problem.message}")
        return found
    services = document.data.get("services")
    if not isinstance(services, Mapping) or not services:
        found.notes.append(f"{file} names no services")
        return found
    for name, service in list(services.items())[:MOST_SERVICES]:
        if isinstance(service, Mapping):
            _Reader(document, file, found, str(name), service).read()
        else:
            found.notes.append(f"{file}: the service {name} is empty")
    if len(services) > MOST_SERVICES:
        found.notes.append(f"{file}: only the first {MOST_SERVICES} services were read")
    return found


class _Reader:
    """Reads one service."""

    def __init__(self, document: Document, file: str, found: Composed, name: str, service: Mapping[str, Any]) -> None:
        self._document, self._file, self._found = document, file, found
        self._name, self._service = name, service

    def read(self) -> None:
        image, built = filled(self._service.get("image")), bool(self._service.get("build"))
        if not built and self._is_something_of_aws(image):
            return
        if not built and not image:
            self._found.notes.append(f"{self._file}: the service {self._name} has neither image nor build")
            return
        port, health = self._port(), self._health_path()
        context, dockerfile = self._build()
        part = Part(
            part_name(self._name, [each.name for each in self._found.parts]),
            "" if built else image,
            context,
            dockerfile,
            port,
            health,
            self._command(),
            self._reads(),
        )
        self._found.parts.append(part)
        self._tell(f"container {part.name}", f"built from {context}" if built else image, "build" if built else "image")
        if port is not None:
            self._tell(f"port of {part.name}", str(port), "ports" if self._service.get("ports") else "expose")
        if health:
            self._tell(f"health path of {part.name}", health, "healthcheck")
        self._volumes(part.name)

    def _is_something_of_aws(self, image: str) -> bool:
        base = image.split("@")[0].rsplit("/", 1)[-1].split(":")[0].lower()
        for pattern, need, kind in _STANDS_FOR:
            if pattern.search(base):
                self._found.hints.append(Hint(need, kind, self._place("image")))
                self._tell(need, base, "image")
                return True
        if _TOOLS.search(base):
            self._found.notes.append(f"{self._name} ({base}) is a tool for your own machine: it is left out")
            return True
        return False

    def _port(self) -> int | None:
        for entry in (*_items(self._service.get("ports")), *_items(self._service.get("expose"))):
            port = container_port(entry)
            if port is not None:
                return port
        return None

    def _health_path(self) -> str:
        check = self._service.get("healthcheck")
        test = check.get("test") if isinstance(check, Mapping) else None
        return health_path_in(" ".join(map(str, test)) if isinstance(test, list) else str(test or ""))

    def _build(self) -> tuple[str, str]:
        build = self._service.get("build")
        if isinstance(build, Mapping):
            file = filled(build.get("dockerfile")).removeprefix("./")
            return filled(build.get("context")) or ".", "" if file == "Dockerfile" else file
        return (filled(build) or "." if build else ""), ""

    def _command(self) -> tuple[str, ...]:
        given = self._service.get("command")
        words = tuple(map(str, given)) if isinstance(given, list) else words_of(str(given or ""))
        if _DEVELOPMENT.search(" ".join(words)):
            self._found.notes.append(
                f"{self._place('command')}: the command of {self._name} is one for development: the image's own is used"
            )
            return ()
        return tuple(filled(word) for word in words if word)

    def _reads(self) -> tuple[str, ...]:
        given = self._service.get("environment")
        pairs = (
            given.items() if isinstance(given, Mapping) else (_split(str(each)) for each in _items(given) if each != "")
        )
        names: list[str] = []
        for name, raw in pairs:
            value, source = filled(raw), self._place("environment")
            secret = looks_secret(str(name), value)
            variable = Variable(str(name), "" if secret else value, secret, source)
            self._found.variables.setdefault(str(name), variable)
            names.append(str(name))
        return tuple(names)

    def _volumes(self, part: str) -> None:
        """A named volume is a folder whose content must outlive the container."""
        for entry in _items(self._service.get("volumes")):
            if isinstance(entry, Mapping):
                source, target = filled(entry.get("source")), filled(entry.get("target"))
            else:
                source, _, rest = filled(entry).partition(":")
                target = rest.partition(":")[0]
            if target.startswith("/") and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", source):
                self._found.hints.append(Hint("storage", f"efs:{target}", self._place("volumes")))
                self._tell(f"folder of {part}", target, "volumes")
                return

    def _tell(self, what: str, value: str, key: str) -> None:
        self._found.findings.append(Finding(what, value, self._place(key)))

    def _place(self, key: str) -> str:
        line, _ = self._document.places.of(("services", self._name, key), key=True)
        return f"{self._file}:{line}"


def container_port(entry: Any) -> int | None:
    """The container's side of a port: `8080:80/tcp`, `127.0.0.1:8080:80`, `80`, `{target: 80}`; None when unclear."""
    if isinstance(entry, Mapping):
        entry = entry.get("target")
    last = filled(entry).split("/")[0].rsplit(":", 1)[-1].split("-")[0]
    return int(last) if last.isascii() and last.isdigit() and 1 <= int(last) <= 65535 else None


def filled(value: Any) -> str:
    """Text with `${NAME:-default}` replaced by its default; without one, by nothing."""
    if value is None or isinstance(value, (Mapping, list)):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _DEFAULTED.sub(lambda found: found[2] or "", text.replace("$$", "\0")).replace("\0", "$")


def _items(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value)
    return value if isinstance(value, list) else [] if value is None else [value]


def _split(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value
