"""The truth about a service on App Runner, concluded from its last operation: App Runner itself says how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wizard.engine.kind import Calls
from wizard.release.rollout import Rollout, Verdict

BUSY = "OPERATION_IN_PROGRESS"
WORDS = {
    "CREATE_SERVICE": "the creation",
    "UPDATE_SERVICE": "the update",
    "START_DEPLOYMENT": "the deployment",
    "PAUSE_SERVICE": "the pause",
    "RESUME_SERVICE": "the resumption",
    "DELETE_SERVICE": "the deletion",
}
VERDICTS = {
    "PENDING": Verdict.IN_PROGRESS,
    "IN_PROGRESS": Verdict.IN_PROGRESS,
    "ROLLBACK_IN_PROGRESS": Verdict.ROLLING_BACK,
    "SUCCEEDED": Verdict.SUCCESSFUL,
    "FAILED": Verdict.FAILED,
    "ROLLBACK_FAILED": Verdict.FAILED,
    "ROLLBACK_SUCCEEDED": Verdict.ROLLED_BACK,
}
DEPLOYING = ("UPDATE_SERVICE", "START_DEPLOYMENT")
IAM_ACTIONS = ("apprunner:DescribeService", "apprunner:ListOperations")


def observe_runner(aws: Calls, arn: str, operation: str = "") -> Rollout:
    """How one operation stands, by its id; without one, the newest. Two calls."""
    service = aws.read("apprunner", "describe_service", ServiceArn=arn)["Service"]
    listed = operations(aws, arn, 20 if operation else 1)
    found = next((one for one in listed if not operation or one["Id"] == operation), {})
    rollout = judge_operation(service, found)
    if operation and not found:
        sentence = "App Runner does not show this operation"
        return replace(rollout, verdict=Verdict.IN_PROGRESS, sentence=sentence, service_deployment=operation)
    if rollout.verdict is Verdict.SUCCESSFUL and _was_superseded(found, listed):
        sentence = f"{rollout.sentence}; somebody else deployed after it"
        return replace(rollout, verdict=Verdict.SUPERSEDED, sentence=sentence)
    return rollout


def _was_superseded(operation: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a later operation deploys or deployed; one that went back left this one as it was."""
    later = listed[: listed.index(operation)] if operation else ()
    good = ("PENDING", "IN_PROGRESS", "SUCCEEDED")
    return any(one.get("Type") in DEPLOYING and one.get("Status") in good for one in later)


def operations(aws: Calls, arn: str, most: int = 20) -> list[Mapping[str, Any]]:
    """Its operations, newest first."""
    answer = aws.read("apprunner", "list_operations", ServiceArn=arn, MaxResults=most)
    return list(answer["OperationSummaryList"])


def judge_operation(service: Mapping[str, Any], operation: Mapping[str, Any]) -> Rollout:
    """What an operation means for those who use the service. App Runner tells of no tasks, so none are counted."""
    image = image_of(service)
    state, what = operation.get("Status", ""), WORDS.get(operation.get("Type", ""), "the operation")
    verdict = VERDICTS.get(state, Verdict.IN_PROGRESS)
    if not operation:
        settled = service.get("Status") in ("RUNNING", "PAUSED")
        verdict = Verdict.SUCCESSFUL if settled else Verdict.IN_PROGRESS
    if service.get("Status") == "PAUSED" and verdict is Verdict.SUCCESSFUL:
        verdict = Verdict.SCALED_TO_ZERO
    if service.get("Status") == "DELETED":
        verdict = Verdict.STOPPED
    return Rollout(
        verdict=verdict,
        sentence=_sentence(verdict, state, what, operation),
        service=service.get("ServiceName", ""),
        task_definition=image,
        serving=image,
        service_deployment=operation.get("Id", ""),
        status=state,
    )


def image_of(service: Mapping[str, Any]) -> str:
    """The image that it is set to; empty when it is built from source code."""
    repository = (service.get("SourceConfiguration") or {}).get("ImageRepository") or {}
    return str(repository.get("ImageIdentifier", ""))


def _sentence(verdict: Verdict, state: str, what: str, operation: Mapping[str, Any]) -> str:
    if not operation:
        return "it is running" if verdict.over else "App Runner has not begun yet"
    match verdict:
        case Verdict.IN_PROGRESS:
            return f"{what} is under way"
        case Verdict.ROLLING_BACK:
            return f"{what} failed; App Runner is going back to the version before it"
        case Verdict.SUCCESSFUL:
            return f"{what} succeeded"
        case Verdict.SCALED_TO_ZERO:
            return "it is paused: nothing serves"
        case Verdict.ROLLED_BACK:
            return f"{what} failed and was rolled back"
        case Verdict.STOPPED:
            return "it is deleted"
    if operation.get("Type") == "CREATE_SERVICE":
        return "its creation failed"
    return f"{what} ended as {state}"
