"""The way back, for both faces: find a service, its revisions, plan a rollback, carry it out, hold, release, logs.

No blueprint is needed, and no local state: everything is read from AWS, also of services that Pilotage did not make.
Nothing here prints or asks.
"""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wizard.aws.calls import AwsCalls, CallRecord
from wizard.aws.read_only import ReadOnlyCalls
from wizard.deployment.opening import Connection
from wizard.deployment.services import find_one, find_services
from wizard.deployment.states import ServiceState, states_of
from wizard.engine.events import EventStream, EventType
from wizard.engine.kind import Calls
from wizard.errors import AwsError, ExitCode, NeedsPerson, PilotageError
from wizard.kinds._rollout_status import rollout_detail
from wizard.release import acting, holding, log_tail, planning, runner_rollback
from wizard.release.claim import Claimed, claim, give_back
from wizard.release.finding import Found, app_runner_service, described, in_cluster
from wizard.release.following import Ended
from wizard.release.hold import BY_ROLLBACK, Hold
from wizard.release.observation import observe
from wizard.release.readiness import Readiness
from wizard.release.ready import readiness_of
from wizard.release.revision import Revision
from wizard.release.rollback_plan import RollbackPlan, Way
from wizard.release.rollout import Rollout
from wizard.release.runner import observe_runner
from wizard.release.runner_history import RunnerStanding, read_runner
from wizard.release.service_ref import Platform, ServiceRef
from wizard.release.standing import LIMIT, Standing, read_standing

LOOKING_PATIENCE_S = 30.0
"""AWS seconds that a console's read is tried again: better to say what cannot be read than to wait for it."""
Progress = Callable[[Rollout], None]


@dataclass(frozen=True)
class RollbackResult:
    """How a rollback ended."""

    verdict: str
    exit_code: ExitCode
    sentence: str
    seconds: float
    """Real seconds."""
    rollout: Rollout | None = None
    hold: Hold | None = None
    warnings: tuple[str, ...] = ()


