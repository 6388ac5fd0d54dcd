"""Where each variable of an application gets its value: from what is made, from a secret, or as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.blueprint.checks.data import source_of
from wizard.blueprint.model import Secret
from wizard.walk.reading import Part
from wizard.walk.reading.naming import part_name
from wizard.walk.reading.variables import role_of
from wizard.walk.situation import Situation

_FRONT = re.compile(r"front|client|^ui$|^web-?ui$|nginx|static")
_LAPTOP = re.compile(r"localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal")


@dataclass(frozen=True)
class Placed:
    """One variable: plain text (which may hold placeholders), or the name of a secret."""

    name: str
    text: str | None = None
    secret: str = ""


@dataclass(frozen=True)
class Placement:
    """All variables, the secrets that they need, and what was left out and why."""

    placed: tuple[Placed, ...] = ()
    secrets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def follows(situation: Situation, name: str) -> str | None:
    """The placeholder, or `@` and the composition of a secret, that a variable's value follows from; None: from nobody.

    An empty text means that the variable has no place in AWS.
    """
    role, made = role_of(name), situation.makes_database
    if role.startswith("{database"):
        return role if made else None
    table: Mapping[str, str | None] = {
        "region": "{region}",
        "own-login": "",
        "laptop": "",
        "url": "{url}" if situation.has_address else None,
        "bucket": "{bucket.files}" if situation.storage == "s3" else None,
        "queue-url": "{broker.queue_url}" if situation.broker == "sqs" else None,
        "table": "{database.table}" if situation.database == "dynamodb" else None,
        "broker-uri": "@broker-uri" if situation.broker.startswith("amazon-mq") else None,
        "database-uri": "@database-uri" if made else None,
        "database-password": "@database-password" if made else None,
    }
    if role in table:
        return table[role]
    return _port(situation) if name.upper() == "PORT" else None


def _port(situation: Situation) -> str:
    """Each container gets its own; one without a port gets none."""
    return str(situation.app.web[0].port) if situation.app.web else ""


def to_decide(situation: Situation) -> Iterator[str]:
    """The variables about which a person must say something: those that follow from nothing."""
    for variable in situation.app.variables:
        if follows(situation, variable.name) is None:
            yield variable.name


def placement(situation: Situation) -> Placement:
    """Place every variable. The order is that of the files, then that in which they were given."""
    placing = _Placing(situation)
    given = situation.variables
    names = dict.fromkeys([each.name for each in situation.app.variables])
    for name in dict.fromkeys([*names, *given.secret, *given.generated, *given.plain]):
        placing.place(name)
    placing.complete()
    return Placement(tuple(placing.placed), placing.secrets, placing.left_out)


class _Placing:
    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self.placed: list[Placed] = []
        self.secrets: dict[str, Mapping[str, Any]] = {}
        self.left_out: dict[str, str] = {}

    def place(self, name: str) -> None:
        given, source = self._situation.variables, follows(self._situation, name)
        if source == "":
            self.left_out[name] = _reason(name)
        elif source is not None and source.startswith("@"):
            self._secret(name, {"composed": source[1:]})
        elif source is not None:
            self.placed.append(Placed(name, source))
        elif name in given.secret or self._is_outside(name):
            self._secret(name, {})
        elif name in given.generated:
            self._secret(name, {"generate": True})
        elif name in given.plain and given.plain[name] and not _LAPTOP.search(given.plain[name]):
            # Braces of a value are its own, not placeholders.
            self.placed.append(Placed(name, given.plain[name].replace("{", "{{").replace("}", "}}")))
        elif name in given.plain:
            self.left_out[name] = "its example value means nothing in AWS" if given.plain[name] else "it has no value"

    def _is_outside(self, name: str) -> bool:
        """Whether the variable holds the address of something that somebody else runs."""
        role = role_of(name)
        database = role == "database-uri" and self._situation.database == "external"
        return database or (role == "broker-uri" and self._situation.broker == "external")

    def complete(self) -> None:
        """Add what the application must be told and has no name of its own for."""
        now = self._situation
        wanted = (
            (now.storage == "s3", "bucket", "S3_BUCKET", "{bucket.files}"),
            (now.broker == "sqs", "queue-url", "QUEUE_URL", "{broker.queue_url}"),
            (now.broker.startswith("amazon-mq"), "broker-uri", "BROKER_URL", "@broker-uri"),
            (now.broker == "external", "broker-uri", "BROKER_URL", "@"),
            (now.makes_database, "database-uri", self._database_name(), "@database-uri"),
            (now.database == "external", "database-uri", self._database_name(), "@"),
            (now.database == "dynamodb", "table", "TABLE_NAME", "{database.table}"),
        )
        for needed, role, name, source in wanted:
            if not needed or any(role_of(each.name) == role for each in self.placed):
                continue
            if role == "database-uri" and any(each.text == "{database.host}" for each in self.placed):
                continue
            if source.startswith("@"):
                self._secret(name, {"composed": source[1:]} if source[1:] else {})
            else:
                self.placed.append(Placed(name, source))

    def _database_name(self) -> str:
        return "MONGO_URI" if is_mongo(self._situation) else "DATABASE_URL"

    def _secret(self, variable: str, how: Mapping[str, Any]) -> None:
        name = part_name(variable, self.secrets)
        self.placed.append(Placed(variable, secret=name))
        asked_for = not how.get("composed")
        differs = asked_for and source_of(name, Secret()) != variable
        self.secrets[name] = {**how, "source": variable} if differs else dict(how)


def _reason(name: str) -> str:
    if role_of(name) == "own-login":
        return "the task role gives access; no key is needed in AWS"
    if name.upper() == "PORT":
        return "nothing listens"
    return "it points at something on a laptop"


def for_part(situation: Situation, part: Part, placed: tuple[Placed, ...]) -> Iterator[Placed]:
    """The variables of one container: those that it reads, where the compose file says who reads what."""
    named = {name for each in situation.app.parts for name in each.reads}
    others = len(situation.app.parts) > 1
    for each in placed:
        if each.name.upper() == "PORT" and each.text is not None:
            if part.port is not None:
                yield Placed(each.name, str(part.port))
            continue
        for_all = each.name not in named and not (others and is_front(part))
        if for_all or each.name in part.reads:
            yield each


def is_front(part: Part) -> bool:
    """Whether a container serves pages rather than an API, by its name."""
    return bool(_FRONT.search(part.name))


def outside_secret(situation: Situation, found: Placement, role: str) -> str:
    """The secret that holds the address of an outside broker or database."""
    return next(each.secret for each in found.placed if each.secret and role_of(each.name) == role)


def is_mongo(situation: Situation) -> bool:
    """Whether the database speaks MongoDB's protocol: by its kind, or elsewhere by what the files or names say."""
    if situation.database != "external":
        return situation.database == "documentdb"
    named = any("MONGO" in name.upper() for name in situation.names_for("database-uri"))
    return named or (situation.hint("database", "mongodb") is not None and not situation.hint("database", "postgres"))
