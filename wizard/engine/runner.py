"""The ready queue: a step starts as soon as what it depends on is done; waiting costs no worker."""

from __future__ import annotations

import heapq
import queue
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from wizard.engine.clock import Clock
from wizard.engine.kind import Live, Status
from wizard.engine.step import Pause, Step
from wizard.errors import Interrupted

WORKERS = 8
STOP_CHECK_SECONDS = 0.2


@dataclass(frozen=True)
class Task:
    """One step with what must be done before it. `open` makes the generator when its turn comes.

    `ahead` is the AWS seconds that this step and the longest chain after it usually take: when more steps are ready
    than there are workers, the longest pole goes first.
    """

    key: str
    after: frozenset[str]
    open: Callable[[], Step]
    ahead: float = 0.0


@dataclass
class Outcome:
    """What became of every task."""

    done: dict[str, Live | None] = field(default_factory=dict)
    errors: dict[str, BaseException] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    """Task to the failed task that is its cause."""
    unfinished: set[str] = field(default_factory=set)
    """Started or ready when the run was stopped."""


@dataclass(frozen=True)
class Watcher:
    """Is told what happens to the tasks, always from the thread that called `run`."""

    started: Callable[[str], None]
    waiting: Callable[[str, Status | None, float], None]
    finished: Callable[[str, Live | None, float], None]
    failed: Callable[[str, BaseException, float], None]
    skipped: Callable[[str, str], None]


@dataclass(frozen=True)
class _Report:
    key: str
    pause: Pause | None = None
    live: Live | None = None
    error: BaseException | None = None


def run(tasks: Mapping[str, Task], clock: Clock, watcher: Watcher, stopping: Callable[[], bool]) -> Outcome:
    """Run every task; after a failure go on with all that does not depend on it; after a stop start nothing new."""
    return _Run(tasks, clock, watcher, stopping).go()


class _Run:
    def __init__(self, tasks: Mapping[str, Task], clock: Clock, watcher: Watcher, stopping: Callable[[], bool]) -> None:
        self.tasks = tasks
        self.clock = clock
        self.watcher = watcher
        self.stopping = stopping
        self.outcome = Outcome()
        self.reports: queue.SimpleQueue[_Report] = queue.SimpleQueue()
        self.steps: dict[str, Step] = {}
        self.started_at: dict[str, float] = {}
        self.sleeping: list[tuple[float, str]] = []
        self.ready: list[tuple[float, str]] = []
        self.running = 0
        self.blocked = {key: set(task.after & tasks.keys()) for key, task in tasks.items()}
        self.dependents: dict[str, list[str]] = {key: [] for key in tasks}
        for key, parents in self.blocked.items():
            for parent in parents:
                self.dependents[parent].append(key)

    def go(self) -> Outcome:
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="step") as pool:
            self.pool = pool
            for key in [key for key, parents in self.blocked.items() if not parents]:
                self._begin(key)
            while self.running or self.ready or (self.sleeping and not self.stopping()):
                self._wake_sleepers()
                self._dispatch()
                report = self._next_report()
                if report is not None:
                    self._take(report)
        self._count_unfinished()
        return self.outcome

    def _begin(self, key: str) -> None:
        if self.stopping():
            return
        self.started_at[key] = time.monotonic()
        self.watcher.started(key)
        self.steps[key] = self.tasks[key].open()
        self._advance(key)

    def _advance(self, key: str) -> None:
        heapq.heappush(self.ready, (-self.tasks[key].ahead, key))

    def _dispatch(self) -> None:
        while self.ready and self.running < WORKERS:
            _, key = heapq.heappop(self.ready)
            if self.stopping():
                self.outcome.unfinished.add(key)
                continue
            self.running += 1
            self.pool.submit(self._work, key)

    def _work(self, key: str) -> None:
        try:
            self.reports.put(_Report(key, pause=next(self.steps[key])))
        except StopIteration as end:
            self.reports.put(_Report(key, live=end.value))
        except BaseException as error:  # noqa: BLE001 - a worker has nobody to raise to: the run's thread decides
            self.reports.put(_Report(key, error=error))

    def _wake_sleepers(self) -> None:
        while self.sleeping and self.sleeping[0][0] <= time.monotonic() and not self.stopping():
            _, key = heapq.heappop(self.sleeping)
            self._advance(key)

    def _next_report(self) -> _Report | None:
        if not self.running and not self.sleeping:
            return None
        until_next = self.sleeping[0][0] - time.monotonic() if self.sleeping else STOP_CHECK_SECONDS
        try:
            return self.reports.get(timeout=min(max(until_next, 0.0005), STOP_CHECK_SECONDS))
        except queue.Empty:
            return None

    def _take(self, report: _Report) -> None:
        self.running -= 1
        key, elapsed = report.key, time.monotonic() - self.started_at[report.key]
        if report.pause is not None:
            heapq.heappush(self.sleeping, (time.monotonic() + self.clock.real(report.pause.seconds), key))
            self.watcher.waiting(key, report.pause.status, elapsed)
        elif isinstance(report.error, Interrupted):
            self.outcome.unfinished.add(key)
        elif report.error is not None:
            self.outcome.errors[key] = report.error
            self.watcher.failed(key, report.error, elapsed)
            self._skip_dependents(key, cause=key)
        else:
            self.outcome.done[key] = report.live
            self.watcher.finished(key, report.live, elapsed)
            self._release(key)

    def _release(self, key: str) -> None:
        for dependent in self.dependents[key]:
            self.blocked[dependent].discard(key)
            if not self.blocked[dependent] and dependent not in self.outcome.skipped:
                self._begin(dependent)

    def _skip_dependents(self, key: str, cause: str) -> None:
        for dependent in self.dependents[key]:
            if dependent not in self.outcome.skipped:
                self.outcome.skipped[dependent] = cause
                self.watcher.skipped(dependent, cause)
                self._skip_dependents(dependent, cause)

    def _count_unfinished(self) -> None:
        settled = self.outcome.done.keys() | self.outcome.errors.keys() | self.outcome.skipped.keys()
        self.outcome.unfinished |= self.tasks.keys() - settled
