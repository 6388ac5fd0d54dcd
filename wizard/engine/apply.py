"""Carry out a plan, or remove a deployment: tasks for the ready queue, and the events that tell of them.

A plan's tasks come in four bands. What must be replaced is deleted first, users before what they use. Then every
resource that changes converges, after what it refers to. What others needed of an old value is handed over next
(`handover`). What is no longer wanted goes last, once all that is wanted stands: a failed change never costs the old
thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from wizard.engine.events import EventType
from wizard.engine.graph import Graph, Resource
from wizard.engine.handover import Ended, finishing, is_handed_over, meanwhile
from wizard.engine.kind import FoundKind, Kind, Live, Status
from wizard.engine.plan import Action, Change, Plan
from wizard.engine.runner import Outcome, Task, Watcher, run
from wizard.engine.site import Site
from wizard.engine.step import Step, converge, find, remove, report_status
from wizard.engine.values import insist_on_known, resolve
from wizard.engine.world import attributes_of
from wizard.errors import AwsError, PilotageError, PreflightError

Kinds = Mapping[str, Kind]


def apply_plan(graph: Graph, plan: Plan, site: Site) -> tuple[Outcome, dict[str, Live]]:
    """Make the plan so. Returns what became of the tasks, and every live resource of the graph by address."""
    if not site.may_delete_data:
        refuse_unasked_loss(plan, site.kinds)
    known = dict(plan.live)
    tasks: dict[str, Task] = {}
    actions: dict[str, str] = {}
    replaced = [c.address for c in plan.changes if c.action is Action.REPLACE and c.address in plan.live]
    for address in replaced:
        key = f"delete {address}"
        holders = {f"delete {other}" for other in replaced if address in graph.dependencies(other)}
        tasks[key] = _removal(site, key, plan.live[address], frozenset(holders))
        actions[key] = Action.DELETE
    for change in plan.changes:
        if change.action is Action.DELETE or is_settled(change, plan, site.kinds):
            continue
        resource = graph.resources[change.address]
        after = graph.dependencies(change.address) | ({f"delete {change.address}"} & tasks.keys())
        kept = plan.live.get(change.address) if is_handed_over(change, site.kinds[change.kind]) else None
        tasks[change.address] = _convergence(site, resource, known, frozenset(after), kept)
        actions[change.address] = change.action
    ended = Ended(frozenset(tasks))
    for change in plan.changes:
        if is_handed_over(change, site.kinds[change.kind]):
            desired = _desired(site, graph.resources[change.address], known)
            task = finishing(site, change.address, desired, ended)
            tasks[task.key] = task
    tasks = _longest_first(graph, plan, tasks)
    wanted = frozenset(tasks)
    surplus = {f"delete {live.address} {live.id}": live for live in plan.surplus if _is_delete(live, plan)}
    for key, live in surplus.items():
        tasks[key] = _removal(site, key, live, wanted | _users(site.kinds, key, surplus), known)
        actions[key] = Action.DELETE
    teller = ended.listening(_teller(site, actions))
    return run(tasks, site.context.clock, teller, site.stopping.is_set), known


def remove_all(site: Site, lives: Mapping[str, Live]) -> tuple[Outcome, dict[str, str]]:
    """Delete the given resources, users first. Returns the outcome, and what is kept with the reason, by key.

    Data is kept unless the site may delete it, and with it whatever it stands on.
    """
    kept: dict[str, str] = {}
    if not site.may_delete_data:
        for key, live in lives.items():
            if site.kinds[_kind_of(live)].data:
                kept[key] = "holds data; add --yes-delete-data to delete it"
        held = {kind: live.address for key, live in lives.items() if key in kept for kind in _stands_on(site, live)}
        for key, live in lives.items():
            if key not in kept and _kind_of(live) in held:
                kept[key] = f"{held[_kind_of(live)]} stands on it"
    going = {key: live for key, live in lives.items() if key not in kept}
    tasks = {key: _removal(site, key, live, _users(site.kinds, key, going)) for key, live in going.items()}
    for key, reason in kept.items():
        site.events.publish(EventType.APPLY_SKIPPED, address=lives[key].address, action="delete", message=reason)
    actions = dict.fromkeys(tasks, str(Action.DELETE))
    return run(tasks, site.context.clock, _teller(site, actions), site.stopping.is_set), kept


def refuse_unasked_loss(plan: Plan, kinds: Kinds) -> None:
    """Raise `PreflightError` when the plan would delete data; to be asked unless somebody said that it may."""
    lost = [
        f"{change.address}: {change.action} ({change.reason})"
        for change in plan.changes
        if change.action in (Action.DELETE, Action.REPLACE) and kinds[change.kind].data
    ]
    if lost:
        raise PreflightError(
            "this would delete data",
            evidence="\n".join(lost),
            safe="nothing was created, changed or deleted",
            next_step="keep it in the blueprint, or add --yes-delete-data to delete it",
        )


def _kind_of(live: Live) -> str:
    return live.address.split(".", 1)[0]


def _stands_on(site: Site, live: Live) -> set[str]:
    found: set[str] = set()
    waiting = [_kind_of(live)]
    while waiting:
        for kind in site.kinds[waiting.pop()].uses - found:
            found.add(kind)
            waiting.append(kind)
    return found


def is_settled(change: Change, plan: Plan, kinds: Kinds) -> bool:
    """Whether there is nothing to do for a resource, not even to wait."""
    live = plan.live.get(change.address)
    return change.action is Action.NO_OP and live is not None and not kinds[change.kind].is_on_its_way(live)


def _is_delete(live: Live, plan: Plan) -> bool:
    return any(
        change.action is Action.DELETE and change.address == live.address and change.id == live.id
        for change in plan.changes
    )


def _users(kinds: Kinds, key: str, lives: Mapping[str, Live]) -> frozenset[str]:
    """The deletes that must come before this one: of everything whose kind uses this kind."""
    mine = _kind_of(lives[key])
    return frozenset(other for other, live in lives.items() if mine in kinds[_kind_of(live)].uses and other != key)


def _longest_first(graph: Graph, plan: Plan, tasks: Mapping[str, Task]) -> dict[str, Task]:
    """The same tasks, each knowing how long the chain is that waits for it."""
    seconds = {change.address: change.seconds for change in plan.changes if change.action is not Action.DELETE}
    ahead: dict[str, float] = dict.fromkeys(graph.resources, 0.0)
    for address in reversed(graph.order()):
        ahead[address] += seconds.get(address, 0.0)
        for parent in graph.dependencies(address):
            ahead[parent] = max(ahead[parent], ahead[address])
    return {key: replace(task, ahead=ahead.get(key, 0.0)) for key, task in tasks.items()}


def _desired(site: Site, resource: Resource, known: Mapping[str, Live]) -> Callable[[], Mapping[str, Any]]:
    """The resource's properties once all that they refer to is known."""

    def desired() -> Mapping[str, Any]:
        found: Mapping[str, Any] = resolve(resource.properties, attributes_of(known), site.supply)
        insist_on_known(resource.address, found)
        return found

    return desired


