"""One run that makes a blueprint so: plan, lock, journal, apply, verdict."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.deployment.opening import Deployment
from wizard.deployment.outcomes import note_outcomes
from wizard.deployment.running import Buffer, announce, opened_run
from wizard.deployment.saved_plan import SavedPlan
from wizard.deployment.verdicts import graded, raise_defect, verdict_of
from wizard.engine.apply import apply_plan, is_settled, refuse_unasked_loss
from wizard.engine.events import EventStream, EventType
from wizard.engine.kind import Live
from wizard.engine.plan import Action, Plan
from wizard.engine.runner import Outcome
from wizard.engine.values import Sensitive, has_unknown, resolve, shown
from wizard.engine.world import attributes_of
from wizard.errors import ExitCode, Held, Interrupted, PilotageError
from wizard.release.hold import Hold

Confirm = Callable[[Plan], bool]
HELD_KINDS = ("service", "express_service", "app_runner_service")
"""The kinds that a person can hold."""


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
        note_outcomes(deployment, run.site.context, plan, outcome, known)
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
        name = change.address.partition(".")[2]
        kind = "service" if change.kind == "task_definition" else change.kind
        service = plan.live.get(f"{kind}.{name}") if kind in HELD_KINDS else None
        hold = service.attributes.get("hold") if service else None
        if hold:
            raise Held(
                f"service {name} is held",
                evidence=Hold(**hold).words(),
                safe="nothing was changed",
                next_step=f"pilotage release {plan.deployment}/{name}   when it may move again",
            )


def _refuse_loss(plan: Plan, deployment: Deployment, may_delete_data: bool) -> None:
    if not may_delete_data:
        refuse_unasked_loss(plan, deployment.kinds)


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
