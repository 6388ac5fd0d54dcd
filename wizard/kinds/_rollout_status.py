"""The status of a service: the truth about its rollout, in the engine's words."""

from __future__ import annotations

from typing import Any

from wizard.engine.kind import Calls, Live, Properties, State, Status
from wizard.errors import ExitCode
from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.rule import Diagnosis
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
    While it is under way, a cause that trying again cannot remove comes with the command that stops it.
    """
    cluster = live.properties["cluster"]
    rollout = observe(aws, cluster, live.attributes["name"], properties.get("task_definition") or "")
    detail = rollout_detail(rollout)
    state = STATES.get(rollout.verdict, State.FAILED)
    if rollout.verdict is Verdict.SCALED_TO_ZERO and properties.get("count", properties.get("start_count")) == 0:
        state = State.READY
    if state is State.READY:
        return Status(state, rollout.sentence, detail)
    if state is State.PENDING and not (rollout.failure or rollout.troubles):
        return Status(state, rollout.sentence, detail)
    found = _diagnosis(aws, rollout, cluster)
    told = found.as_detail()
    if state is State.PENDING and found.final:
        told |= {"under_way": True, "stop": found.rollback}
    detail |= {"diagnosis": told, **told}
    exit_code = ExitCode.ROLLED_BACK if rollout.verdict is Verdict.ROLLED_BACK else ExitCode.NEEDS_PERSON
    return Status(state, rollout.sentence, detail, exit_code)


def _diagnosis(aws: Calls, rollout: Rollout, cluster: str) -> Diagnosis:
    """The cause; what the container wrote is read only when AWS's own words do not settle it."""
    found = diagnose(symptoms_of(rollout, cluster=cluster))
    failure = rollout.failure
    if found.final or failure is None or failure.code == "TaskFailedToStart":
        return found
    lines = last_lines(aws, rollout.task_definition, failure.container, failure.task)
    return diagnose(symptoms_of(rollout, cluster=cluster, log_lines=lines))


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
        "certainty": str(rollout.certainty),
        "desired": rollout.desired,
        "running": rollout.running,
        "pending": rollout.pending,
        "failed": rollout.failed,
        "stage": rollout.shift.stage if rollout.shift else "",
        "requests_percent": rollout.shift.percent if rollout.shift else None,
        "targets": dict(rollout.targets),
        "target_reasons": list(rollout.target_reasons),
        "reason": failure.reason if failure else rollout.reason,
        "exit_code": failure.exit_code if failure else None,
        "stopped_task": failure.task if failure else "",
    }
