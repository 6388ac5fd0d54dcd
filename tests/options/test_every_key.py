"""No key of the blueprint is there for nothing: another value gives another graph, or the reason why not is here."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest

from tests.options.key_worlds import OTHER, PLACES, WORLDS
from tests.options.starters import expansion, written
from wizard.blueprint.model import Blueprint, Section
from wizard.blueprint.shape import bare, fields, is_section, members
from wizard.engine.graph import Graph
from wizard.options import expand

WITHOUT_EFFECT = {
    "Blueprint.blueprint": "the version of the language has one value",
    "Blueprint.account": "guards the account before anything is expanded",
    "AppRunner.egress": "`vpc` is refused with the reason and a way out",
    "DocumentDb.password": "has one value: DocumentDb rotates none",
    "Build.context": "is read where an image is built, which is no resource",
    "Build.dockerfile": "is read where an image is built, which is no resource",
    "Build.target": "is read where an image is built, which is no resource",
    "Build.arguments": "is read where an image is built, which is no resource",
}


def sections() -> list[type[Section]]:
    """Every section of the language."""
    found: list[type[Section]] = [Blueprint]
    for section in found:
        for info in fields(section).values():
            found += [each for each in _sections_in(info.annotation) if each not in found]
    return found


def _sections_in(kind: Any) -> Iterator[type[Section]]:
    for member in members(kind):
        inner = bare(member)
        if is_section(inner):
            yield inner
        elif get_origin(inner) is not Literal:
            yield from (section for part in get_args(inner) if part is not ... for section in _sections_in(part))


def keys() -> Iterator[str]:
    """Every key that holds a value of its own, as `Section.key`; `kind` chooses the section."""
    for section in sections():
        for key, info in fields(section).items():
            if key != "kind" and not any(_sections_in(info.annotation)):
                yield f"{section.__name__}.{key}"


def changed(key: str) -> tuple[Any, Any]:
    """The world in which a key is tried, without and with another value."""
    section, _, name = key.partition(".")
    where, path = PLACES.get(key) or PLACES[section]
    plain, other = (copy.deepcopy(WORLDS[where]) for _ in range(2))
    at = other
    for step in filter(None, path.split("/")):
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    at[name] = OTHER[key] if key in OTHER else _next(key, at.get(name))
    return plain, other


def _next(key: str, now: Any) -> Any:
    """Another value of a plain type: the other truth, one more, the next word."""
    section, _, name = key.partition(".")
    info = fields(next(each for each in sections() if each.__name__ == section))[name]
    now = info.default if now is None else now
    kind = bare(members(info.annotation)[0])
    if isinstance(now, bool):
        return not now
    if get_origin(kind) is Literal:
        words = get_args(kind)
        return words[(words.index(now) + 1) % len(words)] if now in words else words[-1]
    assert isinstance(now, (int, float)), f"{key} needs a value in OTHER"
    most = next((note.le for note in info.metadata if hasattr(note, "le")), now + 1)
    return now + 1 if now < most else now - 1


def made(blueprint: Any) -> Graph:
    return expand(expansion(written(json.dumps(blueprint)), given_secrets=frozenset({"KEY"})))


def test_every_reason_is_about_a_key_that_is_there() -> None:
    assert WITHOUT_EFFECT.keys() <= set(keys())
    assert not WITHOUT_EFFECT.keys() & OTHER.keys()


@pytest.mark.parametrize("key", sorted(set(keys()) - WITHOUT_EFFECT.keys()))
def test_another_value_of_a_key_gives_another_graph(key: str) -> None:
    without, with_it = (made(blueprint) for blueprint in changed(key))
    assert (without.resources, without.outputs) != (with_it.resources, with_it.outputs)
