"""What AWS has: everything of a deployment, read kind by kind, and how it compares with what is desired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Context, Kind, Live
from wizard.engine.values import UNKNOWN, Ref, Supply, has_unknown, refs_in, resolve

READERS = 32
Kinds = Mapping[str, Kind]


@dataclass(frozen=True)
class Difference:
    """One property that is not as desired."""

    property: str
    before: Any
    after: Any


@dataclass(frozen=True)
class World:
    """What the reads found: the one that counts for each address, and everything else that carries our tag."""

    live: Mapping[str, Live]
    surplus: tuple[Live, ...]


def owned(kind: Kind, live: Live, deployment: str) -> bool:
    """Whether we may change or delete it (HOUSE §5.9)."""
    if live.owner == deployment:
        return True
    if kind.shared_in_app and live.owner.split("/")[0] == deployment.split("/")[0]:
        return True
    return kind.adopts_untagged and not live.owner


def differences(kind: Kind, desired: Mapping[str, Any], live: Live) -> tuple[Difference, ...]:
    """The desired properties that are set (not None) and not as desired."""
    found = []
    for name, value in desired.items():
        if value is None:
            continue
        actual = live.properties.get(name)
        if has_unknown(value) or not kind.same(name, value, actual):
            found.append(Difference(name, actual, value))
    return tuple(found)


def attributes_of(
    live: Mapping[str, Live], remade: Mapping[str, frozenset[str] | None] | None = None
) -> Callable[[Ref], Any]:
    """A lookup of references among what exists; `UNKNOWN` for what does not, or will change.

    `remade` names the attributes that a planned change renews, by address; None stands for all of them.
    """
    renewed = remade or {}

    def lookup(ref: Ref) -> Any:
        found = live.get(ref.address)
        attributes = renewed.get(ref.address, frozenset())
        if found is None or attributes is None or ref.attribute in attributes:
            return UNKNOWN
        return found.attributes.get(ref.attribute, UNKNOWN)

    return lookup


def read_world(graph: Graph, kinds: Kinds, context: Context, supply: Supply) -> World:
    """Read every kind that the graph or the tags name, several kinds at once, parents before children.

    A kind of which nothing is wanted, and of which the tags list nothing, costs no call.
    """
    wanted: dict[str, list[Resource]] = defaultdict(list)
    for resource in graph.resources.values():
        wanted[resource.kind].append(resource)
    tagged = {name for name in kinds if context.index.arns(name)}
    named = {name for name, kind in kinds.items() if wanted[name] or name in tagged or kind.found_with & tagged}
    waiting = {
        name: {ref.address.split(".")[0] for each in wanted[name] for ref in _finding_refs(kinds[name], each)} - {name}
        for name in sorted(named)
    }
    live: dict[str, Live] = {}
    surplus: list[Live] = []
    with ThreadPoolExecutor(READERS, thread_name_prefix="read") as pool:
        running: dict[Future[list[Live]], str] = {}
        done: set[str] = set()
        asked: dict[str, dict[str, Any]] = {}
        while waiting or running:
            for name in _readable(waiting, done, bool(running)):
                del waiting[name]
                lookup = attributes_of(live)
                properties = {r.address: resolve(r.properties, lookup, supply) for r in wanted[name]}
                asked[name] = properties
                running[pool.submit(kinds[name].read_many, context, properties)] = name
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                name = running.pop(future)
                done.add(name)
                for found in future.result():
                    wanted_one = asked[name].get(found.address)
                    if wanted_one is None or found.address in live or is_renewed(kinds[name], wanted_one, found):
                        surplus.append(found)
                    else:
                        live[found.address] = found
    return World(live, tuple(surplus))


def _finding_refs(kind: Kind, resource: Resource) -> Iterator[Ref]:
    """The references that a read of the resource needs to be known."""
    for name, value in resource.properties.items():
        if kind.found_by is None or name in kind.found_by:
            yield from refs_in(value)


def is_renewed(kind: Kind, desired: Mapping[str, Any], live: Live) -> bool:
    """Whether the wanted one is to be made beside this one."""
    known = {name: value for name, value in desired.items() if name in kind.renewed_beside and not has_unknown(value)}
    return bool(differences(kind, known, live))


def _readable(waiting: Mapping[str, set[str]], done: set[str], busy: bool) -> list[str]:
    """Kinds whose parents are read. When two kinds wait for each other, the one that waits for fewest goes first."""
    ready = sorted(name for name, parents in waiting.items() if parents <= done)
    if ready or busy or not waiting:
        return ready
    return [min(sorted(waiting), key=lambda name: len(waiting[name] - done))]
