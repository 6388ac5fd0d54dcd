"""What the contract test needs to know about each kind: one `Case` a kind, one file a family of kinds.

A file in this folder holds `CASES`, a list of `Case`; `all_cases` collects the lists of every file here, so a new file
needs no registration. The contract test refuses a kind in `wizard/kinds` that has no case.

The contract test builds `world` in the order of its references, each resource by its own kind, then drives
`<kind>.subject` with `properties`. Properties anywhere may hold `Ref` to a resource of the world:

    vpc = Resource("vpc", "main", {"name": "shop-dev", "cidr": "10.0.0.0/16", "dns_hostnames": True})
    CASES = [Case("subnet", world=[vpc], properties={"vpc": vpc.ref("id"), ...}, changes={"public_ips": False})]
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wizard.engine.graph import Resource
from wizard.engine.kind import Calls

Prepare = Callable[[Calls], None]


def nothing(_aws: Calls) -> None:
    """The world needs nothing that our kinds do not make."""


@dataclass(frozen=True)
class Case:
    """One example of a kind.

    `changes` gives another value for every property that can change; they are applied one at a time, each on top of
    the last. `replacements` gives another value for every immutable property; a difference in it must show when the
    resource is read, and must not be passed to `update`. `prepare` makes what our kinds only look up (a hosted zone,
    an image), with plain AWS calls before the world is built. `variant` tells two cases of one kind apart.

    `constant` names the properties that are neither in `changes` nor in `replacements` because they can have one value
    only or are never compared. `needs_wanted` says that AWS cannot be asked for all of ours: something must be wanted
    for a read to know where to look (the zone of a record).
    """

    kind: str
    world: Sequence[Resource] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    replacements: Mapping[str, Any] = field(default_factory=dict)
    prepare: Prepare = nothing
    variant: str = ""
    constant: frozenset[str] = frozenset()
    needs_wanted: bool = False

    @property
    def subject(self) -> Resource:
        """The resource that the contract test drives."""
        return Resource(self.kind, "subject", self.properties)

    def __str__(self) -> str:
        return f"{self.kind}-{self.variant}" if self.variant else self.kind


def all_cases() -> list[Case]:
    """The cases of every file in this folder, sorted by kind."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return sorted((case for module in modules for case in module.CASES), key=str)
