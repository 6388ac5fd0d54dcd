"""How one resource converges, and how one is removed.

A step is a generator. It runs on a worker thread until it has nothing to do but wait; then it yields a `Pause` and
gives the worker back. Read, compare, change, read again: whatever was interrupted, lost or half done before is seen
by the next read, so the same step serves a first run, a resumed one and a repair.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.engine.events import EventType
from wizard.engine.kind import FoundKind, Identity, Kind, Live, State, Status
from wizard.engine.patience import Deadline, Patience
from wizard.engine.site import Site
from wizard.engine.world import differences, owned
from wizard.errors import (
    AmbiguousAnswer,
    AwsError,
    NeedsPerson,
    PilotageError,
    PreflightError,
    RolledBack,
    TimeIsUp,
    WaitingOutside,
)

LOOK_AGAIN_SECONDS = 2.0


@dataclass(frozen=True)
class Pause:
    """Nothing to do for so many AWS seconds; `status` is what a person may be told meanwhile."""

    seconds: float
    status: Status | None = None


Step = Generator[Pause, None, Live | None]


def find(site: Site, address: str, kind: FoundKind, desired: Mapping[str, Any]) -> Step:
    """Wait for something that is not ours to be there; raises `WaitingOutside` when patience ends."""
    limit = kind.limit_seconds(desired)
    deadline = Deadline(site, limit, asks=8 if limit else 0)
    while True:
        over = deadline.is_over()
        live = site.look(kind, address, desired)
        if live is not None:
            return live
        if over:
            raise WaitingOutside(
                kind.missing(desired),
                evidence=f"{address} was looked for until now",
                safe="everything else that could be made is made and stays",
                next_step="run the same command again once it is there",
            )
        yield Pause(kind.poll_seconds, Status(State.PENDING, kind.missing(desired)))


def converge(site: Site, address: str, kind: Kind, desired: Mapping[str, Any]) -> Step:
    """Make one resource what it should be, and wait until it is ready."""
    generation = 1
    at_first = {name: value for name, value in desired.items() if name not in kind.set_when_ready}
    while True:
        live = yield from _until_equal(site, address, kind, at_first, generation)
        dead, waited = yield from _until_ready(site, kind, live, desired)
        if dead is None and kind.set_when_ready:
            return (yield from _until_equal(site, address, kind, desired, generation))
        if dead is None:
            # What was read before it was ready may lack what exists only now, such as an endpoint.
            stale = waited or kind.is_on_its_way(live)
            return site.look(kind, address, desired, live.id) or live if stale else live
        if generation > 1 or not dead.corpse:
            raise _failed(address, kind, live, dead)
        yield from remove(site, kind, live)
        generation += 1


def _until_equal(
    site: Site, address: str, kind: Kind, desired: Mapping[str, Any], generation: int
) -> Generator[Pause, None, Live]:
    patience = Patience(site, kind)
    doubt = _doubt_of_a_dead_run(site, address, kind)
    asked: Deadline | None = None
    asked_for: frozenset[str] = frozenset()
    while True:
        live = site.look(kind, address, desired)
        changed = _changed(kind, desired, live)
        if live is not None:
            _insist_on_ownership(site, address, kind, live, changed)
        if not changed and live is not None:
            if site.journal.unsettled(address):
                site.journal.settle(address, "adopted", live.id)
            return live
        if doubt and (live is None or kind.renewed_by_update) and not doubt.is_over():
            yield Pause(LOOK_AGAIN_SECONDS, Status(State.PENDING, "looking whether the last request was carried out"))
            continue
        if asked is not None and changed & asked_for:
            if asked.is_over():
                raise _did_not_take(address, kind, changed)
            yield Pause(LOOK_AGAIN_SECONDS, Status(State.PENDING, "AWS does not show the change yet"))
            continue
        try:
            _ask(site, address, kind, desired, live, changed, generation)
            asked, asked_for = Deadline(site, kind.lag_seconds), changed
        except AmbiguousAnswer:
            doubt = Deadline(site, kind.lag_seconds) if kind.identity is Identity.TAGGED else None
            yield Pause(LOOK_AGAIN_SECONDS, Status(State.PENDING, "the answer was lost; looking what AWS did"))
        except AwsError as error:
            verb = "update" if live else "create"
            site.journal.settle(address, "failed")
            if not patience.forgives(verb, error):
                raise
            yield Pause(LOOK_AGAIN_SECONDS, Status(State.PENDING, f"AWS is not ready for it yet ({error.code})"))


def _doubt_of_a_dead_run(site: Site, address: str, kind: Kind) -> Deadline | None:
    """How long what an earlier run asked for, whose outcome nobody knows, may still turn up in AWS."""
    intent = site.journal.unsettled(address)
    if intent is None or kind.identity is not Identity.TAGGED:
        return None
    clock = site.context.clock
    return Deadline(site, kind.lag_seconds - intent.age(clock.now()) * clock.scale)


def _changed(kind: Kind, desired: Mapping[str, Any], live: Live | None) -> frozenset[str]:
    if live is None:
        return frozenset({"existence"})
    return frozenset(difference.property for difference in differences(kind, desired, live))


def _ask(
    site: Site,
    address: str,
    kind: Kind,
    desired: Mapping[str, Any],
    live: Live | None,
    changed: frozenset[str],
    generation: int,
) -> None:
    if live is None:
        token = site.intend(address, "create", generation)
        made = kind.create(site.context, address, desired, token)
        site.journal.settle(address, "done", made)
        return
    fixed = changed & kind.immutable
    if fixed:
        raise NeedsPerson(
            f"{address} must be replaced: AWS cannot change {', '.join(sorted(fixed))}",
            evidence=f"{kind.title} {live.id} exists with other values",
            safe="it was left as it is",
            next_step="run the same command again to plan the replacement",
        )
    site.intend(address, "update", generation)
    kind.update(site.context, live, desired, changed)
    site.journal.settle(address, "done", live.id)


def _insist_on_ownership(site: Site, address: str, kind: Kind, live: Live, changed: frozenset[str]) -> None:
    if owned(kind, live, site.context.scope.deployment) or (kind.accepts_equal and not changed):
        return
    raise PreflightError(
        f"{kind.title} {live.id} is not this deployment's",
        evidence=f"its tag says {live.owner}" if live.owner else "it carries no pilotage tag",
        safe="it was not touched",
        next_step=f"choose another name for {address} in the blueprint (names:)",
    )


def _until_ready(
    site: Site, kind: Kind, live: Live, desired: Mapping[str, Any]
) -> Generator[Pause, None, tuple[Status | None, bool]]:
    """The failed status or None, and whether there was anything to wait for."""
    deadline = Deadline(site, kind.limit_seconds(desired))
    waited = False
    while True:
        over = deadline.is_over()
        status = kind.status(site.context, live, desired)
        if status.state is State.READY:
            return None, waited
        if status.state is State.FAILED:
            return status, waited
        if over:
            raise TimeIsUp(
                f"{live.address} is still not ready",
                evidence=status.sentence,
                safe="it goes on in AWS; nothing was stopped",
                next_step="run the same command again: it goes on waiting where this one stopped",
            )
        waited = True
        yield Pause(kind.poll_seconds, status)


def _failed(address: str, kind: Kind, live: Live, status: Status) -> PilotageError:
    family = RolledBack if status.exit_code == RolledBack.exit_code else NeedsPerson
    error = family(
        f"{address}: {status.sentence}",
        evidence=str(status.detail.get("evidence", "")) or f"{kind.title} {live.id}",
        safe=str(status.detail.get("safe", "")) or "what was made before it stays as it is",
        next_step=str(status.detail.get("command", "")) or "correct the cause, then run the same command again",
    )
    error.exit_code = status.exit_code
    error.diagnosis = status.detail.get("diagnosis")
    return error


def _did_not_take(address: str, kind: Kind, changed: frozenset[str]) -> NeedsPerson:
    return NeedsPerson(
        f"{address}: AWS accepted the change but does not show it ({', '.join(sorted(changed))})",
        evidence=f"looked for {kind.lag_seconds:.0f} seconds",
        safe="nothing was made twice",
        next_step="run the same command again; if it stays so, look at this resource in the AWS console",
    )


def remove(site: Site, kind: Kind, live: Live) -> Generator[Pause, None, None]:
    """Delete one resource and wait until it is gone."""
    patience = Patience(site, kind)
    deadline = Deadline(site, max(900.0, 4 * kind.delete_seconds(live.properties)))
    asked = False
    while True:
        found = site.look(kind, live.address, live.properties, live.id)
        if found is None or not owned(kind, found, site.context.scope.deployment):
            if site.journal.unsettled(live.address):
                site.journal.settle(live.address, "done", live.id)
            return
        if not asked:
            site.intend(live.address, "delete")
            try:
                kind.delete(site.context, found)
                asked = True
            except AmbiguousAnswer:
                asked = False
            except AwsError as error:
                site.journal.settle(live.address, "failed")
                if not patience.forgives("delete", error):
                    raise
                yield Pause(kind.poll_seconds, Status(State.PENDING, f"waiting: {error.message}"))
            continue
        if deadline.is_over():
            raise TimeIsUp(
                f"{live.address} is still being deleted",
                evidence=f"{kind.title} {live.id}",
                safe="AWS goes on deleting it",
                next_step="run the same command again",
            )
        yield Pause(min(kind.poll_seconds, 5.0), Status(State.PENDING, "being deleted"))


def report_status(site: Site, address: str, action: str, status: Status, elapsed: float) -> None:
    """Tell the stream how a waiting step is getting on."""
    type_ = EventType.ROLLOUT if "desired" in status.detail else EventType.APPLY_PROGRESS
    site.events.publish(
        type_, address=address, action=action, message=status.sentence, elapsed_s=elapsed, detail=status.detail
    )
