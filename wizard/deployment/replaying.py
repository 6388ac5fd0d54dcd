"""One run that makes a blueprint so: plan, lock, journal, apply, verdict."""

from __future__ import annotations

import getpass
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import getpid
from typing import Any

from wizard.aws.lock import DeploymentLock, Holder
from wizard.aws.logbook import Logbook
from wizard.aws.translate import denial, is_denied
from wizard.deployment.opening import DEPLOYMENT_RECORD, Deployment
from wizard.deployment.runs import Runs
from wizard.deployment.saved_plan import SavedPlan
from wizard.engine.apply import apply_plan, is_settled, refuse_unasked_loss, told_error
from wizard.engine.events import Event, EventStream, EventType
from wizard.engine.journal import Journal
from wizard.engine.kind import Live
from wizard.engine.plan import Action, Plan
from wizard.engine.runner import Outcome
from wizard.engine.step import Site
from wizard.engine.values import Sensitive, has_unknown, resolve, shown
from wizard.engine.world import attributes_of
from wizard.errors import AwsError, Defect, ExitCode, Held, Interrupted, PilotageError
from wizard.home import home

Confirm = Callable[[Plan], bool]

GRAVEST_FIRST = (
    ExitCode.DEFECT,
    ExitCode.CREDENTIALS,
    ExitCode.NEEDS_PERSON,
    ExitCode.PREFLIGHT,
    ExitCode.ROLLED_BACK,
    ExitCode.TIME_IS_UP,
    ExitCode.LOCKED,
    ExitCode.USAGE,
    ExitCode.WAITING,
)


