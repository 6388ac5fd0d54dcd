"""Carries out the rollback of an ECS or Express service: claims it, acts once, holds it, and follows it to its end."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.aws.translate import is_denied
from wizard.engine.clock import Clock
from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError, WorldMoved
from wizard.release import notes
from wizard.release.copying import register_copy
from wizard.release.express import update_request
from wizard.release.finding import in_cluster
from wizard.release.following import Course, Ended, Progress, follow
from wizard.release.past import Past, read_past
from wizard.release.planning import seen_of
from wizard.release.revision import Outcome, Revision
from wizard.release.rollback_plan import RollbackPlan, Way
from wizard.release.service_ref import Platform
from wizard.release.standing import Standing, read_standing

APPEARS_SECONDS = 60.0
"""How long a new service deployment may take to be listed."""


@dataclass(frozen=True)
class Operator:
    """Who rolls back, in which run, and why."""

    who: str
    run: str
    reason: str


def insist_unmoved(aws: Calls, plan: RollbackPlan, clock: Clock) -> Standing:
    """What runs now; raises `WorldMoved` unless it is what the plan saw."""
    found = in_cluster(aws, plan.service.cluster, plan.service.name)
    if found is None:
        raise WorldMoved(f"{plan.service.title} is gone", safe="nothing was changed", next_step="pilotage status --all")
    standing = read_standing(aws, found, clock.now(), limit=2)
    if seen_of(standing) != plan.seen:
        raise WorldMoved(
            f"{plan.service.title} moved since the rollback was planned",
            evidence=standing.hold.words() if standing.hold else f"planned at {plan.seen}; now {seen_of(standing)}",
            safe="nothing was changed by this command",
            next_step=f"pilotage revisions {plan.service.target}, then decide again",
        )
    return standing


def act(aws: Calls, plan: RollbackPlan, operator: Operator, clock: Clock) -> Course:
    """Make the one call that moves the service, and say what is to be followed."""
    ref, target = plan.service, plan.target
    if plan.way in (Way.STOP, Way.CONTINUE, Way.FOLLOW):
        if plan.way is not Way.FOLLOW:
            _stop(aws, plan)
        watched = plan.current.id if plan.current else ""
        return Course(ref, plan.deployment_arn, target.id, _label(target), goes_back=True, watched=watched)
    before = {one.arn for one in read_past(aws, ref.cluster, ref.name, most=20) or ()}
    if ref.platform is Platform.EXPRESS:
        request = update_request(target)
        aws.write("ecs", "update_express_gateway_service", serviceArn=ref.arn, **request)
        own = _own(aws, plan, before, "", clock)
        return Course(ref, own.arn if own else "", own.task_definition if own else "", _label(target), goes_back=False)
    definition, label = target.id, _label(target)
    if plan.registers_copy:
        definition = register_copy(aws, target, operator.run, operator.reason)
        label = f"{label}, registered again as {definition.rpartition(':')[2]}"
    # Restarting what runs already is a new deployment only when that is said.
    again = {"forceNewDeployment": True} if plan.current and plan.current.id == definition else {}
    aws.write("ecs", "update_service", cluster=ref.cluster, service=ref.name, taskDefinition=definition, **again)
    own = _own(aws, plan, before, definition, clock)
    return Course(ref, own.arn if own else "", definition, label, goes_back=False)


def _label(target: Revision) -> str:
    return f"revision {target.number}"


def _stop(aws: Calls, plan: RollbackPlan) -> None:
    arn = plan.deployment_arn
    try:
        if plan.way is Way.STOP or not _sent_back_at_hook(aws, plan):
            aws.write("ecs", "stop_service_deployment", serviceDeploymentArn=arn, stopType="ROLLBACK")
    except AwsError as error:
        if error.code != "ConflictException":
            raise
        if _is_going_back(aws, arn):
            # A first answer was lost, or the circuit breaker was quicker: it goes where we want it.
            return
        raise WorldMoved(
            f"the deployment of {plan.service.title} ended before it could be stopped",
            evidence=error.message,
            safe="nothing was changed by this command",
            next_step="run the same command again: it will choose anew",
        ) from None


def _sent_back_at_hook(aws: Calls, plan: RollbackPlan) -> bool:
    """Answer the hook; False when that may not be done (it is a permission of its own) or the hook is over."""
    try:
        aws.write(
            "ecs",
            "continue_service_deployment",
            serviceDeploymentArn=plan.deployment_arn,
            hookId=plan.hook,
            action="ROLLBACK",
        )
    except AmbiguousAnswer:
        raise
    except AwsError as error:
        if is_denied(error) or error.code == "InvalidParameterException":
            return False
        raise
    return True


def _is_going_back(aws: Calls, arn: str) -> bool:
    found: list[Mapping[str, Any]] = aws.read("ecs", "describe_service_deployments", serviceDeploymentArns=[arn])[
        "serviceDeployments"
    ]
    return bool(found) and str(found[0]["status"]).startswith("ROLLBACK")


def _own(aws: Calls, plan: RollbackPlan, before: set[str], definition: str, clock: Clock) -> Past | None:
    """The service deployment that our own call began; None when AWS does not tell of service deployments."""
    give_up = clock.seconds() + APPEARS_SECONDS
    while True:
        past = read_past(aws, plan.service.cluster, plan.service.name, most=20)
        if past is None:
            return None
        # Oldest first: a later one of the same revision would be somebody else's.
        for one in reversed(past):
            if one.arn not in before and definition in ("", one.task_definition):
                return one
        if clock.seconds() > give_up:
            return None
        clock.sleep(2.0)


def carry_out(
    aws: Calls, plan: RollbackPlan, operator: Operator, clock: Clock, progress: Progress, stopping: threading.Event
) -> tuple[Course, Ended]:
    """Act, then follow; afterwards write down what became of it. The caller holds the claim."""
    course = act(aws, plan, operator, clock)
    ended = follow(aws, course, clock, progress, stopping)
    write_down(aws, plan, course, operator, ended, clock)
    return course, ended


def write_down(aws: Calls, plan: RollbackPlan, course: Course, operator: Operator, ended: Ended, clock: Clock) -> None:
    """Note on the revisions that one was left and that the other works, for whoever comes later."""
    if not ended.restored:
        return
    now = clock.now()
    if course.target:
        told = {notes.OUTCOME_TAG: notes.outcome_value(Outcome.WORKED, now)}
        if plan.way is Way.UPDATE and plan.service.platform is Platform.EXPRESS:
            # ECS registered it anew, and does not say what it repeats.
            told[notes.COPY_TAG] = str(plan.target.origin)
        notes.write(aws, course.target, told)
    if plan.target.left:
        notes.erase(aws, plan.target.id, notes.LEFT_TAG)
    if plan.current and plan.current.id != course.target:
        left = notes.left_value(operator.who, now, plan.target.number, operator.reason)
        notes.write(aws, plan.current.id, {notes.LEFT_TAG: left})
