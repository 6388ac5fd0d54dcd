"""The status of a service: the truth about its rollout, in the engine's words."""

from __future__ import annotations

from typing import Any

from wizard.engine.kind import Calls, Live, Properties, State, Status
from wizard.errors import ExitCode
from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.symptoms import symptoms_of
from wizard.release.last_words import IAM_ACTIONS as LOG_ACTIONS
from wizard.release.last_words import last_lines
from wizard.release.observation import IAM_ACTIONS as ROLLOUT_ACTIONS
from wizard.release.observation import observe
from wizard.release.rollout import Rollout, Verdict

STATUS_ACTIONS = tuple(action for action in (*ROLLOUT_ACTIONS, *LOG_ACTIONS) if action != "ecs:DescribeServices")
STATES = {
    Verdict.IN_PROGRESS: State.PENDING,
    Verdict.ROLLING_BACK: State.PENDING,
    Verdict.SUCCESSFUL: State.READY,
}
"""Every other verdict is a failure."""


def status_of(aws: Calls, live: Live, properties: Properties) -> Status:
    """How the rollout of the wanted task definition stands.

    A failure carries ROLLED_BACK when an older version is serving again, NEEDS_PERSON when none is, and the diagnosis.
    """
    cluster = live.properties["cluster"]
    rollout = observe(aws, cluster, live.attributes["name"], properties.get("task_definition") or "")
    detail = rollout_detail(rollout)
    state = STATES.get(rollout.verdict, State.FAILED)
    if state is State.READY:
        return Status(state, rollout.sentence, detail)
    if state is State.PENDING and not (rollout.failure or rollout.troubles):
        return Status(state, rollout.sentence, detail)
    lines: tuple[str, ...] = ()
    failure = rollout.failure
    if state is State.FAILED and failure and failure.exit_code is not None:
        lines = last_lines(aws, rollout.task_definition, failure.container, failure.task)
    found = diagnose(symptoms_of(rollout, cluster=cluster, log_lines=lines))
    detail |= {"diagnosis": found.as_detail(), **found.as_detail()}
    exit_code = ExitCode.ROLLED_BACK if rollout.verdict is Verdict.ROLLED_BACK else ExitCode.NEEDS_PERSON
    return Status(state, rollout.sentence, detail, exit_code)


def rollout_detail(rollout: Rollout) -> dict[str, Any]:
    """A rollout as plain data, for panes and events."""
    failure = rollout.failure
    return {
        "verdict": str(rollout.verdict),
        "status": rollout.status,
        "service": rollout.service,
        "service_deployment": rollout.service_deployment,
        "task_definition": rollout.task_definition,
        "serving": rollout.serving,
        "desired": rollout.desired,
        "running": rollout.running,
        "pending": rollout.pending,
        "failed": rollout.failed,
        "targets": dict(rollout.targets),
        "target_reasons": list(rollout.target_reasons),
        "reason": failure.reason if failure else rollout.reason,
        "exit_code": failure.exit_code if failure else None,
        "stopped_task": failure.task if failure else "",
    }
