"""Looks at a rollout: the few calls that tell the truth about it.

While it is under way that is DescribeServices and at most two calls more; three when requests are shifted, for only the
service deployment tells the stage. A rollout that just failed costs the stopped tasks on top, once, for the cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.rollout import Deployed, Facts, Rollout, Shift, Verdict
from wizard.release.verdict import judge

HISTORY = 20
"""How many service deployments are looked at; DescribeServiceRevisions takes 20."""
FAILED = frozenset({Verdict.FAILED, Verdict.ROLLED_BACK, Verdict.STOPPED})
IAM_ACTIONS = (
    "ecs:DescribeServices",
    "ecs:ListServiceDeployments",
    "ecs:DescribeServiceDeployments",
    "ecs:DescribeServiceRevisions",
    "ecs:ListTasks",
    "ecs:DescribeTasks",
    "elasticloadbalancing:DescribeTargetHealth",
)


def observe(aws: Calls, cluster: str, service: str, wanted: str = "") -> Rollout:
    """How the rollout of a task definition stands now; without one, that of the newest deployment.

    Raises `AwsError` when even DescribeServices is refused.
    """
    facts = Facts(_describe(aws, cluster, service))
    if not facts.primary:
        return judge(facts, wanted)
    if _in_flight(facts, wanted):
        return judge(_with_signs(aws, cluster, facts, wanted), wanted)
    facts = replace(facts, history=_history(aws, cluster, service))
    if facts.went_back and not facts.history:
        # Without the history only the stopped tasks tell which version AWS went back from.
        facts = replace(facts, stopped=_stopped_tasks(aws, cluster, service))
    rollout = judge(facts, wanted)
    if rollout.verdict in FAILED or _has_fallen(facts):
        stopped = _stopped_tasks(aws, cluster, service)
        return judge(replace(facts, stopped=stopped), wanted)
    if rollout.verdict is Verdict.IN_PROGRESS and not _is_rolling(facts):
        return judge(_with_stage(aws, cluster, facts, rollout), wanted)
    return rollout


def _describe(aws: Calls, cluster: str, service: str) -> Mapping[str, Any]:
    """The service, or nothing while AWS does not show it yet."""
    answer = aws.read("ecs", "describe_services", cluster=cluster, services=[service])
    return next(iter(answer["services"]), {"serviceName": service})


def _in_flight(facts: Facts, wanted: str) -> bool:
    """Whether DescribeServices alone tells that it is still going: only of a rolling deployment does it tell."""
    primary = facts.primary
    ours = wanted in ("", primary.get("taskDefinition"))
    return _is_rolling(facts) and ours and primary.get("rolloutState") == "IN_PROGRESS"


def _is_rolling(facts: Facts) -> bool:
    return bool(facts.service.get("deploymentConfiguration", {}).get("strategy", "ROLLING") == "ROLLING")


def _has_fallen(facts: Facts) -> bool:
    """Whether the deployment was completed, and no task of it is left."""
    primary = facts.primary
    left = primary.get("runningCount", 0)
    return bool(primary.get("rolloutState") == "COMPLETED" and primary.get("desiredCount", 0) and not left)


def _with_stage(aws: Calls, cluster: str, facts: Facts, rollout: Rollout) -> Facts:
    """Add the stage of a rollout that moves requests, and the stopped tasks once one of its tasks has failed."""
    if rollout.failed:
        facts = replace(facts, stopped=_stopped_tasks(aws, cluster, rollout.service))
    arns = [rollout.service_deployment]
    try:
        answer = aws.read("ecs", "describe_service_deployments", serviceDeploymentArns=arns) if arns[0] else {}
    except AwsError:
        # The stage is only shown, never judged by: a missing permission must not end the watch.
        return facts
    found: Mapping[str, Any] = next(iter(answer.get("serviceDeployments", ())), {})
    if "lifecycleStage" not in found or not found.get("sourceServiceRevisions"):
        # A first version has none to take requests from.
        return facts
    percent = found.get("targetServiceRevision", {}).get("requestedProductionTrafficWeight", 0.0)
    waits = any(hook.get("status") == "AWAITING_ACTION" for hook in found.get("lifecycleHookDetails", ()))
    return replace(facts, shift=Shift(found["lifecycleStage"], percent, waits))


def _with_signs(aws: Calls, cluster: str, facts: Facts, wanted: str) -> Facts:
    """Add the stopped tasks once a task has failed, the health of the targets before that."""
    if facts.entry(wanted or facts.primary.get("taskDefinition", "")).get("failedTasks"):
        return replace(facts, stopped=_stopped_tasks(aws, cluster, facts.service["serviceName"]))
    balancers = facts.service.get("loadBalancers") or ()
    if not balancers or "targetGroupArn" not in balancers[0]:
        return facts
    try:
        answer = aws.read("elbv2", "describe_target_health", TargetGroupArn=balancers[0]["targetGroupArn"])
    except AwsError:
        # Health is only shown, never judged by: a missing permission must not end the watch.
        return facts
    health = [target["TargetHealth"] for target in answer["TargetHealthDescriptions"]]
    reasons = {found["Reason"] for found in health if found["State"] == "unhealthy" and "Reason" in found}
    counts = Counter(found["State"] for found in health)
    return replace(facts, targets=dict(sorted(counts.items())), target_reasons=tuple(sorted(reasons)))


def _history(aws: Calls, cluster: str, service: str) -> tuple[Deployed, ...] | None:
    """The newest service deployments with their task definitions; None when AWS does not tell."""
    try:
        answer = aws.read("ecs", "list_service_deployments", cluster=cluster, service=service, maxResults=HISTORY)
        briefs = answer["serviceDeployments"]
        arns = list(dict.fromkeys(brief["targetServiceRevisionArn"] for brief in briefs))
        if not arns:
            return ()
        found = aws.read("ecs", "describe_service_revisions", serviceRevisionArns=arns)["serviceRevisions"]
    except AmbiguousAnswer:
        raise
    except AwsError:
        return None
    definitions = {revision["serviceRevisionArn"]: revision.get("taskDefinition", "") for revision in found}
    if briefs[0]["targetServiceRevisionArn"] not in definitions:
        return None
    return tuple(
        Deployed(
            arn=brief["serviceDeploymentArn"],
            status=brief["status"],
            reason=brief.get("statusReason", ""),
            task_definition=definitions.get(brief["targetServiceRevisionArn"], ""),
            created_at=brief.get("createdAt"),
            finished_at=brief.get("finishedAt"),
        )
        for brief in briefs
    )


def _stopped_tasks(aws: Calls, cluster: str, service: str) -> tuple[Mapping[str, Any], ...]:
    try:
        listed = aws.read("ecs", "list_tasks", cluster=cluster, serviceName=service, desiredStatus="STOPPED")
        if not listed["taskArns"]:
            return ()
        return tuple(aws.read("ecs", "describe_tasks", cluster=cluster, tasks=listed["taskArns"][:100])["tasks"])
    except AwsError:
        # The cause is a comfort; without the permission to see tasks the verdict still stands.
        return ()
