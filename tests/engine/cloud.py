"""A tiny cloud in memory with three kinds, one of each identity class, and faults on demand.

`Net` is tagged (no name, no token), `Box` is named and takes three calls to set up, `Job` is tokened and takes time.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from wizard.engine.clock import Clock
from wizard.engine.events import Event, EventStream
from wizard.engine.journal import Journal
from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Scope, State, Status
from wizard.engine.site import Site
from wizard.engine.values import SecretInput, Sensitive
from wizard.errors import AmbiguousAnswer, AwsError

SCALE = 4000.0


@dataclass
class Thing:
    """Something that exists in the cloud."""

    kind: str
    id: str
    settings: dict[str, Any]
    owner: str
    address: str
    token: str = ""
    polls: int = 0


class Killed(BaseException):
    """Stands for kill -9: nothing in the product catches it."""


@dataclass
class Cloud:
    """Holds the things; `hooks` run before and after each change and may raise."""

    things: list[Thing] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda change: None
    after: Callable[[str], None] = lambda change: None
    hidden_reads: dict[str, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def change(self, what: str, perform: Callable[[], Any]) -> Any:
        """Perform one change, hooks around it."""
        with self.lock:
            self.changes.append(what)
            self.before(what)
            result = perform()
            self.after(what)
            return result

    def add(self, kind: str, settings: dict[str, Any], owner: str, address: str, token: str = "") -> Thing:
        """Make a thing."""
        thing = Thing(kind, f"{kind}-{next(self.numbers)}", settings, owner, address, token)
        self.things.append(thing)
        return thing

    def of(self, kind: str) -> list[Thing]:
        """The things of a kind that AWS shows by now."""
        with self.lock:
            shown = []
            for thing in self.things:
                if thing.kind != kind:
                    continue
                if self.hidden_reads.get(thing.id, 0) > 0:
                    self.hidden_reads[thing.id] -= 1
                    continue
                shown.append(thing)
            return shown

    def get(self, id: str) -> Thing:
        """One thing by id."""
        for thing in self.things:
            if thing.id == id:
                return thing
        raise AwsError("cloud:Get", "Thing.NotFound", id)


class _Toy(Kind):
    iam: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def _live(self, thing: Thing) -> Live:
        return Live(thing.address, thing.id, dict(thing.settings), {"id": thing.id, **thing.settings}, thing.owner)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        mine = [thing for thing in self.cloud.of(self.name) if thing.owner == context.scope.deployment]
        names = {properties.get("name") for properties in wanted.values()} - {None}
        strangers = [t for t in self.cloud.of(self.name) if t not in mine and t.settings.get("name") in names]
        return [self._live(thing) for thing in (*mine, *strangers)]

    def delete(self, context: Context, live: Live) -> None:
        thing = self.cloud.get(live.id)
        self.cloud.change(f"delete {live.address}", lambda: self.cloud.things.remove(thing))

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        for name in sorted(changed):
            thing = self.cloud.get(live.id)
            value = properties[name]
            self.cloud.change(f"set {live.address} {name}", partial(thing.settings.__setitem__, name, value))


class Net(_Toy):
    """Found by tag alone."""

    name, title, identity = "net", "network", Identity.TAGGED
    immutable = frozenset({"range"})
    lag_seconds = 200

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        scope = context.scope
        made = self.cloud.change(
            f"create {address}", lambda: self.cloud.add("net", dict(properties), scope.deployment, address)
        )
        return str(made.id)


class Box(_Toy):
    """Created bare; `lid` and `lock` are set by further calls."""

    name, title, identity = "box", "box", Identity.NAMED
    uses = frozenset({"net"})
    data = True

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        bare = {"name": properties["name"], "net": properties.get("net")}
        for thing in self.cloud.of("box"):
            if thing.settings["name"] == bare["name"]:
                return thing.id
        scope = context.scope
        made = self.cloud.change(f"create {address}", lambda: self.cloud.add("box", bare, scope.deployment, address))
        return str(made.id)


class Job(_Toy):
    """Starts slowly: ready at the third poll, when it gets the attribute `door`.

    `fate: dead` makes the first one a corpse, `fate: bad` fails for good.
    """

    name, title, identity = "job", "job", Identity.TOKENED
    uses = frozenset({"net", "box"})
    poll_seconds = 5

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        for thing in self.cloud.things:
            if thing.token == token:
                return thing.id
        scope = context.scope
        made = self.cloud.change(
            f"create {address}", lambda: self.cloud.add("job", dict(properties), scope.deployment, address, token)
        )
        return str(made.id)

    def create_seconds(self, properties: Properties) -> float:
        return 60

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        thing = self.cloud.get(live.id)
        thing.polls += 1
        if thing.settings.get("fate") == "bad":
            return Status(State.FAILED, "it fell over")
        if thing.settings.get("fate") == "dead" and len([c for c in self.cloud.changes if "create job" in c]) == 1:
            return Status(State.FAILED, "stillborn", corpse=True)
        if thing.polls > 2:
            thing.settings["door"] = f"door-of-{thing.id}"
            return READY
        return Status(State.PENDING, f"starting {thing.polls}")

    def is_on_its_way(self, live: Live) -> bool:
        return "door" not in live.properties


class _NoCalls:
    def __getattr__(self, name: str) -> Any:
        raise AssertionError("toy kinds call the cloud, not AWS")


class _EveryKind:
    """An index that has something of every kind, so that every kind is read."""

    def arns(self, kind: str) -> Mapping[str, str]:
        return {f"{kind}.any": "arn"}

    def tags(self, arn: str) -> Mapping[str, str] | None:
        return None


def kinds_of(cloud: Cloud) -> dict[str, Kind]:
    """The three kinds over one cloud."""
    return {"net": Net(cloud), "box": Box(cloud), "job": Job(cloud)}


def supply(wanted: SecretInput) -> Sensitive | None:
    """Nobody gives secrets here."""
    return None


def context_of(deployment: str = "toy/main") -> Context:
    """A context whose clock is fast."""
    return Context(_NoCalls(), Scope(deployment, "000000000000", "us-east-1", "run-1"), _EveryKind(), Clock(SCALE))


def site_of(
    cloud: Cloud, journal: Path, *, may_delete_data: bool = False, resume: bool = True
) -> tuple[Site, list[Event]]:
    """A site over a journal file that carries on from what is in it, and the list its events go to."""
    from wizard.engine.journal import unsettled_intents

    intents = unsettled_intents(journal) if resume and journal.exists() else {}
    journal.unlink(missing_ok=True)
    heard: list[Event] = []
    events = EventStream("run-1", Clock(SCALE))
    events.subscribe(heard.append)
    site = Site(
        context_of(), kinds_of(cloud), Journal(journal, intents), events, supply, threading.Event(), may_delete_data
    )
    return site, heard


def lost(change: str) -> AmbiguousAnswer:
    """The answer that never came."""
    return AmbiguousAnswer(change, "connection reset")