@dataclass(frozen=True)
class Result:
    """How a run ended. `errors` in the order of gravity; `kept` is what stays, with the reason."""

    verdict: str
    exit_code: ExitCode
    run: str
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[PilotageError, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenRun:
    """A run that holds the lock and has its journal."""

    site: Site
    record: Callable[[dict[str, Any]], None]


def replay(
    deployment: Deployment,
    events: EventStream,
    confirm: Confirm,
    stopping: threading.Event,
    *,
    saved: SavedPlan | None = None,
    may_delete_data: bool = False,
) -> Result:
    """Plan and make it so. Raises `PilotageError` only before anything was changed; later failures are in the result.

    A plan without changes makes no mutating call at all, not even for a lock (CONTRACT §8).
    """
    started = time.monotonic()
    buffer = Buffer(events)
    announce(deployment, events, "replay")
    plan = deployment.plan()
    announce_plan(plan, events)
    if saved:
        saved.insist(plan)
    if not _has_work(plan, deployment):
        outputs = publish_outputs(deployment, plan.live, events)
        return Result("no_changes", ExitCode.OK, events.run, time.monotonic() - started, plan.counts(), outputs)
    refuse_held(plan)
    _refuse_loss(plan, deployment, may_delete_data)
    if not confirm(plan):
        raise Interrupted("not confirmed", safe="nothing was changed")
    with opened_run(deployment, events, buffer, "replay", stopping, may_delete_data) as run:
        outcome, known = apply_plan(deployment.graph, plan, run.site)
        errors = graded(outcome)
        outputs = publish_outputs(deployment, known, events) if not errors else {}
        verdict, code = verdict_of(outcome, errors)
        counts = done_counts(plan, outcome)
        run.record({"verdict": verdict, "exit_code": int(code), "counts": counts, "outputs": outputs})
    raise_defect(errors)
    return Result(verdict, code, events.run, time.monotonic() - started, counts, outputs, errors)


def done_counts(plan: Plan, outcome: Outcome) -> dict[str, int]:
    """How many changes of each action were carried out; what needed nothing is in `no-op`."""
    counts = {str(action): 0 for action in Action}
    for change in plan.changes:
        key = f"delete {change.address} {change.id}" if change.action is Action.DELETE else change.address
        if change.action is Action.NO_OP or key in outcome.done:
            counts[str(change.action)] += 1
    return counts


def raise_defect(errors: tuple[PilotageError, ...]) -> None:
    """A mistake of ours is recorded like any failure, and then raised for the log."""
    for error in errors:
        if isinstance(error, Defect) and error.__cause__:
            raise error.__cause__


class Buffer:
    """Keeps the events before there is a journal, then hands them on."""

    def __init__(self, events: EventStream) -> None:
        self._kept: list[Event] = []
        self._sink: Callable[[Event], None] = self._kept.append
        events.subscribe(lambda event: self._sink(event))

    def pour_into(self, journal: Journal) -> None:
        """From now on every event goes to the journal."""
        for event in self._kept:
            journal.record(event)
        self._kept.clear()
        self._sink = journal.record

    def stop(self) -> None:
        """Keep nothing more."""
        self._sink = lambda event: None


def announce(deployment: Deployment, events: EventStream, command: str) -> None:
    """The first event of a run: who, where, what."""
    identity = deployment.connection.identity
    events.publish(
        EventType.RUN_START,
        message=f"{command} {deployment.name} in {identity.place}",
        detail={
            "command": command,
            "deployment": deployment.name,
            "account": identity.account,
            "region": identity.region,
            "sandbox": identity.sandbox,
            "caller": identity.arn,
            "blueprint": deployment.digest[:12],
        },
    )


def announce_plan(plan: Plan, events: EventStream) -> None:
    """Each change, the drift among them, and the sum."""
    for change in plan.needed:
        detail: dict[str, Any] = {"reason": change.reason, "expected_s": round(change.seconds)}
        if change.risk:
            detail["risk"] = change.risk
        if change.differences:
            detail["differences"] = {d.property: [shown(d.before), shown(d.after)] for d in change.differences}
        kind = EventType.RESOURCE_DRIFT if change.action is Action.UPDATE else EventType.PLANNED_CHANGE
        if kind is EventType.RESOURCE_DRIFT:
            events.publish(kind, address=change.address, message=change.reason, id=change.id, detail=detail)
        events.publish(
            EventType.PLANNED_CHANGE,
            address=change.address,
            action=str(change.action),
            message=change.reason,
            id=change.id,
            detail=detail,
        )
    summary: dict[str, Any] = {
        "counts": plan.counts(),
        "expected_s": round(plan.seconds),
        "critical_path": list(plan.critical_path),
        "monthly_usd": plan.monthly_usd,
        "not_priced": list(plan.not_priced),
    }
    events.publish(EventType.CHANGE_SUMMARY, message=in_words(plan), detail=summary)


def in_words(plan: Plan) -> str:
    """The sum of a plan in one line."""
    counts = plan.counts()
    made, changed = counts["create"], counts["update"] + counts["replace"] + counts["adopt"]
    return f"{made} to create, {changed} to change, {counts['delete']} to delete"


def _has_work(plan: Plan, deployment: Deployment) -> bool:
    return bool(plan.needed) or not all(is_settled(change, plan, deployment.kinds) for change in plan.changes)


def refuse_held(plan: Plan) -> None:
    """Raise `Held` when the plan would move a service that a person holds (CONTRACT §8)."""
    for change in plan.needed:
        name = change.address.removeprefix("service.").removeprefix("task_definition.")
        service = plan.live.get(f"service.{name}")
        hold = service.attributes.get("hold") if service and change.kind in ("service", "task_definition") else None
        if hold:
            raise Held(
                f"service {name} is held",
                evidence=f"held by {hold}",
                safe="nothing was changed",
                next_step=f"pilotage release {plan.deployment}/{name}   when it may move again",
            )


def _refuse_loss(plan: Plan, deployment: Deployment, may_delete_data: bool) -> None:
    if not may_delete_data:
        refuse_unasked_loss(plan, deployment.kinds)


@contextmanager
def opened_run(
    deployment: Deployment,
    events: EventStream,
    buffer: Buffer,
    command: str,
    stopping: threading.Event,
    may_delete_data: bool,
) -> Iterator[OpenRun]:
    """Lock, folder, journal and logbook entry of a run, given back in the end whatever happens."""
    connection = deployment.connection
    clock, logbook = connection.clock, connection.logbook()
    runs = Runs(home())
    folder = runs.root / events.run
    now = clock.now().isoformat(timespec="seconds")
    who = connection.identity.arn.split(":")[-1]
    holder = Holder(events.run, who, platform.node(), getpid(), now, command)
    logbook.open()
    lock = DeploymentLock(logbook, home() / "locks", deployment.name, holder, clock, stopping.set)
    lock.acquire()
    try:
        intents = runs.open_intents(deployment.name, connection.identity.account)
        run_folder = runs.folder(events.run)
        run_folder.write_request(
            {
                "command": command,
                "deployment": deployment.name,
                "account": connection.identity.account,
                "may_delete_data": may_delete_data,
                **deployment.record(),
            }
        )
        journal = Journal(folder / "journal.jsonl", intents)
        buffer.pour_into(journal)
        entry = _entry(deployment, events.run, who, now, command)
        _write_entry(logbook, deployment, entry)
        logbook.put(deployment.name, DEPLOYMENT_RECORD, deployment.record())
        site = Site(
            deployment.context(events.run),
            deployment.kinds,
            journal,
            events,
            deployment.secrets,
            stopping,
            may_delete_data,
        )

        def record(ending: dict[str, Any]) -> None:
            ended = {"ended_at": clock.now().isoformat(timespec="seconds"), **ending}
            _write_entry(logbook, deployment, entry | ended)
            events.publish(
                EventType.RUN_COMPLETE,
                message=ending["verdict"],
                verdict=ending["verdict"],
                exit_code=ending["exit_code"],
                detail={name: ending[name] for name in ("counts", "kept") if name in ending},
            )

        try:
            yield OpenRun(site, record)
        finally:
            buffer.stop()
            journal.close()
    finally:
        lock.release()


def _entry(deployment: Deployment, run: str, who: str, at: str, command: str) -> dict[str, Any]:
    return {
        "run": run,
        "deployment": deployment.name,
        "command": command,
        "who": who or getpass.getuser(),
        "host": platform.node(),
        "started_at": at,
        "verdict": "running",
        "tag": deployment.request.tag,
        "blueprint": deployment.digest[:12],
    }


def _write_entry(logbook: Logbook, deployment: Deployment, entry: dict[str, Any]) -> None:
    logbook.put(deployment.name, f"runs/{entry['run']}.json", entry)


def publish_outputs(deployment: Deployment, live: Mapping[str, Live], events: EventStream) -> dict[str, Any]:
    """The outputs that are known, as an event and as plain data; never a secret's value."""
    outputs = outputs_of(deployment, live)
    events.publish(EventType.OUTPUTS, detail=outputs)
    return outputs


def outputs_of(deployment: Deployment, live: Mapping[str, Live]) -> dict[str, Any]:
    """URLs, ARNs and notes by name."""
    resolved = resolve(deployment.graph.outputs, attributes_of(live), lambda wanted: None)
    return {
        name: value for name, value in resolved.items() if not isinstance(value, Sensitive) and not has_unknown(value)
    }


def graded(outcome: Outcome) -> tuple[PilotageError, ...]:
    """Every error of a run once, the gravest first; a denial names its resource, a defect stays a defect."""
    found: list[PilotageError] = []
    for key, error in outcome.errors.items():
        if isinstance(error, AwsError) and is_denied(error):
            found.append(denial(error, key))
        elif isinstance(error, PilotageError):
            if isinstance(error, AwsError):
                error.summary = f"{key}: {error.summary}"
                error.safe = error.safe or "what was made is recorded; nothing is lost"
                error.next_step = error.next_step or "correct the cause, then run the same command again"
            found.append(error)
        else:
            defect = Defect(f"a defect in Pilotage at {key}", evidence=type(error).__name__)
            defect.__cause__ = error
            found.append(defect)
    return tuple(sorted(found, key=lambda error: GRAVEST_FIRST.index(error.exit_code)))


def verdict_of(outcome: Outcome, errors: tuple[PilotageError, ...]) -> tuple[str, ExitCode]:
    """The one word and number for a run."""
    if errors:
        return errors[0].verdict, errors[0].exit_code
    if outcome.unfinished:
        return "interrupted", ExitCode.INTERRUPTED
    return "ok", ExitCode.OK


def error_detail(error: PilotageError) -> dict[str, str]:
    """The four parts of an error for a `diagnostic` event."""
    return told_error(error)
