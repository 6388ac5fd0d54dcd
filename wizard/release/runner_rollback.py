"""The way back on App Runner: an update to an older image by digest, followed by the id of its own operation."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wizard.aws.memory import RememberedReads
from wizard.engine.clock import Clock
from wizard.engine.kind import Calls
from wizard.errors import AwsError, ExitCode, NeedsPerson, WorldMoved
from wizard.release.acting import Operator
from wizard.release.claim import tag, untag
from wizard.release.finding import app_runner_service
from wizard.release.following import LIMIT_SECONDS, Ended, Progress
from wizard.release.needs import Need, Sort, secret_need
from wizard.release.readiness import Can, Finding, Place, Readiness, summed
from wizard.release.ready_images import findings_about
from wizard.release.ready_places import role
from wizard.release.ready_secrets import findings_about_parameters, findings_about_secrets
from wizard.release.revision import Revision
from wizard.release.rollback_plan import RollbackPlan, Way, choose, number_word, refuse_second_step
from wizard.release.rollout import Rollout, Verdict
from wizard.release.runner import image_of, observe_runner
from wizard.release.runner_history import RunnerStanding, digest_of, ran_value, read_runner, tags_for_run

BUILDS, RUNS = "build.apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"
POLL_SECONDS = 10.0
UPDATE_SECONDS = 180.0
WAIT_SECONDS = 180.0


def runner_readiness(aws: Calls, standing: RunnerStanding) -> dict[str, Readiness]:
    """For each revision by its id. Only the image changes, so all else is asked of the service as it is set now."""
    place = Place.of(RememberedReads(aws), standing.ref.arn)
    needs = {
        one.id: Need(Sort.IMAGE, one.images[0].pinned, one.images[0].digest, "app")
        for one in standing.revisions
        if one.images
    }
    images = findings_about(place, list(dict.fromkeys(needs.values())), {})
    shared = _shared(place, standing.service)
    return {one.id: summed([*shared, images[needs[one.id]]] if one.id in needs else []) for one in standing.revisions}


def _shared(place: Place, service: Mapping[str, Any]) -> list[Finding]:
    source = service.get("SourceConfiguration") or {}
    found = []
    if access := (source.get("AuthenticationConfiguration") or {}).get("AccessRoleArn"):
        found.append(role(place, access, BUILDS))
    if instance := (service.get("InstanceConfiguration") or {}).get("InstanceRoleArn"):
        found.append(role(place, instance, RUNS))
    configuration = (source.get("ImageRepository") or {}).get("ImageConfiguration") or {}
    secrets = configuration.get("RuntimeEnvironmentSecrets") or {}
    needs = [secret_need(value, name) for name, value in secrets.items()]
    kept = [need for need in needs if need.sort is Sort.SECRET]
    found += findings_about_secrets(place, kept).values()
    found += findings_about_parameters(place, [need for need in needs if need.sort is Sort.PARAMETER]).values()
    return found


def plan_runner(aws: Calls, standing: RunnerStanding, to: str = "") -> RollbackPlan:
    """Decide; raises as `choose`."""
    ref, service = standing.ref, standing.service
    if service["Status"] in ("CREATE_FAILED", "DELETE_FAILED") or not image_of(service):
        why = "it is built from source code" if not image_of(service) else f"it is {service['Status']}"
        raise NeedsPerson(
            f"{ref.title} on App Runner has nothing to go back to",
            evidence=why,
            safe="nothing was changed",
            next_step="deploy a mended version; one whose creation failed can only be deleted and made again",
        )
    refuse_second_step(ref, standing.hold, to=to, in_flight=standing.in_flight)
    choice = choose(ref, standing.revisions, runner_readiness(aws, standing), to)
    plan = RollbackPlan(
        service=ref,
        way=Way.UPDATE,
        current=standing.current,
        target=choice.target,
        readiness=choice.readiness,
        skipped=choice.skipped,
        seconds=UPDATE_SECONDS + (WAIT_SECONDS if standing.in_flight else 0.0),
        seen=seen_of(standing),
    )
    if choice.target is standing.current and service["Status"] == "RUNNING":
        well = f"Revision {choice.target.number} runs already, and well."
        return replace(plan, way=Way.NOTHING, readiness=Readiness(Can.YES), effect=(well,), seconds=0.0)
    return replace(plan, effect=_effect(plan, standing), command=_command(plan, service), warnings=_warnings(plan))


def seen_of(standing: RunnerStanding) -> str:
    """What a plan rests on."""
    hold = standing.hold.value if standing.hold else ""
    return f"{image_of(standing.service)}|{standing.operation.get('Id', '')}|{hold}"


def _effect(plan: RollbackPlan, standing: RunnerStanding) -> tuple[str, ...]:
    found = []
    if standing.in_flight:
        found.append("Waits for the operation that is under way: App Runner cannot stop one.")
    if standing.service["Status"] == "PAUSED":
        found.append("Resumes the service, which is paused.")
    target = plan.target
    found.append(
        f"Sets the image of revision {target.number} ({target.label}) in place of {number_word(plan.current)}."
    )
    found.append("All other settings stay. What runs now goes on until the new one is healthy.")
    if (standing.service.get("SourceConfiguration") or {}).get("AutoDeploymentsEnabled"):
        found.append("Automatic deployments are switched off, or the next push would move it again.")
    found.append(f"About {round(plan.seconds / 60)} minutes.")
    found.append(f"CI will not move this service until you release it: pilotage release {plan.service.target}")
    return tuple(found)


def _warnings(plan: RollbackPlan) -> tuple[str, ...]:
    if plan.readiness.can is not Can.UNKNOWN:
        return ()
    return (f"not known whether it can start: {plan.readiness.reason or 'nothing could be looked at'}",)


def _source(target: Revision, service: Mapping[str, Any]) -> dict[str, Any]:
    """App Runner takes the source as a whole: all as it is, but for the image and the automatic deployments."""
    source = dict(service["SourceConfiguration"])
    repository = dict(source["ImageRepository"]) | {"ImageIdentifier": target.images[0].pinned}
    return source | {"ImageRepository": repository, "AutoDeploymentsEnabled": False}


def _command(plan: RollbackPlan, service: Mapping[str, Any]) -> str:
    image = plan.target.images[0].pinned
    kind = service["SourceConfiguration"]["ImageRepository"].get("ImageRepositoryType", "ECR")
    source = f'{{"ImageRepository":{{"ImageIdentifier":"{image}","ImageRepositoryType":"{kind}",...}}}}'
    return f"aws apprunner update-service --service-arn {plan.service.arn} --source-configuration {shlex.quote(source)}"


def insist_runner_unmoved(aws: Calls, plan: RollbackPlan, clock: Clock) -> RunnerStanding:
    """The service now; raises `WorldMoved` unless it is what the plan saw."""
    found = app_runner_service(aws, plan.service.arn)
    standing = read_runner(aws, found, clock.now()) if found else None
    if standing is None or seen_of(standing) != plan.seen:
        raise WorldMoved(
            f"{plan.service.title} moved since the rollback was planned",
            evidence=standing.hold.words() if standing and standing.hold else f"planned at {plan.seen}",
            safe="nothing was changed by this command",
            next_step=f"pilotage revisions {plan.service.target}, then decide again",
        )
    return standing


def carry_out_runner(
    aws: Calls,
    plan: RollbackPlan,
    standing: RunnerStanding,
    operator: Operator,
    clock: Clock,
    progress: Progress,
    stopping: threading.Event,
) -> Ended:
    """Wait for what is under way, update, follow the operation by its id, and note what runs."""
    arn, service = plan.service.arn, standing.service
    if standing.in_flight:
        before = _follow(aws, arn, str(standing.operation.get("Id", "")), clock, progress, stopping)
        if before.exit_code is ExitCode.INTERRUPTED:
            return before
        service = aws.read("apprunner", "describe_service", ServiceArn=arn)["Service"]
        if digest_of(aws, image_of(service)) == plan.target.digest and service["Status"] == "RUNNING":
            sentence = f"restored: App Runner went back to revision {plan.target.number} by itself, and it is running"
            return _noted(aws, plan, standing, operator, clock, Ended("ok", ExitCode.OK, sentence, before.rollout))
    if service["Status"] == "PAUSED":
        answer = aws.write("apprunner", "resume_service", ServiceArn=arn)
        _follow(aws, arn, str(answer.get("OperationId", "")), clock, progress, stopping)
    answer = aws.write("apprunner", "update_service", ServiceArn=arn, SourceConfiguration=_source(plan.target, service))
    ended = _follow(aws, arn, str(answer.get("OperationId", "")), clock, progress, stopping)
    return _noted(aws, plan, standing, operator, clock, _named(plan, ended))


def _named(plan: RollbackPlan, ended: Ended) -> Ended:
    target = f"revision {plan.target.number}"
    if ended.restored:
        return replace(ended, sentence=f"restored: {target} is running, {ended.sentence}")
    if ended.exit_code is ExitCode.NEEDS_PERSON:
        return replace(ended, sentence=f"the rollback to {target} failed: {ended.sentence}")
    return ended


def _follow(aws: Calls, arn: str, operation: str, clock: Clock, progress: Progress, stopping: threading.Event) -> Ended:
    give_up = clock.seconds() + LIMIT_SECONDS
    while True:
        rollout = observe_runner(aws, arn, operation)
        progress(rollout)
        if rollout.verdict.over and _settled(aws, arn):
            good = rollout.verdict is Verdict.SUCCESSFUL
            code = ExitCode.OK if good else ExitCode.NEEDS_PERSON
            return Ended("ok" if good else "failed", code, rollout.sentence, rollout)
        if clock.seconds() > give_up:
            return Ended("running", ExitCode.TIME_IS_UP, _late(rollout), rollout)
        if stopping.is_set():
            return Ended("interrupted", ExitCode.INTERRUPTED, "App Runner goes on by itself", rollout)
        clock.sleep(POLL_SECONDS)


def _settled(aws: Calls, arn: str) -> bool:
    """An operation can be told as ended a moment before the service takes the next one."""
    return bool(
        aws.read("apprunner", "describe_service", ServiceArn=arn)["Service"]["Status"] != "OPERATION_IN_PROGRESS"
    )


def _late(rollout: Rollout) -> str:
    return f"still going on after {LIMIT_SECONDS / 60:.0f} minutes: {rollout.sentence}"


def _noted(
    aws: Calls, plan: RollbackPlan, standing: RunnerStanding, operator: Operator, clock: Clock, ended: Ended
) -> Ended:
    """Note what runs and what was left; memory is a comfort, never the reason for a failure."""
    if not ended.restored:
        return ended
    target = plan.target
    value = ran_value(target.digest, clock.now(), target.commit or target.label, operator.who, operator.reason)
    left = (plan.current.digest, str(target.number)) if plan.current and plan.current.digest else None
    written, surplus = tags_for_run(standing.tags, value, target.digest, left)
    try:
        tag(aws, plan.service, written)
        if surplus:
            untag(aws, plan.service, surplus)
    except AwsError:
        return ended
    return ended
