"""The shape of the language at any path: which keys are known there, and what kind of thing a key holds.

It is read from the model's own types, so a new field is known to hints, `--set` and error positions at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import Tag
from pydantic.fields import FieldInfo
from typing_extensions import TypeIs

from wizard.blueprint.model import Blueprint, Section
from wizard.blueprint.problems import Path


def fields(section: type[Section]) -> dict[str, FieldInfo]:
    """The keys of a section as they are written in the file."""
    return {info.alias or name: info for name, info in section.model_fields.items()}


def bare(kind: Any) -> Any:
    """A type without its annotations."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return kind


def members(kind: Any) -> list[Any]:
    """The alternatives of a type, null left out; one for a type without alternatives."""
    if get_origin(bare(kind)) in (Union, UnionType):
        return [each for part in get_args(bare(kind)) if part is not NoneType for each in members(part)]
    return [kind]


def tag_of(member: Any) -> str:
    """The word that chooses an alternative: its `kind`, or the tag in its annotations."""
    if get_origin(member) is Annotated:
        for note in get_args(member)[1:]:
            if isinstance(note, Tag):
                return note.tag
    inner = bare(member)
    if is_section(inner) and "kind" in inner.model_fields:
        return str(get_args(inner.model_fields["kind"].annotation)[0])
    return ""


def is_section(kind: Any) -> TypeIs[type[Section]]:
    """Is it a section with fixed keys?"""
    return isinstance(kind, type) and issubclass(kind, Section)


def kinds_of(kind: Any) -> list[str]:
    """The kinds among which a section must choose, or nothing."""
    found = [
        tag_of(member) for member in members(kind) if is_section(bare(member)) and "kind" in bare(member).model_fields
    ]
    return found if len(found) > 1 else []


def chosen(kind: Any, data: Any) -> Any:
    """The alternative that the data chooses by its `kind`; the first that fits when it names none."""
    choices = members(kind)
    sections = [each for each in choices if is_section(bare(each))]
    if isinstance(data, Mapping) and sections:
        word = data.get("kind")
        for each in sections:
            field = bare(each).model_fields.get("kind")
            if field is None or tag_of(each) == word or (word is None and not field.is_required()):
                return bare(each)
        return bare(sections[0])
    plain = [each for each in choices if not is_section(bare(each))]
    return bare((plain or choices)[0])


def inside(kind: Any, step: str | int) -> Any:
    """The type of what a key or an index holds, or None when the key is not known there."""
    kind = bare(kind)
    if is_section(kind):
        info = fields(kind).get(str(step))
        return None if info is None else info.annotation
    origin = get_origin(kind)
    if origin is tuple:
        return get_args(kind)[0]
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return get_args(kind)[1]
    return None


def is_map(kind: Any) -> bool:
    """Is it a section whose keys are free names?"""
    origin = get_origin(bare(kind))
    return isinstance(origin, type) and issubclass(origin, Mapping)


def at(path: Path, data: Any) -> Any:
    """The type at a path, its alternatives chosen by the data; None when the path is not in the language."""
    kind: Any = Blueprint
    for step in path:
        kind = inside(chosen(kind, data), step)
        if kind is None:
            return None
        data = data.get(step) if isinstance(data, Mapping) else _item(data, step)
    return kind


def _item(data: Any, step: str | int) -> Any:
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def known_keys(path: Path, data: Any) -> list[str]:
    """The keys that a section at a path may have; nothing when its keys are free names."""
    kind = at(path, data)
    node: Any = data
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else _item(node, step)
    found = chosen(kind, node) if kind is not None else None
    return list(fields(found)) if is_section(found) else []


def path_of(location: Sequence[str | int]) -> tuple[Path, bool]:
    """The path in the file of an error location of pydantic, and whether the error is about the key itself.

    Pydantic puts the tag of a chosen alternative between the keys, and `[key]` behind a key that is wrong.
    """
    path: list[str | int] = []
    kind: Any = Blueprint
    for step in location:
        if step == "[key]":
            return tuple(path), True
        choices = members(kind) if kind is not None else []
        if len(choices) > 1:
            by_tag = [each for each in choices if tag_of(each) == step]
            if by_tag:
                kind = by_tag[0]
                continue
        path.append(step)
        kind = inside(choices[0], step) if choices else None
    return tuple(path), False
