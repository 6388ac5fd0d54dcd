"""Plans the rollback of a service on ECS or in Express Mode from what was read."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import NeedsPerson
from wizard.release.foretelling import effect_of, seconds_of
from wizard.release.past import GOING_BACK
from wizard.release.readiness import Can, Place, Readiness
from wizard.release.ready import readiness_of
from wizard.release.ready_images import is_moving, is_still
from wizard.release.revision import ImageUse, Revision
from wizard.release.rollback_plan import (
    Choice,
    RollbackPlan,
    Skipped,
    Way,
    choose,
    nothing_to_go_back_to,
    refuse_second_step,
)
from wizard.release.service_ref import Platform
from wizard.release.standing import Standing, primary_of


def plan_for(aws: Calls, standing: Standing, to: str = "") -> RollbackPlan:
    """Decide; raises as `choose`, `Held` after another rollback, `NeedsPerson` where ECS is not in charge."""
    refuse_controller(standing)
    refuse_second_step(standing.ref, standing.hold, to=to, in_flight=standing.in_flight)
    if standing.in_flight and (plan := _in_flight(aws, standing, to)):
        return plan
    if not to and _went_back_by_itself(standing):
        return _nothing(standing)
    choice = choose(standing.ref, standing.revisions, readiness_of(aws, standing, standing.revisions), to)
    if choice.target is standing.current and _is_well(standing):
        return _nothing(standing)
    return _update(aws, standing, choice)


def refuse_controller(standing: Standing) -> None:
    """Raise `NeedsPerson` where somebody else moves the service: CodeDeploy, or a controller of the owner's."""
    ref, service = standing.ref, standing.service
    controller = (service.get("deploymentController") or {}).get("type", "ECS")
    at = f"--cluster {shlex.quote(ref.cluster)} --service {shlex.quote(ref.name)}"
    if controller == "CODE_DEPLOY":
        raise NeedsPerson(
            f"{ref.title} is moved by CodeDeploy, not by ECS",
            evidence="its deployment controller is CODE_DEPLOY, and ECS refuses another task definition for it",
            safe="nothing was changed",
            next_step="aws deploy list-deployments --include-only-statuses InProgress, then "
            "aws deploy stop-deployment --deployment-id ID --auto-rollback-enabled; when none is in progress, "
            "aws deploy create-deployment with the AppSpec of the revision that worked",
        )
    if controller == "EXTERNAL":
        raise NeedsPerson(
            f"{ref.title} is moved by an external controller through task sets, not by ECS",
            evidence="its deployment controller is EXTERNAL",
            safe="nothing was changed",
            next_step=f"aws ecs describe-task-sets --cluster {shlex.quote(ref.cluster)} --service "
            f"{shlex.quote(ref.name)}, then aws ecs update-service-primary-task-set {at} --primary-task-set ID",
        )
    if service.get("status") != "ACTIVE":
        raise NeedsPerson(
            f"{ref.title} is being deleted ({service.get('status')})",
            safe="nothing was changed",
            next_step="deploy it again once it is gone",
        )


def seen_of(standing: Standing) -> str:
    """What a plan rests on: the version that AWS moves to, the newest deployment, if it goes on, and the hold."""
    newest = standing.newest
    told = f"{newest.arn}|{newest.in_flight}" if newest else str(standing.in_flight)
    hold = standing.hold.value if standing.hold else ""
    if newest and newest.in_flight:
        # While it goes back, AWS makes the earlier version the primary one: that is no news.
        return f"{told}|{hold}"
    return f"{primary_of(standing.service).get('taskDefinition', '')}|{told}|{hold}"


def _in_flight(aws: Calls, standing: Standing, to: str) -> RollbackPlan | None:
    """The plan while a deployment is under way; None when it must be superseded by another one."""
    earlier = _earlier(standing)
    if to and (earlier is None or to not in (str(earlier.number), earlier.label, earlier.id)):
        return None
    if earlier is None:
        if standing.past is None:
            return None
        raise nothing_to_go_back_to(standing.ref, standing.current)
    ready = readiness_of(aws, standing, [earlier])[earlier.id]
    if standing.past is None or (ready.can is Can.NO and not _older_tasks_serve(standing)):
        return None
    newest = standing.past[0]
    hook = next((one for one in standing.deployment.get("lifecycleHookDetails") or () if waits(one)), None)
    way = Way.FOLLOW if newest.status in GOING_BACK else Way.CONTINUE if hook else Way.STOP
    plan = RollbackPlan(
        service=standing.ref,
        way=way,
        current=standing.current if standing.current != earlier else _target_of(standing, newest.task_definition),
        target=earlier,
        readiness=ready,
        deployment_arn=newest.arn,
        hook=str(hook["hookId"]) if hook else "",
        seconds=60.0,
        seen=seen_of(standing),
    )
    return finished(plan, standing)


def waits(hook: Mapping[str, Any]) -> bool:
    """Whether a lifecycle hook waits for somebody's decision."""
    return hook.get("status") == "AWAITING_ACTION"


def _earlier(standing: Standing) -> Revision | None:
    """What AWS goes back to: the revision of the last deployment that ended successfully."""
    if standing.past is not None:
        definition = next((one.task_definition for one in standing.past if one.status == "SUCCESSFUL"), "")
    else:
        entries = standing.service.get("deployments") or ()
        definition = next((one["taskDefinition"] for one in entries if _still_serves(one)), "")
    return _target_of(standing, definition)


def _still_serves(entry: Mapping[str, Any]) -> bool:
    return entry.get("status") != "PRIMARY" and bool(entry.get("runningCount"))


