"""What would change: the desired graph against what AWS says, kind by kind. Pure but for the kinds' reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Context, FoundKind, Kind, Live
from wizard.engine.values import UNKNOWN, Ref, SecretInput, Sensitive, Supply, has_unknown, resolve, shown
from wizard.engine.world import Difference, Kinds, World, attributes_of, differences, owned, read_world
from wizard.errors import MissingSecrets, PreflightError, UsageError

ALL_ATTRIBUTES = None


class Action(StrEnum):
    """What a change does (CONTRACT §4)."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    NO_OP = "no-op"
    ADOPT = "adopt"


@dataclass(frozen=True)
class Change:
    """One resource and what would be done to it. `id` is the live one's, for deletes of one among several."""

    address: str
    action: Action
    reason: str
    differences: tuple[Difference, ...] = ()
    risk: str = ""
    seconds: float = 0.0
    id: str = ""

    @property
    def kind(self) -> str:
        """The kind in the address."""
        return self.address.split(".", 1)[0]


@dataclass(frozen=True)
class Plan:
    """The changes in dependency order, deletes last, and what they were concluded from."""

    deployment: str
    changes: tuple[Change, ...]
    seen: str
    """Digest of the desired properties and of everything that was read: equal only if plan and world are."""
    seconds: float
    """AWS seconds along the critical path."""
    critical_path: tuple[str, ...] = ()
    monthly_usd: float = 0.0
    not_priced: tuple[str, ...] = ()
    live: Mapping[str, Live] = field(default_factory=dict)
    surplus: tuple[Live, ...] = ()

    @property
    def needed(self) -> tuple[Change, ...]:
        """The changes that change something."""
        return tuple(change for change in self.changes if change.action is not Action.NO_OP)

    def counts(self) -> dict[str, int]:
        """How many changes of each action, zeros included."""
        counts = {str(action): 0 for action in Action}
        for change in self.changes:
            counts[str(change.action)] += 1
        return counts


def make_plan(graph: Graph, kinds: Kinds, context: Context, supply: Supply, *, blueprint_digest: str = "") -> Plan:
    """Read the world and conclude the changes.

    Raises `UsageError` when a rule of AWS is broken, `MissingSecrets` when a value is needed that nobody gave,
    `PreflightError` when a name is taken.
    """
    _check_rules(graph, kinds, supply)
    world = read_world(graph, kinds, context, supply)
    deployment = context.scope.deployment
    remade: dict[str, frozenset[str] | None] = {}
    changes: list[Change] = []
    problems: list[str] = []
    refused: list[str] = []
    missing: list[str] = []
    desired_by_address: dict[str, Any] = {}
    for address in graph.order():
        resource, kind = graph.resources[address], kinds[graph.resources[address].kind]
        desired = resolve(resource.properties, attributes_of(world.live, remade), supply)
        desired_by_address[address] = desired
        change = _conclude(resource, kind, desired, world, deployment, problems)
        if change.action is Action.REPLACE:
            remade[address] = ALL_ATTRIBUTES
        elif change.action is Action.UPDATE:
            remade[address] = kind.renews(frozenset(each.property for each in change.differences))
        refused += _refusals(kind, change, desired, world)
        changes.append(change)
        if change.action is Action.CREATE:
            missing += _missing_secrets(desired)
    if missing:
        raise MissingSecrets(tuple(dict.fromkeys(missing)))
    if refused:
        raise PreflightError(
            "this change cannot be made to what is there",
            evidence="\n".join(refused),
            safe="nothing was created, changed or deleted",
            next_step="take the change back; or give the file another `name:` for a deployment beside this one",
        )
    if problems:
        raise PreflightError(
            "a name is taken by something that is not this deployment's",
            evidence="\n".join(problems),
            safe="nothing was created or changed",
            next_step="choose another name in the blueprint (names:), or remove the other one yourself",
        )
    for extra in world.surplus:
        if owned(kinds[extra.address.split(".")[0]], extra, deployment):
            changes.append(_surplus_delete(extra, kinds, extra.address in graph.resources))
    seconds, path = critical_path(graph, changes)
    monthly, not_priced = _price(graph, kinds, desired_by_address)
    return Plan(
        deployment,
        tuple(changes),
        _digest(blueprint_digest, desired_by_address, world),
        seconds,
        path,
        monthly,
        not_priced,
        world.live,
        world.surplus,
    )


def _check_rules(graph: Graph, kinds: Kinds, supply: Supply) -> None:
    def nothing_known(ref: Ref) -> Any:
        return UNKNOWN

    broken = [
        f"{address}: {problem}"
        for address, resource in graph.resources.items()
        for problem in kinds[resource.kind].problems(resolve(resource.properties, nothing_known, supply))
    ]
    if broken:
        raise UsageError(
            "AWS would refuse this blueprint",
            evidence="\n".join(broken),
            safe="nothing was called",
            next_step="correct the blueprint, then: pilotage validate FILE",
        )


