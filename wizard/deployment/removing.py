"""One run that takes a deployment down, in order, and proves what is left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from wizard.deployment.opening import Deployment
from wizard.deployment.replaying import Result
from wizard.deployment.running import Buffer, announce, opened_run
from wizard.deployment.verdicts import graded, raise_defect, verdict_of
from wizard.engine.apply import remove_all
from wizard.engine.events import EventStream, EventType
from wizard.engine.kind import Identity, Live
from wizard.engine.world import owned, read_world
from wizard.errors import ExitCode, Interrupted

LOGBOOK_REASON = "Pilotage's own logbook: history and locks, no secrets"


def destroy(
    deployment: Deployment,
    events: EventStream,
    confirm: Callable[[Mapping[str, Live]], bool],
    stopping: threading.Event,
    *,
    may_delete_data: bool = False,
) -> Result:
    """Delete everything that carries the deployment's tag; data only when that is said apart."""
    started = time.monotonic()
    buffer = Buffer(events)
    announce(deployment, events, "destroy")
    lives = living(deployment)
    events.publish(
        EventType.CHANGE_SUMMARY,
        message=f"{len(lives)} to delete",
        detail={"counts": {"delete": len(lives)}, "addresses": sorted(live.address for live in lives.values())},
    )
    if not lives:
        return Result("no_changes", ExitCode.OK, events.run, time.monotonic() - started, {"delete": 0})
    if not confirm(lives):
        raise Interrupted("not confirmed", safe="nothing was deleted")
    with opened_run(deployment, events, buffer, "destroy", stopping, may_delete_data) as run:
        outcome, kept = remove_all(run.site, lives)
        errors = graded(outcome)
        stays = {lives[key].address: reason for key, reason in kept.items()}
        for key in outcome.done:
            live = lives[key]
            reason = deployment.kinds[live.address.split(".")[0]].leaves_behind
            if reason:
                stays[live.address] = reason
        stays[f"s3://{deployment.connection.logbook().bucket}"] = LOGBOOK_REASON
        verdict, code = verdict_of(outcome, errors)
        counts = {"delete": len(outcome.done)}
        run.record({"verdict": verdict, "exit_code": int(code), "counts": counts, "kept": stays})
    raise_defect(errors)
    return Result(verdict, code, events.run, time.monotonic() - started, counts, {}, errors, stays)


def living(deployment: Deployment) -> dict[str, Live]:
    """Everything that exists of a deployment, by task key: what its blueprint names and what only the tags know."""
    kinds = deployment.kinds
    world = read_world(deployment.graph, kinds, deployment.reading_context(), deployment.secrets)
    ours = {}
    for live in (*world.live.values(), *world.surplus):
        kind = kinds[live.address.split(".")[0]]
        if kind.identity is not Identity.FOUND and owned(kind, live, deployment.name):
            ours[f"delete {live.address} {live.id}"] = live
    return ours