class Releases:
    """The releases of one account and Region. `aws` replaces the connection's calls, for a console that only looks."""

    def __init__(self, connection: Connection, aws: Calls | None = None) -> None:
        self.connection = connection
        self.aws: Calls = aws or connection.aws

    @property
    def who(self) -> str:
        """The caller as holds and claims name them: `user/ana`."""
        return self.connection.identity.arn.split(":")[-1]

    def services(self, name: str = "", *, everything: bool = False) -> list[ServiceRef]:
        """Services that Pilotage made, those of `APP[/ENV[/SERVICE]]`, or every one of the account."""
        return [one.ref for one in find_services(self.aws, name, everything=everything)]

    def states(self, name: str = "", *, everything: bool = False) -> list[ServiceState]:
        """How they stand, worst first."""
        return states_of(find_services(self.aws, name, everything=everything))

    def states_of(self, refs: Iterable[ServiceRef]) -> list[ServiceState]:
        """How these stand, worst first; one that is gone is left out."""
        return states_of(described(self.aws, [ref.arn for ref in refs]))

    def one(self, target: str = "", *, cluster: str = "", service: str = "") -> ServiceRef:
        """The one service that is meant; raises `UsageError` when there is none, or several."""
        return find_one(self.aws, target, cluster=cluster, service=service, place=self.connection.identity.place)

    def found(self, ref: ServiceRef) -> Found:
        """The service as it is now; raises `NeedsPerson` when it is gone."""
        runner = ref.platform is Platform.APP_RUNNER
        found = app_runner_service(self.aws, ref.arn) if runner else in_cluster(self.aws, ref.cluster, ref.name)
        if found is None:
            raise NeedsPerson(f"{ref.title} is gone", safe="nothing was changed", next_step="pilotage status --all")
        return found

    def standing(self, ref: ServiceRef, *, limit: int = LIMIT) -> Standing | RunnerStanding:
        """The service with its revisions, what is in flight, and its hold."""
        found, now = self.found(ref), self.connection.clock.now()
        if ref.platform is Platform.APP_RUNNER:
            return read_runner(self.aws, found, now, limit)
        return read_standing(self.aws, found, now, limit, self.connection.clock.scale)

    def rollout(self, ref: ServiceRef) -> Rollout:
        """What is happening to it now."""
        if ref.platform is Platform.APP_RUNNER:
            return observe_runner(self.aws, ref.arn)
        return observe(self.aws, ref.cluster, ref.name)

    def revisions(self, ref: ServiceRef, *, limit: int = LIMIT) -> list[Revision]:
        """Its revisions, newest first."""
        return list(self.standing(ref, limit=limit).revisions)

    def readiness(self, ref: ServiceRef, revisions: Sequence[Revision] | None = None) -> dict[str, Readiness]:
        """Whether each could start again now, by its id."""
        return self.readiness_in(self.standing(ref), revisions)

    def readiness_in(
        self, standing: Standing | RunnerStanding, revisions: Sequence[Revision] | None = None
    ) -> dict[str, Readiness]:
        """As `readiness`, of what was read before."""
        if isinstance(standing, RunnerStanding):
            return runner_rollback.runner_readiness(self.aws, standing)
        return readiness_of(self.aws, standing, standing.revisions if revisions is None else revisions)

    def plan_rollback(self, ref: ServiceRef, *, to: int | str | None = None) -> RollbackPlan:
        """Where it would go and how; nothing is changed. Raises as `wizard.release.rollback_plan.choose`."""
        wanted = "" if to is None else str(to)
        standing = self.standing(ref)
        if wanted and not any(wanted in (str(one.number), one.label, one.id) for one in standing.revisions):
            # It may be older than those that are usually looked at.
            standing = self.standing(ref, limit=100)
        return self.plan_in(standing, wanted)

    def plan_in(self, standing: Standing | RunnerStanding, wanted: str = "") -> RollbackPlan:
        """As `plan_rollback`, of what was read before."""
        if isinstance(standing, RunnerStanding):
            return runner_rollback.plan_runner(self.aws, standing, wanted)
        return planning.plan_for(self.aws, standing, wanted)

    def rollback(
        self,
        plan: RollbackPlan,
        *,
        reason: str = "",
        events: EventStream | None = None,
        on_progress: Progress | None = None,
        stopping: threading.Event | None = None,
        run: str = "",
    ) -> RollbackResult:
        """Carry out a plan, hold the service, and follow it until users are served again.

        Raises `Locked` when another operator is at it, `WorldMoved` when the plan no longer holds.
        """
        started, started_at = time.monotonic(), self._now()
        operator = acting.Operator(self.who, events.run if events else run, reason)
        if plan.way is Way.NOTHING and not plan.holds:
            return RollbackResult("no_changes", ExitCode.OK, " ".join(plan.effect), time.monotonic() - started)
        claimed = claim(self.aws, plan.service, self.who, self.connection.clock)
        try:
            ended, hold = self._carry_out(plan, operator, self._teller(plan, events, on_progress), stopping)
        finally:
            give_back(self.aws, plan.service, claimed)
        seconds = time.monotonic() - started
        self._record(plan, operator, ended, started_at)
        warnings = _warnings(claimed, hold, ended)
        return RollbackResult(ended.verdict, ended.exit_code, ended.sentence, seconds, ended.rollout, hold, warnings)

    def _carry_out(
        self, plan: RollbackPlan, operator: acting.Operator, progress: Progress, stopping: threading.Event | None
    ) -> tuple[Ended, Hold | None]:
        aws, clock, stop = self.aws, self.connection.clock, stopping or threading.Event()
        runner = plan.service.platform is Platform.APP_RUNNER
        standing = (runner_rollback.insist_runner_unmoved if runner else acting.insist_unmoved)(aws, plan, clock)
        # Before the service moves, so that nothing that deploys slips in between.
        hold = self._hold_for(plan, operator, standing.hold)
        try:
            if plan.way is Way.NOTHING:
                return Ended("ok", ExitCode.OK, " ".join(plan.effect)), hold
            if isinstance(standing, RunnerStanding):
                ended = runner_rollback.carry_out_runner(aws, plan, standing, operator, clock, progress, stop)
            else:
                _, ended = acting.carry_out(aws, plan, operator, clock, progress, stop)
        except PilotageError:
            if hold and not standing.hold:
                holding.let_go(aws, plan.service)
            raise
        return ended, hold

    def _record(self, plan: RollbackPlan, operator: acting.Operator, ended: Ended, started_at: str) -> None:
        """An entry in the deployment's history, where there is one and it may be written."""
        if not (plan.service.is_ours and operator.run):
            return
        entry = {
            "run": operator.run,
            "deployment": plan.service.deployment,
            "command": f"rollback {plan.service.short} to {plan.target.number}",
            "who": operator.who,
            "host": platform.node(),
            "started_at": started_at,
            "ended_at": self._now(),
            "verdict": ended.verdict,
            "exit_code": int(ended.exit_code),
            "sentence": ended.sentence,
        }
        with suppress(AwsError):
            self.connection.logbook().put(plan.service.deployment, f"runs/{operator.run}.json", entry)

    def _hold_for(self, plan: RollbackPlan, operator: acting.Operator, before: Hold | None) -> Hold | None:
        came_from = f"from {plan.current.number} " if plan.current and plan.current != plan.target else ""
        why = f"rolled back {came_from}to {plan.target.number}{f': {operator.reason}' if operator.reason else ''}"
        if before and before.by != BY_ROLLBACK:
            # Somebody's own hold says more than ours would, and ends when they say so.
            return before
        hold = Hold(self.who, why, self._now(), by=BY_ROLLBACK)
        return hold if holding.hold(self.aws, plan.service, hold) else None

    def _teller(self, plan: RollbackPlan, events: EventStream | None, on_progress: Progress | None) -> Progress:
        address = f"service.{plan.service.short}"
        told: list[dict[str, Any]] = []

        def tell(rollout: Rollout) -> None:
            detail = rollout_detail(rollout)
            if events and detail not in told[-1:]:
                told.append(detail)
                events.publish(EventType.ROLLOUT, address=address, message=rollout.sentence, detail=detail)
            if on_progress:
                on_progress(rollout)

        return tell

    def _now(self) -> str:
        return self.connection.clock.now().isoformat(timespec="seconds")

    def hold(self, refs: Sequence[ServiceRef], reason: str, until: datetime | None = None) -> list[Hold]:
        """Hold services: a replay does not move them. Raises `AwsError` when tags may not be written."""
        end = until.isoformat(timespec="seconds") if until else ""
        hold = Hold(self.who, reason, self._now(), end)
        for ref in refs:
            holding.insist_on_hold(self.aws, ref, hold)
        return [hold] * len(refs)

    def release(self, refs: Sequence[ServiceRef]) -> list[Hold | None]:
        """Let services move again; what held each."""
        return [holding.let_go(self.aws, ref) for ref in refs]

    def log_lines(
        self,
        ref: ServiceRef,
        *,
        since: datetime,
        contains: str = "",
        follow: bool = False,
        stopping: threading.Event | None = None,
    ) -> Iterator[log_tail.LogLine]:
        """What its containers wrote since then; with `follow`, also what they write from now on, until `stopping`."""
        sources = log_tail.sources_of(self.aws, self.found(ref))
        if not follow:
            return iter(log_tail.lines(self.aws, sources, since, contains))
        stop = stopping or threading.Event()
        return log_tail.follow(self.aws, sources, since, self.connection.clock, stop, contains)


def reading_releases(
    connection: Connection, allowed: Callable[[], bool], on_call: Callable[[], object] | None = None
) -> Releases:
    """Releases that can only look until `allowed` says so; `on_call` is told of every call."""

    def heard(_: CallRecord) -> None:
        if on_call:
            on_call()

    aws = AwsCalls(connection.session, connection.clock, heard, patience=LOOKING_PATIENCE_S)
    return Releases(connection, ReadOnlyCalls(aws, allowed))


def _warnings(claimed: Claimed, hold: Hold | None, ended: Ended) -> tuple[str, ...]:
    found = []
    if not claimed.certain:
        found.append("tags may not be written (ecs:TagResource), so another operator could not see this rollback")
    if hold is None and ended.restored:
        found.append("the service is not held: its tags may not be written (ecs:TagResource)")
    return tuple(found)


def plan_event(plan: RollbackPlan) -> dict[str, Any]:
    """The plan as the fields of a `planned_change` event."""
    return {
        "address": f"service.{plan.service.short}",
        "action": "update" if plan.way is not Way.NOTHING else "no-op",
        "message": plan.title,
        "id": plan.service.arn,
        "detail": plan.as_json(),
    }
