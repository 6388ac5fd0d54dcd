"""A deployment on paper as a CloudFormation template, with a note for whatever CloudFormation cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.advice.export import compute, data, databases, edge, identity, network, watching
from wizard.advice.export.form import Asked, Intrinsic, Note, One, Piece, Shape, word
from wizard.advice.export.values import Values
from wizard.advice.paper import Paper
from wizard.advice.sections import SECTIONS, section_of
from wizard.engine.graph import Resource

SHAPES: Mapping[str, Shape] = {
    **network.SHAPES,
    **edge.SHAPES,
    **compute.SHAPES,
    **data.SHAPES,
    **databases.SHAPES,
    **identity.SHAPES,
    **watching.SHAPES,
}
"""How each kind is said."""
UNSAID = "Pilotage does not know how CloudFormation says this kind."
RESOLVED = "{{resolve:"


@dataclass(frozen=True)
class Entry:
    """One resource of the template, and the address that it comes from."""

    address: str
    piece: Piece
    after: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain data and intrinsic functions."""
        kept = {"DeletionPolicy": self.piece.kept, "UpdateReplacePolicy": self.piece.kept} if self.piece.kept else {}
        return {
            "Type": self.piece.type,
            **({"Metadata": {"Pilotage": list(self.notes)}} if self.notes else {}),
            **({"DependsOn": list(self.after)} if self.after else {}),
            **kept,
            "Properties": without_none(self.piece.properties),
        }


@dataclass(frozen=True)
class Template:
    """A template in parts, in the order in which it is written."""

    deployment: str
    region: str
    parameters: Mapping[str, Asked]
    sections: Mapping[str, Mapping[str, Entry]]
    outputs: Mapping[str, Any]
    not_here: Mapping[str, str] = field(default_factory=dict)
    """What is in the deployment and not in the template: the reason by address."""

    @property
    def resources(self) -> dict[str, Entry]:
        """All by their logical ids."""
        return {id_: entry for members in self.sections.values() for id_, entry in members.items()}


def template(paper: Paper) -> Template:
    """The graph of a blueprint as a template. It holds no secret: given ones are parameters that are not shown."""
    values = Values(paper, SHAPES)
    said = {each.address: _said(One(each, values)) for each in paper.graph.resources.values()}
    entries: dict[str, Entry] = {}
    not_here: dict[str, str] = {}
    for address, parts in said.items():
        notes = tuple(part.text for part in parts if isinstance(part, Note))
        pieces = [part for part in parts if isinstance(part, Piece)]
        for part in parts:
            if isinstance(part, Asked):
                values.ask(values.id(address, part.part), part)
        for piece in pieces:
            needed = _needed(paper.graph.resources[address], said, values) if piece is pieces[0] else ()
            after = tuple(sorted({*piece.after, *needed} - _named_in(piece.properties)))
            mine = notes if piece is pieces[0] else ()
            entries[values.id(address, piece.part)] = Entry(address, piece, after, mine)
        if not pieces and notes:
            not_here[address] = " ".join(notes)
    outputs = {word(name): value for name, value in _outputs(paper, values)}
    return Template(paper.deployment, paper.scope.region, dict(values.asked), _sections(entries), outputs, not_here)


def _said(one: One) -> list[Piece | Asked | Note]:
    shape = SHAPES.get(one.resource.kind)
    return list(shape.parts(one)) if shape else [Note(UNSAID)]


def _needed(resource: Resource, said: Mapping[str, Iterable[Any]], values: Values) -> Iterator[str]:
    """The logical ids of all that must stand first although no property names it."""
    for need in resource.needs:
        yield from (values.id(need.address, part.part) for part in said[need.address] if isinstance(part, Piece))


def _outputs(paper: Paper, values: Values) -> Iterator[tuple[str, Any]]:
    """The outputs that a template may show: CloudFormation resolves no secret there."""
    for name, value in paper.graph.outputs.items():
        found = values.of(value)
        if isinstance(found, (str, int, Intrinsic)) and RESOLVED not in repr(found):
            yield name, found


def _named_in(value: Any) -> set[str]:
    """The logical ids that a value refers to by itself, which so need no DependsOn."""
    if isinstance(value, Intrinsic):
        if value.name == "Ref":
            return {str(value.argument)}
        if value.name == "GetAtt":
            return {str(value.argument).partition(".")[0]}
        if value.name == "Sub" and isinstance(value.argument, str):
            return {each.partition("}")[0].partition(".")[0] for each in value.argument.split("${")[1:]}
        return _named_in(value.argument)
    if isinstance(value, Mapping):
        return set().union(*(_named_in(item) for item in value.values()))
    if isinstance(value, (list, tuple)):
        return set().union(*(_named_in(item) for item in value))
    return set()


def _sections(entries: Mapping[str, Entry]) -> dict[str, dict[str, Entry]]:
    """In the order in which a blueprint is explained."""
    grouped: dict[str, dict[str, Entry]] = {section: {} for section in SECTIONS}
    for id_, entry in entries.items():
        grouped[section_of(entry.address.partition(".")[0])][id_] = entry
    return {section: members for section, members in grouped.items() if members}


def without_none(value: Any) -> Any:
    """The same without the keys that have no value."""
    if isinstance(value, Mapping):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [without_none(item) for item in value]
    if isinstance(value, Intrinsic):
        return value
    return value
