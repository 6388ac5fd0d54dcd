"""A run that watches one service: the engine's own step over a kind's own status, driven by hand."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wizard.deployment.verdicts import graded
from wizard.engine.clock import Clock
from wizard.engine.events import EventStream
from wizard.engine.journal import Journal
from wizard.engine.kind import Calls, Context, Identity, Kind, Live, Properties, Scope, Status
from wizard.engine.runner import Outcome
from wizard.engine.site import Site
from wizard.engine.step import converge
from wizard.engine.values import SecretInput, Sensitive
from wizard.errors import ExitCode, PilotageError

DEPLOYMENT, ADDRESS = "shop/dev", "service.api"


@dataclass(frozen=True)
class AwsTime(Clock):
    """The clock of a run whose time is let pass by hand; its pauses between retries are short."""

    passed: list[float] = field(default_factory=lambda: [0.0])

    def seconds(self) -> float:
        return self.passed[0]


class Asked(Kind):
    """Any kind whose resource was just asked to become what is wanted, so that only its status is left to be seen."""

    name = "service"
    title = "service"
    identity = Identity.NAMED

    def __init__(self, kind: Kind, live: Live) -> None:
        self.kind = kind
        self.live: Live = live
        self.there = True
        self.told: Status | None = None

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        return [self.live] if self.there else []

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        self.there = True
        return self.live.id

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        raise AssertionError(f"nothing differs: {changed}")

    def delete(self, context: Context, live: Live) -> None:
        self.there = False

    def limit_seconds(self, properties: Properties) -> float:
        return self.kind.limit_seconds(properties)

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        self.told = self.kind.status(context, live, properties)
        return self.told


class Nothing:
    """What the tagging API lists; it lags."""

    def arns(self, kind: str) -> Mapping[str, str]:
        return {}

    def tags(self, arn: str) -> Mapping[str, str] | None:
        return None


def context_of(aws: Calls, clock: Clock) -> Context:
    """What a run's kinds work with."""
    return Context(aws, Scope(DEPLOYMENT, "000000000000", "us-east-1", "run1"), Nothing(), clock)


class Run:
    """Watches until the engine says that it is over."""

    def __init__(self, kind: Kind, live: Live, aws: Calls, clock: AwsTime, journal: Path) -> None:
        self._asked = Asked(kind, live)
        context = context_of(aws, clock)
        events = EventStream("run1", clock)
        self._journal = Journal(journal)
        site = Site(context, {"service": self._asked}, self._journal, events, _no_secret, threading.Event())
        self._step = converge(site, ADDRESS, self._asked, live.properties)
        self.exit_code: ExitCode | None = None
        """The exit code that the run ends with; None while it watches."""

    def poll(self) -> Status | None:
        """Look once; what the kind said, or None when it could not say anything."""
        self._asked.told = None
        try:
            next(self._step)
        except StopIteration:
            self.exit_code = ExitCode.OK
        except PilotageError as error:
            self.exit_code = graded(Outcome(errors={ADDRESS: error}))[0].exit_code
        return self._asked.told

    def close(self) -> None:
        """Nobody watches any more."""
        self._journal.close()


def _no_secret(_: SecretInput) -> Sensitive | None:
    return None
