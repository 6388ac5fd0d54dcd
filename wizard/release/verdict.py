"""The truth about a rollout of an ECS service, concluded from what AWS answers and from nothing else.

A rollout succeeded when the service deployment of the wanted task definition ended SUCCESSFUL and is the one serving.
"One deployment, running equals desired" is also true after a rollback, so it is never taken for success.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.release.failure import first_failure
from wizard.release.rollout import Answer, Certainty, Deployed, Facts, Rollout, Verdict, before, short
from wizard.release.sentence import sentence


@dataclass(frozen=True)
class _Conclusion:
    verdict: Verdict
    record: Deployed | None
    reason: str = ""


def judge(facts: Facts, wanted: str = "") -> Rollout:
    """Conclude how the rollout of a task definition stands; without one, that of the newest deployment."""
    if not wanted:
        newest = facts.history[0].task_definition if facts.history else ""
        wanted = newest or facts.primary.get("taskDefinition", "") or facts.service.get("taskDefinition", "")
    found = _conclude(facts, wanted)
    entry = facts.entry(wanted)
    since = (found.record.created_at if found.record else None) or entry.get("createdAt")
    failure = first_failure(facts.stopped, wanted, since)
    troubles = facts.troubles(since)
    record = found.record
    rollout = Rollout(
        verdict=found.verdict,
        sentence="",
        service=facts.service.get("serviceName", ""),
        task_definition=wanted,
        serving=facts.primary.get("taskDefinition", ""),
        service_deployment=record.arn if record else _arn_in_flight(facts, found),
        status=record.status if record else entry.get("rolloutState", ""),
        desired=entry.get("desiredCount", 0),
        running=entry.get("runningCount", 0),
        pending=entry.get("pendingCount", 0),
        failed=entry.get("failedTasks", 0),
        targets=facts.targets,
        target_reasons=facts.target_reasons,
        reason=found.reason,
        failure=failure,
        troubles=troubles,
        shift=facts.shift,
        certainty=_certainty(facts, found),
    )
    return replace(rollout, sentence=sentence(rollout) + _how_sure(rollout))


def _certainty(facts: Facts, found: _Conclusion) -> Certainty:
    forgotten = not facts.history or (
        found.record is None and found.verdict in (Verdict.SUCCESSFUL, Verdict.SCALED_TO_ZERO)
    )
    return Certainty.LIKELY if found.verdict.over and facts.primary and forgotten else Certainty.CERTAIN


def _how_sure(rollout: Rollout) -> str:
    if rollout.certainty is Certainty.CERTAIN or rollout.verdict in (Verdict.STOPPED, Verdict.SUPERSEDED):
        return ""
    return " (likely: AWS does not tell of its service deployments; concluded from its deployments and tasks)"


def _arn_in_flight(facts: Facts, found: _Conclusion) -> str:
    return facts.service.get("currentServiceDeployment", "") if found.verdict is Verdict.IN_PROGRESS else ""


def _conclude(facts: Facts, wanted: str) -> _Conclusion:
    if facts.service.get("status") in ("DRAINING", "INACTIVE"):
        return _Conclusion(Verdict.STOPPED, None, "the service is being deleted")
    if not facts.primary:
        return _Conclusion(Verdict.IN_PROGRESS, None)
    if facts.history:
        return _by_history(facts, facts.history, wanted)
    return _by_rollout_state(facts, wanted)


def _by_history(facts: Facts, history: tuple[Deployed, ...], wanted: str) -> _Conclusion:
    newest = history[0]
    is_primary = facts.primary.get("taskDefinition") == wanted
    if is_primary and before(newest.finished_at, facts.primary.get("createdAt")):
        # The list lags: its newest entry ended before the deployment that is primary now began.
        return _Conclusion(Verdict.IN_PROGRESS, None)
    ours = next((past for past in history if past.task_definition == wanted), None)
    if ours is newest:
        return _by_status(facts, newest, wanted, first_ever=len(history) == 1)
    if is_primary:
        # Somebody else's later deployment failed and AWS went, or is going, back to ours.
        if facts.primary.get("rolloutState") != "COMPLETED":
            return _Conclusion(Verdict.IN_PROGRESS, ours)
        # One that AWS has forgotten had ended well, or AWS would not have gone back to it.
        return _by_status(facts, ours, wanted, first_ever=False) if ours else _Conclusion(_success(facts), None)
    reason = f"{short(newest.task_definition)} was deployed after it, by somebody else"
    if ours and ours.reason:
        reason += f" ({ours.reason})"
    return _Conclusion(Verdict.SUPERSEDED, ours, reason)


def _by_status(facts: Facts, ours: Deployed, wanted: str, *, first_ever: bool) -> _Conclusion:
    state = facts.primary.get("rolloutState", "COMPLETED")
    is_primary = facts.primary.get("taskDefinition") == wanted
    reason = ours.reason or facts.entry(wanted).get("rolloutStateReason", "")
    if ours.status == "SUCCESSFUL":
        if not is_primary:
            return _Conclusion(Verdict.SUPERSEDED, ours, f"{short(facts.primary['taskDefinition'])} is being deployed")
        return _Conclusion(_success(facts) if state == "COMPLETED" else Verdict.IN_PROGRESS, ours)
    if ours.status in ("ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"):
        return _Conclusion(Verdict.ROLLING_BACK, ours, reason)
    if ours.status == "ROLLBACK_SUCCESSFUL" and state == "IN_PROGRESS":
        # It ended between two of our calls: the service was described a moment before.
        return _Conclusion(Verdict.ROLLING_BACK, ours, reason)
    if ours.status in ("ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"):
        # The same task definition is primary after a failed change of only the service's own settings.
        back = not is_primary or (ours.status == "ROLLBACK_SUCCESSFUL" and not first_ever)
        serves = state == "COMPLETED" and _serves(facts)
        return _Conclusion(Verdict.ROLLED_BACK if back and serves else Verdict.FAILED, ours, reason)
    if ours.status == "STOPPED":
        by_itself = "user request" not in reason and (state == "FAILED" or "failed" in reason)
        return _Conclusion(Verdict.FAILED if by_itself else Verdict.STOPPED, ours, reason)
    return _Conclusion(Verdict.IN_PROGRESS, ours)


def _by_rollout_state(facts: Facts, wanted: str) -> _Conclusion:
    """Without service deployments: the history is 90 days long, and reading it is a permission of its own."""
    primary, state = facts.primary, facts.primary.get("rolloutState", "")
    went_back = facts.went_back
    if primary.get("taskDefinition") == wanted:
        if went_back and state == "COMPLETED" and _failed_last(facts) == wanted:
            return _Conclusion(Verdict.ROLLED_BACK if _serves(facts) else Verdict.FAILED, None)
        known = {"COMPLETED": _success(facts), "FAILED": Verdict.FAILED}
        return _Conclusion(known.get(state, Verdict.IN_PROGRESS), None, _reason_of_failure(primary))
    ours = facts.entry(wanted)
    if ours.get("rolloutState") == "FAILED" or went_back:
        over = state == "COMPLETED" and _serves(facts)
        return _Conclusion(Verdict.ROLLED_BACK if over else Verdict.ROLLING_BACK, None, _reason_of_failure(ours))
    other = short(primary.get("taskDefinition", ""))
    return _Conclusion(Verdict.SUPERSEDED, None, f"{other} was deployed by somebody else")


def _failed_last(facts: Facts) -> str:
    """The task definition that AWS went back from, as the newest task of another deployment than the primary tells."""
    others = [task for task in facts.stopped if task.get("startedBy") != facts.primary.get("id")]
    known = [task for task in others if "createdAt" in task]
    return str(max(known, key=lambda task: task["createdAt"]).get("taskDefinitionArn", "")) if known else ""


def _reason_of_failure(entry: Answer) -> str:
    return str(entry.get("rolloutStateReason", "")) if entry.get("rolloutState") == "FAILED" else ""


def _success(facts: Facts) -> Verdict:
    """What a completed deployment proves: nothing when the service should have no task, or has none left."""
    if facts.primary.get("desiredCount") == 0:
        return Verdict.SCALED_TO_ZERO
    return Verdict.SUCCESSFUL if _serves(facts) else Verdict.IN_PROGRESS


def _serves(facts: Facts) -> bool:
    return bool(facts.primary.get("runningCount", 0)) or facts.primary.get("desiredCount") == 0
