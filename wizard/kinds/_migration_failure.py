"""Why a migration failed, in the engine's words: exit code, last lines of its log, and what serves meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Calls, Properties, State, Status
from wizard.errors import ExitCode
from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.symptoms import Symptoms
from wizard.release.failure import first_failure
from wizard.release.last_words import IAM_ACTIONS as LOG_ACTIONS
from wizard.release.last_words import last_lines

STATUS_ACTIONS = ("ecs:DescribeServices", *LOG_ACTIONS)


def failed(aws: Calls, task: Mapping[str, Any], properties: Properties) -> Status:
    """A failed status: ROLLED_BACK when an older version serves on, NEEDS_PERSON on a first deployment."""
    cluster, revision = properties["cluster"], properties["task_definition"]
    older = _older_serves(aws, cluster, properties.get("service") or "")
    failure = first_failure([task], revision, None)
    lines: tuple[str, ...] = ()
    if failure and failure.exit_code is not None:
        lines = last_lines(aws, revision, failure.container, failure.task)
    found = diagnose(
        Symptoms(
            reason=task.get("stoppedReason", ""),
            container=failure.container if failure else properties["container"],
            container_reason=failure.container_reason if failure else "",
            image=failure.image if failure else "",
            exit_code=failure.exit_code if failure else None,
            task=task["taskArn"].rpartition("/")[2],
            cluster=cluster,
            service=properties.get("service") or "",
            log_lines=lines,
            older_serving=older,
        )
    )
    told = found.as_detail()
    sentence = f"the migration failed: {found.sentence}; nothing of the new version was started"
    exit_code = ExitCode.ROLLED_BACK if older else ExitCode.NEEDS_PERSON
    return Status(State.FAILED, sentence, {"state": "STOPPED", "diagnosis": told, **told}, exit_code)


def _older_serves(aws: Calls, cluster: str, service: str) -> bool:
    """Whether the service that waits for this migration runs already, be it with no task wanted."""
    if not service:
        return False
    answer = aws.read("ecs", "describe_services", cluster=cluster, services=[service])
    return any(
        one["status"] == "ACTIVE" and (one.get("runningCount") or not one.get("desiredCount"))
        for one in answer["services"]
    )
