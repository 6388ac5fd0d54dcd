"""The desired resources and the references that join them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from wizard.engine.values import Ref, refs_in
from wizard.errors import UsageError


@dataclass(frozen=True)
class Resource:
    """One thing that should exist in AWS. `needs` must exist first although no property points at it."""

    kind: str
    name: str
    properties: Mapping[str, Any]
    protect: bool = False
    needs: tuple[Ref, ...] = ()

    @property
    def address(self) -> str:
        """`<kind>.<name>`, unique in the deployment."""
        return f"{self.kind}.{self.name}"

    @cached_property
    def refs(self) -> frozenset[Ref]:
        """Every reference in the properties and in `needs`."""
        return frozenset(refs_in(self.properties)) | frozenset(self.needs)

    def ref(self, attribute: str) -> Ref:
        """A reference to one of this resource's attributes."""
        return Ref(self.address, attribute)


@dataclass(frozen=True)
class Graph:
    """Desired resources by address, and the outputs that people and programs ask for."""

    resources: Mapping[str, Resource]
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, resources: Iterable[Resource], outputs: Mapping[str, Any] | None = None) -> Graph:
        """Join resources into a graph; raises `UsageError` on a doubled address, an unknown reference or a cycle."""
        by_address: dict[str, Resource] = {}
        for resource in resources:
            if resource.address in by_address:
                raise UsageError(f"two resources are called {resource.address}")
            by_address[resource.address] = resource
        for resource in by_address.values():
            for ref in resource.refs:
                if ref.address not in by_address:
                    raise UsageError(f"{resource.address} refers to {ref.address}, which is not there")
        graph = cls(by_address, dict(outputs or {}))
        graph.order()
        return graph

    def dependencies(self, address: str) -> frozenset[str]:
        """Addresses that must be ready before this one."""
        return frozenset(ref.address for ref in self.resources[address].refs)

    def order(self) -> tuple[str, ...]:
        """All addresses, each after what it depends on; stable for equal graphs."""
        sorter = TopologicalSorter({a: sorted(self.dependencies(a)) for a in sorted(self.resources)})
        try:
            return tuple(sorter.static_order())
        except CycleError as error:
            path = " -> ".join(error.args[1])
            raise UsageError(f"resources depend on each other in a circle: {path}") from error