def _conclude(
    resource: Resource, kind: Kind, desired: Mapping[str, Any], world: World, deployment: str, problems: list[str]
) -> Change:
    address = resource.address
    live = world.live.get(address)
    if isinstance(kind, FoundKind):
        reason = "" if live or has_unknown(desired) else kind.missing(desired)
        return Change(address, Action.NO_OP, reason, seconds=0.0 if live else kind.create_seconds(desired))
    if live is None:
        seconds = kind.create_seconds(desired)
        if kind.renewed_beside and any(owned(kind, o, deployment) for o in world.surplus if o.address == address):
            return Change(address, Action.REPLACE, "a new one is made before the old one goes", seconds=seconds)
        return Change(address, Action.CREATE, "not there yet", seconds=seconds)
    if not owned(kind, live, deployment) and not (kind.accepts_equal and not differences(kind, desired, live)):
        whose = f"belongs to {live.owner}" if live.owner else "has no pilotage tag"
        problems.append(f"{address}: {kind.title} {live.id} exists and {whose}")
    found = differences(kind, desired, live)
    if not found:
        waits = kind.is_on_its_way(live)
        seconds = kind.create_seconds(desired) if waits else 0.0
        reason = "still on its way" if waits else "as it should be"
        return Change(address, Action.NO_OP, reason, seconds=seconds, id=live.id)
    names = ", ".join(difference.property for difference in found)
    if any(difference.property in kind.immutable for difference in found):
        fixed = ", ".join(d.property for d in found if d.property in kind.immutable)
        risk = _loss(kind) or "it is gone for a while"
        seconds = kind.delete_seconds(desired) + kind.create_seconds(desired)
        return Change(address, Action.REPLACE, f"AWS cannot change {fixed}", found, risk, seconds, live.id)
    action = Action.ADOPT if live.owner != deployment and not live.owner else Action.UPDATE
    return Change(address, action, f"{names} differs", found, "", kind.update_seconds(desired), live.id)


def _missing_secrets(desired: Mapping[str, Any]) -> list[str]:
    return [value.name for value in desired.values() if isinstance(value, SecretInput) and value.generate is None]


def _surplus_delete(live: Live, kinds: Kinds, doubled: bool) -> Change:
    kind = kinds[live.address.split(".")[0]]
    reason = "a second one with the same address" if doubled else "no longer in the blueprint"
    seconds = kind.delete_seconds(live.properties)
    return Change(live.address, Action.DELETE, reason, risk=_loss(kind), seconds=seconds, id=live.id)


def _loss(kind: Kind) -> str:
    return "its data would be lost" if kind.data else kind.lost_with_it


def _refusals(kind: Kind, change: Change, desired: Mapping[str, Any], world: World) -> list[str]:
    live = world.live.get(change.address)
    if live is None or change.action in (Action.CREATE, Action.NO_OP):
        return []
    why = kind.refusal(live, desired)
    return [f"{change.address}: {why}"] if why else []


def critical_path(graph: Graph, changes: list[Change]) -> tuple[float, tuple[str, ...]]:
    """The longest chain of expected seconds through the graph, and the addresses on it."""
    seconds = {change.address: change.seconds for change in changes if change.action is not Action.DELETE}
    ends: dict[str, float] = {}
    before: dict[str, str] = {}
    for address in graph.order():
        dependencies = sorted(graph.dependencies(address), key=lambda a: (-ends.get(a, 0.0), a))
        start = ends.get(dependencies[0], 0.0) if dependencies else 0.0
        if dependencies:
            before[address] = dependencies[0]
        ends[address] = start + seconds.get(address, 0.0)
    deletes = max((change.seconds for change in changes if change.action is Action.DELETE), default=0.0)
    if not ends:
        return deletes, ()
    last = max(sorted(ends), key=lambda address: ends[address])
    path = [last]
    while path[-1] in before:
        path.append(before[path[-1]])
    steps = tuple(address for address in reversed(path) if seconds.get(address))
    return ends[last] + deletes, steps


def _price(graph: Graph, kinds: Kinds, desired: Mapping[str, Any]) -> tuple[float, tuple[str, ...]]:
    total, unknown = 0.0, []
    for address, resource in graph.resources.items():
        price = kinds[resource.kind].monthly_usd(desired[address])
        if price is None:
            unknown.append(address)
        else:
            total += price
    return round(total, 2), tuple(sorted(unknown))


def _digest(blueprint_digest: str, desired: Mapping[str, Any], world: World) -> str:
    everything = [
        blueprint_digest,
        {address: _comparable(properties) for address, properties in desired.items()},
        sorted([live.address, live.id, _comparable(live.properties)] for live in world.live.values()),
        sorted([live.address, live.id] for live in world.surplus),
    ]
    return hashlib.sha256(json.dumps(everything, sort_keys=True, default=str).encode()).hexdigest()


def _comparable(value: Any) -> Any:
    """As `shown`, but two different secrets stay different."""
    if isinstance(value, Sensitive):
        return hashlib.sha256(value.fingerprint.encode()).hexdigest()
    if isinstance(value, Mapping):
        return {str(key): _comparable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_comparable(item) for item in value]
    return shown(value)
