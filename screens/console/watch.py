"""Watches one service on a thread: what was last seen of it, part by part, each part as soon as it is known.

The reads are bounded: the rollout every few seconds, revisions, tasks, timeline and metrics less often. All of them go
through a client that refuses whatever is not a read, until a person has confirmed a change.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from wizard.errors import PilotageError

if TYPE_CHECKING:
    from wizard.deployment.opening import Connection
    from wizard.deployment.releases import Releases
    from wizard.deployment.surroundings import Surroundings
    from wizard.release.diagnosis.rule import Diagnosis
    from wizard.release.metrics import Series
    from wizard.release.readiness import Readiness
    from wizard.release.revision import Revision
    from wizard.release.rollback_plan import RollbackPlan
    from wizard.release.rollout import Rollout
    from wizard.release.service_ref import ServiceRef
    from wizard.release.targets import TargetState
    from wizard.release.tasks import TaskState
    from wizard.release.timeline import Moment

FAST_S, SLOW_S = 5.0, 30.0
"""AWS seconds between two looks at the rollout, and at all the rest."""
SHORTEST_S = 0.2
"""Real seconds between two looks, however fast the sandbox's clock runs."""
LOG_LINES_KEPT = 20000
TIMELINE_HOURS = 12


@dataclass(frozen=True)
class Seen:
    """What is known of a service; parts that are not known yet are None."""

    ref: ServiceRef
    at: float = 0.0
    """When the rollout was last read, on the monotonic clock."""
    rollout: Rollout | None = None
    diagnosis: Diagnosis | None = None
    revisions: tuple[Revision, ...] | None = None
    readiness: Mapping[str, Readiness] = field(default_factory=dict)
    plan: RollbackPlan | None = None
    """The way back that would be offered now."""
    no_plan: str = ""
    """Why there is none."""
    tasks: tuple[TaskState, ...] | None = None
    targets: tuple[TargetState, ...] | None = None
    timeline: tuple[Moment, ...] | None = None
    metrics: tuple[Series, ...] | None = None
    hold: str = ""
    trouble: str = ""
    calls_a_minute: int = 0


class Watch:
    """One service being watched."""

    def __init__(
        self, connection: Connection, target: Callable[[Releases], ServiceRef], armed: Callable[[], bool]
    ) -> None:
        from wizard.deployment.releases import reading_releases

        self._connection = connection
        self._target = target
        self.releases: Releases = reading_releases(connection, armed, self._counted)
        self.seen: Seen | None = None
        self.trouble: PilotageError | None = None
        self.version = 0
        self.lines: deque[str] = deque(maxlen=LOG_LINES_KEPT)
        self._calls: deque[float] = deque(maxlen=5000)
        self._over = threading.Event()
        self._again = threading.Event()
        self._tailing = False
        self._lock = threading.Lock()

    def start(self) -> Watch:
        """Begin; returns itself."""
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        return self

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._again.set()

    def look_again(self) -> None:
        """Read everything now rather than later."""
        self._again.set()

    def tail(self) -> None:
        """Follow its log from now on."""
        if not self._tailing:
            self._tailing = True
            threading.Thread(target=self._tail, name="log", daemon=True).start()

    def _counted(self) -> None:
        self._calls.append(time.monotonic())

    def _put(self, **parts: Any) -> None:
        since = time.monotonic() - 60
        minute = sum(each >= since for each in list(self._calls))
        with self._lock:
            assert self.seen is not None
            self.seen = replace(self.seen, calls_a_minute=minute, **parts)
            self.version += 1

    def _watch(self) -> None:
        """The rollout, again and again; whatever takes longer goes on beside it."""
        try:
            self.seen = Seen(self._target(self.releases))
        except PilotageError as error:
            self.trouble = error
            self.version += 1
            return
        beside: threading.Thread | None = None
        while not self._over.is_set():
            try:
                if self._fast():
                    self._again.set()
                if self.seen.trouble:
                    self._put(trouble="")
            except PilotageError as error:
                self._put(trouble=error.summary)
            if beside is None or not beside.is_alive():
                beside = threading.Thread(target=self._look_around, name="around", daemon=True)
                beside.start()
            self._over.wait(max(self._connection.clock.real(FAST_S), SHORTEST_S))
        self._again.set()

    def _look_around(self) -> None:
        while not self._over.is_set():
            self._again.clear()
            self._slow()
            self._again.wait(max(self._connection.clock.real(SLOW_S), SHORTEST_S))

    def _fast(self) -> bool:
        """The rollout; whether it stands otherwise than before."""
        assert self.seen is not None
        before = self.seen.rollout
        rollout = self.releases.rollout(self.seen.ref)
        self._put(rollout=rollout, at=time.monotonic())
        return before is None or (before.verdict, before.task_definition, before.failed > 0) != (
            rollout.verdict,
            rollout.task_definition,
            rollout.failed > 0,
        )

    def _slow(self) -> None:
        """Everything else, the cause and the way back first."""
        from wizard.cli.defects import unforeseen
        from wizard.deployment.surroundings import Surroundings

        assert self.seen is not None
        ref, releases = self.seen.ref, self.releases
        around = Surroundings(releases, ref)
        for part in (
            lambda: {"diagnosis": around.diagnosis(self.seen.rollout if self.seen else None)},
            lambda: {"revisions": tuple(around.standing.revisions), "hold": around.hold()},
            lambda: {"readiness": releases.readiness_in(around.standing)},
            lambda: self._way_back(around),
            lambda: {"tasks": tuple(around.tasks()), "targets": tuple(around.targets())},
            lambda: {"timeline": tuple(around.timeline(_ago(TIMELINE_HOURS)))},
            lambda: {"metrics": tuple(around.metrics(datetime.now(UTC)))},
        ):
            if self._over.is_set():
                return
            try:
                self._put(**part())
            except PilotageError as error:
                self._put(trouble=error.summary)
            except Exception as error:  # noqa: BLE001 - a defect in one part must not take the others away at night
                self._put(trouble=unforeseen(error, None, safe="nothing was changed").evidence)

    def _way_back(self, around: Surroundings) -> dict[str, Any]:
        """Which revision a rollback would take now."""
        try:
            return {"plan": self.releases.plan_in(around.standing), "no_plan": ""}
        except PilotageError as error:
            return {"plan": None, "no_plan": error.summary}

    def _tail(self) -> None:
        while self.seen is None and self.trouble is None and not self._over.is_set():
            time.sleep(0.05)
        if self.seen is None:
            return
        try:
            for line in self.releases.log_lines(self.seen.ref, since=_ago(0.25), follow=True, stopping=self._over):
                self.lines.append(f"{line.at.astimezone():%H:%M:%S} {line.container}  {line.text}")
        except PilotageError as error:
            self.lines.append(f"(no log: {error.summary})")


def _ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)
