"""The parts of a CloudFormation template: its functions, resources, parameters, and notes on what it cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wizard.engine.graph import Resource
from wizard.engine.values import refs_in

if TYPE_CHECKING:
    from wizard.advice.export.values import Values


@dataclass(frozen=True)
class Intrinsic:
    """A function of CloudFormation: `Ref`, `GetAtt`, `Sub`, `Select`, `Split`."""

    name: str
    argument: Any


def ref(logical_id: str) -> Intrinsic:
    """What CloudFormation gives for the name of a resource or a parameter."""
    return Intrinsic("Ref", logical_id)


def att(logical_id: str, attribute: str) -> Intrinsic:
    """One attribute of a resource."""
    return Intrinsic("GetAtt", f"{logical_id}.{attribute}")


def sub(template: str) -> Intrinsic:
    """Text with `${...}` in it."""
    return Intrinsic("Sub", template)


@dataclass(frozen=True)
class Piece:
    """One resource of the template. `part` tells the pieces of one resource of ours apart; the first has none.

    `after` is the logical ids that must stand before it and that no property names. `kept` is what happens when the
    stack goes: `Retain` or `Snapshot`.
    """

    type: str
    properties: Mapping[str, Any]
    part: str = ""
    after: tuple[str, ...] = ()
    kept: str = ""


@dataclass(frozen=True)
class Asked:
    """A parameter: what is looked up or given, and so is not made by the template."""

    type: str
    description: str
    default: str | None = None
    secret: bool = False
    part: str = ""


@dataclass(frozen=True)
class Note:
    """What the template cannot say, or what a reader must know of it."""

    text: str


Part = Piece | Asked | Note


@dataclass(frozen=True)
class One:
    """One resource on its way into the template."""

    resource: Resource
    values: Values

    def __call__(self, name: str, default: Any = None) -> Any:
        """A property in CloudFormation's words; the default where it is not there or has no value."""
        value = self.raw(name)
        return default if value is None else self.values.of(value)

    @property
    def said(self) -> dict[str, Any]:
        """All properties in CloudFormation's words."""
        return {name: self(name) for name in self.resource.properties}

    @property
    def id(self) -> str:
        """The logical id of the first piece."""
        return self.values.id(self.resource.address)

    @property
    def tags(self) -> list[dict[str, Any]]:
        """The Name tag, by which people know what has no name of its own in AWS.

        The ownership tags are left out: what CloudFormation makes is not Pilotage's to change or delete.
        """
        return [{"Key": "Name", "Value": self("name")}]

    def raw(self, name: str) -> Any:
        """A property as the graph has it."""
        return self.resource.properties.get(name)

    def parents(self, value: Any) -> list[Resource]:
        """The resources that a value of the graph refers to."""
        return [self.values.resources[each.address] for each in refs_in(value)]

    def points_at(self, value: Any, kind: str) -> bool:
        """Whether a value of the graph refers to a resource of this kind."""
        return any(each.kind == kind for each in self.parents(value))


Attribute = str | Callable[["One"], Any]
"""How CloudFormation gives an attribute: `""` for Ref, a name for GetAtt, or what a function makes of the resource."""


@dataclass(frozen=True)
class Shape:
    """How one kind is said: its parts, and how its attributes are referred to."""

    parts: Callable[[One], Iterable[Part]]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def named(name: str = "name") -> Callable[[One], Any]:
    """An attribute that is a property, known before anything is made."""
    return lambda one: one(name)


def capitalised(value: Any, free: frozenset[str] = frozenset()) -> Any:
    """A request of the API as CloudFormation has it, which writes names with a capital.

    What lies under the names in `free` is somebody's own words and stays as it is.
    """
    if isinstance(value, Mapping):
        return {
            _capital(key): item if key in free else capitalised(item, free)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, (list, tuple)):
        return [capitalised(item, free) for item in value]
    return value


_SPECIAL = {"efsVolumeConfiguration": "EFSVolumeConfiguration", "fileSystemId": "FilesystemId", "iam": "IAM"}
"""Names that CloudFormation writes otherwise."""


def _capital(name: str) -> str:
    return _SPECIAL.get(name) or name[:1].upper() + name[1:]


def word(text: str) -> str:
    """Letters and digits alone, as logical ids are: `api-https` is `ApiHttps`."""
    return "".join(each[:1].upper() + each[1:] for each in re.split(r"[^A-Za-z0-9]+", text))
