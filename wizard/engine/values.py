"""What a property may hold besides plain data: references, composed text, secrets, and what is not known yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


class UnknownType:
    """A value that exists only after something is made."""

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN: Final = UnknownType()


@dataclass(frozen=True)
class Ref:
    """The value of another resource's attribute; every edge of the graph is one of these."""

    address: str
    attribute: str


@dataclass(frozen=True)
class Text:
    """Text composed of other values: `{name}` in the template is replaced by that part."""

    template: str
    parts: tuple[tuple[str, Any], ...]


def text(template: str, **parts: Any) -> Text:
    """Compose text from references, secrets and plain values."""
    return Text(template, tuple(sorted(parts.items())))


@dataclass(frozen=True)
class SecretInput:
    """A secret value that a person supplies, or that is made up once when nobody does.

    `name` is the name a person knows it by (`GROQ_API_KEY`); `generate` is the length to make up, None to insist.
    """

    name: str
    generate: int | None = None


@dataclass(frozen=True)
class Sensitive:
    """A secret in memory. Two are equal when their fingerprints are; only `reveal` tells the value."""

    fingerprint: str
    reveal: Callable[[], str] = field(repr=False, compare=False)

    def __str__(self) -> str:
        return "(secret)"


Attributes = Mapping[str, Any]
Lookup = Callable[[Ref], Any]
Supply = Callable[[SecretInput], Sensitive | None]


def refs_in(value: Any) -> Iterator[Ref]:
    """Every reference inside a property value, at any depth."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Text):
        for _, part in value.parts:
            yield from refs_in(part)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from refs_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from refs_in(item)


def resolve(value: Any, lookup: Lookup, supply: Supply) -> Any:
    """Replace references, composed text and supplied secrets by values; what is not known yet becomes `UNKNOWN`.

    A `SecretInput` that nobody supplies stays as it is: the secret kind keeps what AWS has, or makes one up.
    """
    if isinstance(value, Ref):
        return lookup(value)
    if isinstance(value, SecretInput):
        return supply(value) or value
    if isinstance(value, Text):
        return _compose(value, {name: resolve(part, lookup, supply) for name, part in value.parts})
    if isinstance(value, Mapping):
        return {key: resolve(item, lookup, supply) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolve(item, lookup, supply) for item in value]
    return value


def _compose(shape: Text, parts: dict[str, Any]) -> Any:
    if any(part is UNKNOWN or isinstance(part, SecretInput) for part in parts.values()):
        return UNKNOWN
    if not any(isinstance(part, Sensitive) for part in parts.values()):
        return _fill(shape.template, {name: str(part) for name, part in parts.items()})
    marks = {name: part.fingerprint if isinstance(part, Sensitive) else str(part) for name, part in parts.items()}
    fingerprint = hashlib.sha256(json.dumps([shape.template, marks], sort_keys=True).encode()).hexdigest()

    def reveal() -> str:
        return _fill(shape.template, {n: p.reveal() if isinstance(p, Sensitive) else str(p) for n, p in parts.items()})

    return Sensitive(fingerprint, reveal)


def _fill(template: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        template = template.replace("{" + name + "}", part)
    return template


def has_unknown(value: Any) -> bool:
    """Whether any part of a resolved value is still to be known."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(has_unknown(item) for item in value)
    return False


def insist_on_known(address: str, properties: Mapping[str, Any]) -> None:
    """Raise `ValueError` when a property is still unknown although everything it refers to is ready."""
    for name, value in properties.items():
        if has_unknown(value):
            raise ValueError(f"{address}: {name} refers to an attribute that its resource does not have")


def shown(value: Any) -> Any:
    """The same value as plain data for a screen, an event or a file: secrets and unknowns as words."""
    if isinstance(value, (Sensitive, SecretInput)):
        return "(secret)"
    if value is UNKNOWN:
        return repr(UNKNOWN)
    if isinstance(value, Mapping):
        return {str(key): shown(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(shown(item) for item in value)
    return value
