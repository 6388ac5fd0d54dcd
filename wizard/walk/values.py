"""Values of secrets while a walk lasts: in memory only, never in an answer, a draft, a file or a repr."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.question import Variables, Wrong
from wizard.walk.reading.dotenv import lines_of
from wizard.walk.reading.variables import can_be_made_up, looks_secret

SECRET, GENERATED, PLAIN, LEFT_OUT = "secret", "generated", "plain", "left-out"
ROLES = (SECRET, GENERATED, PLAIN, LEFT_OUT)
MASK = "••••••••"


@dataclass(frozen=True)
class SecretStore:
    """Given values by name."""

    _given: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __contains__(self, name: str) -> bool:
        return bool(self._given.get(name))

    def plus(self, more: Mapping[str, str]) -> SecretStore:
        """These values and more; a later one wins, an empty one says nothing."""
        return SecretStore({**self._given, **{name: value for name, value in more.items() if value}})

    def as_mapping(self) -> Mapping[str, str]:
        """The values, for the run that puts them into AWS."""
        return dict(self._given)

    def fingerprint(self, name: str) -> str:
        """Enough to see that two values are the same: the last four of their SHA-256."""
        return hashlib.sha256(self._given[name].encode()).hexdigest()[-4:] if name in self else ""


@dataclass(frozen=True)
class Entry:
    """One pasted variable as it may be shown, and what is proposed for it."""

    name: str
    masked: str
    role: str
    why: str


@dataclass(frozen=True)
class Pasted:
    """Pasted lines: what may be shown of them, and their values, which may not."""

    entries: tuple[Entry, ...]
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[str, ...] = ()
    """Lines that were not understood, by number; never their text."""

    def decided(self, roles: Mapping[str, str], *, keyring: bool = False) -> Variables:
        """What becomes of the variables; `roles` overrules what was proposed."""
        by_role: dict[str, list[str]] = {role: [] for role in ROLES}
        for entry in self.entries:
            by_role[roles.get(entry.name, entry.role)].append(entry.name)
        plain = {name: self.values.get(name, "") for name in by_role[PLAIN]}
        return Variables(tuple(by_role[SECRET]), tuple(by_role[GENERATED]), plain, keyring)


def pasted(text: str, offered: Variables, wanted: tuple[str, ...] | None = None) -> Pasted | Wrong:
    """Read pasted dotenv lines on top of what is offered already. A problem names lines, never their text.

    `wanted` are the secrets that a starter knows; all else is then left out, for nothing in the starter reads it.
    """
    values: dict[str, str] = {}
    broken: list[str] = []
    for line in lines_of(text):
        if line.name and not line.problem:
            values[line.name] = line.value
        else:
            broken.append(f"line {line.number}: {line.problem}")
    if text.strip() and not values:
        what = "none of these lines is NAME=value" + (f" ({broken[0]})" if broken else "")
        return Wrong(what, "NAME=value lines, or the path of a dotenv file", "API_TOKEN=...")
    names = dict.fromkeys([*offered.secret, *offered.generated, *offered.plain, *values])
    known = {**offered.plain, **values}
    if wanted is not None:
        known_ones = (*offered.secret, *offered.generated)
        entries = tuple(_of_starter(name, known.get(name), name in (*wanted, *known_ones), offered) for name in names)
        return Pasted(entries, known, tuple(broken))
    entries = tuple(_entry(name, known.get(name), name in values, offered) for name in names)
    return Pasted(entries, known, tuple(broken))


def _of_starter(name: str, value: str | None, wanted: bool, offered: Variables) -> Entry:
    if not wanted:
        return Entry(name, MASK if value else "(no value)", LEFT_OUT, "nothing in the starter reads it")
    if name in offered.generated and not value:
        return Entry(name, "(made up)", GENERATED, "any random value will do")
    return Entry(name, MASK if value else "(no value yet)", SECRET, "the starter keeps it secret")


def _entry(name: str, value: str | None, given: bool, offered: Variables) -> Entry:
    role, why = _proposed(name, value or "", given, offered)
    if role == PLAIN:
        return Entry(name, value or "(no value)", role, why)
    return Entry(name, MASK if value else "(made up)" if role == GENERATED else "(no value yet)", role, why)


def _proposed(name: str, value: str, given: bool, offered: Variables) -> tuple[str, str]:
    if name in offered.secret:
        return SECRET, "looks secret"
    if name in offered.generated:
        # A value that somebody has already is kept: others may know it.
        return (SECRET, "you gave a value") if given and value else (GENERATED, "any random value will do")
    if name in offered.plain and not (given and looks_secret(name, value)):
        return PLAIN, "does not look secret"
    if looks_secret(name, value):
        made_up = can_be_made_up(name) and not value
        return (GENERATED, "any random value will do") if made_up else (SECRET, "looks secret")
    return PLAIN, "does not look secret"
