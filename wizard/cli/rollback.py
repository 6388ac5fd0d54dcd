"""`pilotage rollback`: back to a revision that worked, held afterwards, followed until users are served again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wizard.cli.consent import insist_on_consent
from wizard.cli.options import Options, common, option
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.cli.run import Ending, Frame
from wizard.cli.service_target import one_service, pointed_at_service
from wizard.errors import Interrupted, NeedsPerson, WorldMoved

if TYPE_CHECKING:
    from wizard.deployment.releases import Releases, RollbackResult
    from wizard.release.rollback_plan import RollbackPlan
    from wizard.release.service_ref import ServiceRef


@click.command()
@pointed_at_service
@option("--to", default="", metavar="N", help="The revision; without it the newest that worked and can start.")
@option("--reason", default="", metavar="TEXT", help="Why; it is written on the service and on the revision.")
@common("blueprint", "place", "consent")
def rollback(report: Report, options: Options, target: str, cluster: str, service: str, to: str, reason: str) -> int:
    """Go back to a revision that worked.

    A deployment in flight is stopped, and goes back; otherwise the newest revision that worked and can start is
    deployed. Works for every ECS and App Runner service (--cluster C --service S), also without a blueprint. What will
    happen is said before; afterwards the service is held, until `pilotage release`.
    """
    insist_on_consent(report, options, "a rollback")

    def work(frame: Frame) -> Ending:
        from wizard.deployment.opening import Connection
        from wizard.deployment.releases import Releases

        connection = Connection(frame.request(), None)
        frame.picture.progress.scale = connection.clock.scale
        releases = Releases(connection)
        ref = one_service(releases, options, target, cluster, service)
        _announce(frame, releases, ref)
        plan = releases.plan_rollback(ref, to=to or None)
        _show(frame, releases, plan)
        _agree(frame, plan)
        result = _carried_out(frame, releases, plan, to, reason)
        return _told(frame, plan, result)

    return _RollbackFrame(report, options).carry_out(work)


class _RollbackFrame(Frame):
    """A run that AWS carries on by itself, so there is nothing to resume."""

    def carry_on(self) -> str:
        """Where to see how it ends."""
        return f"pilotage status --all{self.options.repeated()}   AWS goes on with the rollback by itself"


def _announce(frame: Frame, releases: Releases, ref: ServiceRef) -> None:
    from wizard.engine.events import EventType

    identity = releases.connection.identity
    detail = {"command": "rollback", "deployment": ref.title, "account": identity.account, "region": identity.region}
    frame.events.publish(
        EventType.RUN_START,
        message=f"rollback {ref.title} in {identity.place}",
        detail=detail | {"sandbox": identity.sandbox, "caller": identity.arn},
    )


def _show(frame: Frame, releases: Releases, plan: RollbackPlan) -> None:
    """What will happen, before it does."""
    from wizard.deployment.releases import plan_event
    from wizard.engine.events import EventType

    frame.events.publish(EventType.PLANNED_CHANGE, **plan_event(plan))
    report = frame.report
    for one in plan.skipped:
        report.say(one.words(), "quiet")
    report.say(plan.title, "strong")
    for sentence in plan.effect:
        report.say(f"  {sentence}")
    for warning in plan.warnings:
        report.say(f"  warning: {warning}", "wait")
    if plan.command:
        report.say(f"  same as: {plan.command}", "quiet")


def _agree(frame: Frame, plan: RollbackPlan) -> None:
    from wizard.release.rollback_plan import Way

    nothing = plan.way is Way.NOTHING and not plan.holds
    if not frame.options.yes and not nothing:
        wanted = plan.service.short
        if frame.ask(f"Type {wanted} to confirm: ") != wanted:
            raise Interrupted(
                "not confirmed",
                evidence=f"the answer was not `{wanted}`",
                safe=SAFE_BEFORE,
                next_step="run the same command again when you are sure",
            )
    frame.begun = True


def _carried_out(frame: Frame, releases: Releases, plan: RollbackPlan, to: str, reason: str) -> RollbackResult:
    """A world that moved while nobody had to be asked is looked at once more."""
    try:
        return releases.rollback(plan, reason=reason, events=frame.events, stopping=frame.stopping)
    except WorldMoved:
        if not frame.options.yes:
            raise
    again = releases.plan_rollback(plan.service, to=to or None)
    _show(frame, releases, again)
    return releases.rollback(again, reason=reason, events=frame.events, stopping=frame.stopping)


def _told(frame: Frame, plan: RollbackPlan, result: RollbackResult) -> Ending:
    report = frame.report
    for warning in result.warnings:
        report.say(f"warning: {warning}", "wait")
    _publish(frame, plan, result)
    if result.exit_code == 0:
        report.data(f"{plan.service.title}  {result.sentence}")
        if result.hold:
            report.say(result.hold.words())
            report.say(f"let it move again: pilotage release {plan.service.target}{frame.options.repeated()}")
        return Ending(result.verdict, result.exit_code)
    _diagnose(frame, plan, result)
    raise _failure(plan, result)


def _publish(frame: Frame, plan: RollbackPlan, result: RollbackResult) -> None:
    """What came out, for programs."""
    from wizard.engine.events import EventType

    detail = {
        "service": plan.service.title,
        "revision": plan.target.number,
        "restored": result.exit_code == 0,
        "sentence": result.sentence,
        "hold": result.hold.as_json() if result.hold else None,
        "warnings": list(result.warnings),
    }
    frame.events.publish(EventType.OUTPUTS, message=result.sentence, elapsed_s=result.seconds, detail=detail)


def _diagnose(frame: Frame, plan: RollbackPlan, result: RollbackResult) -> None:
    from wizard.engine.events import EventType
    from wizard.release.diagnosis import diagnose
    from wizard.release.diagnosis.symptoms import symptoms_of

    if result.rollout and (result.rollout.failure or result.rollout.troubles):
        found = diagnose(symptoms_of(result.rollout, cluster=plan.service.cluster))
        address = f"service.{plan.service.short}"
        frame.events.publish(EventType.DIAGNOSIS, address=address, message=found.sentence, detail={**found.as_detail()})


def _failure(plan: RollbackPlan, result: RollbackResult) -> NeedsPerson:
    rollout = result.rollout
    ref, place = plan.service, ""
    error = NeedsPerson(
        f"{ref.title}: {result.sentence}",
        evidence=(rollout.reason or rollout.sentence) if rollout else "",
        safe="no task that was healthy was stopped; the service is held, so nothing else moves it",
        next_step=f"pilotage logs {ref.target}{place}   or go further back: pilotage rollback {ref.target} --to N",
    )
    error.verdict, error.exit_code = result.verdict, result.exit_code
    return error