def _convergence(
    site: Site, resource: Resource, known: dict[str, Live], after: frozenset[str], kept: Live | None
) -> Task:
    """`kept` is the live resource whose old values others still need."""
    kind = site.kinds[resource.kind]
    wanted = _desired(site, resource, known)

    def steps() -> Step:
        desired = wanted()
        if isinstance(kind, FoundKind):
            live = yield from find(site, resource.address, kind, desired)
        else:
            first = meanwhile(kind, kept, desired) if kept else desired
            live = yield from converge(site, resource.address, kind, first)
        if live is not None:
            known[resource.address] = live
        return live

    return Task(resource.address, after, steps)


def _removal(site: Site, key: str, live: Live, after: frozenset[str], known: Mapping[str, Live] | None = None) -> Task:
    """`known` is what stands by then: two certificates of one host share a validation record, which then stays."""

    def steps() -> Step:
        standing = (known or {}).get(live.address)
        if standing is None or standing.id != live.id:
            yield from remove(site, site.kinds[_kind_of(live)], live)
        return None

    return Task(key, after, steps)


def _teller(site: Site, actions: Mapping[str, str]) -> Watcher:
    """Turns what happens to tasks into events. A waiting step is told of when its sentence changes."""
    last_told: dict[str, str] = {}
    named: set[str] = set()

    def address(key: str) -> str:
        return key.split(" ")[1] if key.startswith("delete ") else key

    def started(key: str) -> None:
        site.events.publish(EventType.APPLY_START, address=address(key), action=actions[key])

    def waiting(key: str, status: Status | None, elapsed: float) -> None:
        if status is None:
            return
        told = f"{status.sentence} {status.detail}"
        if last_told.get(key) != told:
            last_told[key] = told
            report_status(site, address(key), actions[key], status, elapsed)
        cause = status.detail.get("diagnosis")
        if isinstance(cause, Mapping) and cause.get("under_way") and key not in named:
            # It will fail as often as AWS tries: a person hears it now, not after the last try.
            named.add(key)
            message = f"{cause['sentence']}; trying again will not help. To stop it: {cause['stop']}"
            site.events.publish(EventType.DIAGNOSIS, address=address(key), message=message, detail=cause)

    def finished(key: str, live: Live | None, elapsed: float) -> None:
        site.events.publish(
            EventType.APPLY_COMPLETE,
            address=address(key),
            action=actions[key],
            id=live.id if live else "",
            elapsed_s=elapsed,
        )

    def failed(key: str, error: BaseException, elapsed: float) -> None:
        site.events.publish(
            EventType.APPLY_ERRORED,
            address=address(key),
            action=actions[key],
            message=error.summary if isinstance(error, PilotageError) else "a defect in Pilotage",
            elapsed_s=elapsed,
            detail=told_error(error),
        )
        if isinstance(error, PilotageError) and error.diagnosis:
            cause = str(error.diagnosis.get("sentence", ""))
            site.events.publish(EventType.DIAGNOSIS, address=address(key), message=cause, detail=error.diagnosis)

    def skipped(key: str, cause: str) -> None:
        site.events.publish(
            EventType.APPLY_SKIPPED,
            address=address(key),
            action=actions[key],
            message=f"needs {address(cause)}, which failed",
            detail={"cause": address(cause)},
        )

    return Watcher(started, waiting, finished, failed, skipped)


def told_error(error: BaseException) -> dict[str, str]:
    """The four parts of an error for an event."""
    if not isinstance(error, PilotageError):
        return {"what": f"{type(error).__name__}", "why": "a defect in Pilotage; its log has the details"}
    parts = {"what": error.summary, "why": error.evidence, "safe": error.safe, "next": error.next_step}
    if isinstance(error, AwsError):
        parts |= {"code": error.code, "operation": error.operation}
    return {name: part for name, part in parts.items() if part}