def _target_of(standing: Standing, definition: str) -> Revision | None:
    return next((one for one in standing.revisions if one.id == definition), None)


def _older_tasks_serve(standing: Standing) -> bool:
    desired = standing.service.get("desiredCount", 0)
    entries = standing.service.get("deployments") or ()
    running = sum(int(one.get("runningCount", 0)) for one in entries if one.get("status") != "PRIMARY")
    return bool(running >= desired > 0)


def _is_well(standing: Standing) -> bool:
    service, primary = standing.service, primary_of(standing.service)
    running = int(service.get("runningCount", 0)) >= int(service.get("desiredCount", 0))
    return running and bool(primary.get("rolloutState", "COMPLETED") == "COMPLETED")


def _went_back_by_itself(standing: Standing) -> bool:
    newest = standing.newest
    return bool(newest and newest.status == "ROLLBACK_SUCCESSFUL" and _is_well(standing) and standing.current)


def _nothing(standing: Standing) -> RollbackPlan:
    current = standing.current
    if current is None:
        raise nothing_to_go_back_to(standing.ref, None)
    failed = _target_of(standing, standing.newest.task_definition) if standing.newest else None
    went = failed is not None and failed is not current
    first = f"AWS went back from revision {failed.number} by itself" if went and failed else ""
    return RollbackPlan(
        service=standing.ref,
        way=Way.NOTHING,
        current=current,
        target=current,
        readiness=Readiness(Can.YES),
        effect=(
            f"{f'{first}: r' if first else 'R'}evision {current.number} runs already, and well.",
            f"To go further back, name a revision: pilotage rollback {standing.ref.target} --to N.",
        ),
        # AWS went back, but whatever deploys here would try the same again.
        holds=went,
        seen=seen_of(standing),
    )


def _update(aws: Calls, standing: Standing, choice: Choice) -> RollbackPlan:
    copies = standing.ref.platform is Platform.ECS and needs_copy(Place.of(aws, standing.ref.arn), choice.target)
    skipped = choice.skipped
    if standing.in_flight and (earlier := _earlier(standing)) and earlier is not choice.target:
        skipped = _with_reason(skipped, earlier)
    plan = RollbackPlan(
        service=standing.ref,
        way=Way.UPDATE,
        current=standing.current,
        target=choice.target,
        readiness=choice.readiness,
        skipped=skipped,
        registers_copy=copies,
        seconds=seconds_of(standing, choice.target),
        seen=seen_of(standing),
    )
    return finished(plan, standing)


def _with_reason(skipped: tuple[Skipped, ...], earlier: Revision) -> tuple[Skipped, ...]:
    if any(one.label == earlier.label for one in skipped):
        return skipped
    return (*skipped, Skipped(earlier.number, earlier.label, "another one was asked for"))


def needs_copy(place: Place, target: Revision) -> bool:
    """Whether the revision must be registered again: it is not ACTIVE, or a tag of it names another image by now."""
    if target.status != "ACTIVE":
        return True
    return any(_has_moved(place, image) for image in target.images if image.digest and not image.is_pinned)


def _has_moved(place: Place, image: ImageUse) -> bool:
    """Where the registry does not tell, only a tag that looks like a version is believed to stay."""
    still = is_still(place, image.reference, image.digest)
    return is_moving(image.reference) if still is None else not still


def finished(plan: RollbackPlan, standing: Standing) -> RollbackPlan:
    """The plan with its sentences, warnings and command."""
    return replace(
        plan,
        effect=effect_of(plan, standing.service),
        warnings=_warnings(plan),
        command=command_of(plan),
    )


def _warnings(plan: RollbackPlan) -> tuple[str, ...]:
    found = [note for note in plan.readiness.notes if "registered again" not in note]
    if plan.readiness.can is Can.UNKNOWN:
        found.append(f"not known whether it can start: {plan.readiness.reason or 'nothing could be looked at'}")
    if plan.readiness.can is Can.NO:
        found.append(f"new tasks of it could not start ({plan.readiness.reason}); its running tasks go on serving")
    loose = [one.reference for one in plan.target.images if not one.digest and not one.is_pinned]
    if plan.way is Way.UPDATE and loose:
        found.append(f"{', '.join(loose)} is named by a tag: what runs is whatever the tag names now")
    return tuple(found)


def command_of(plan: RollbackPlan) -> str:
    """The same as a command of the AWS CLI."""
    ref = plan.service
    if plan.way is Way.STOP:
        return f"aws ecs stop-service-deployment --service-deployment-arn {plan.deployment_arn} --stop-type ROLLBACK"
    if plan.way is Way.CONTINUE:
        return (
            f"aws ecs continue-service-deployment --service-deployment-arn {plan.deployment_arn} "
            f"--hook-id {plan.hook} --action ROLLBACK"
        )
    if plan.way is Way.FOLLOW:
        return f"aws ecs describe-service-deployments --service-deployment-arns {plan.deployment_arn}"
    if ref.platform is Platform.EXPRESS:
        image = plan.target.images[0].pinned if plan.target.images else "IMAGE"
        container = shlex.quote(f'{{"image":"{image}", ...}}')
        return f"aws ecs update-express-gateway-service --service-arn {ref.arn} --primary-container {container}"
    at = f"--cluster {shlex.quote(ref.cluster)} --service {shlex.quote(ref.name)}"
    if plan.registers_copy:
        family = plan.target.label.rpartition(":")[0]
        return (
            f"aws ecs register-task-definition --family {family} ..., then aws ecs update-service {at} "
            f"--task-definition {family}"
        )
    return f"aws ecs update-service {at} --task-definition {plan.target.label}"
