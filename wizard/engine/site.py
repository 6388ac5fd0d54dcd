"""Where a run's steps work: the calls, the journal, the events, and how one resource is looked at, fresh."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wizard.engine.events import EventStream
from wizard.engine.journal import Journal
from wizard.engine.kind import Context, Index, Kind, Live
from wizard.engine.values import Supply
from wizard.engine.world import is_renewed
from wizard.errors import Interrupted


@dataclass(frozen=True)
class OneOf:
    """The index as a step sees it: its own address, so that looking at one does not ask about its neighbours."""

    index: Index
    address: str

    def arns(self, kind: str) -> Mapping[str, str]:
        """At most one."""
        return {address: arn for address, arn in self.index.arns(kind).items() if address == self.address}

    def tags(self, arn: str) -> Mapping[str, str] | None:
        """As the index."""
        return self.index.tags(arn)


@dataclass(frozen=True)
class Site:
    """What every step of a run works with."""

    context: Context
    kinds: Mapping[str, Kind]
    journal: Journal
    events: EventStream
    supply: Supply
    stopping: threading.Event
    may_delete_data: bool = False

    def now(self) -> float:
        """The clock, in AWS seconds."""
        return self.context.clock.seconds()

    def look(self, kind: Kind, address: str, properties: Mapping[str, Any], id: str = "") -> Live | None:
        """Read one resource, fresh; with `id`, that very one and no other."""
        narrow = replace(self.context, index=OneOf(self.context.index, address), neighbours=False)
        for live in kind.read_many(narrow, {address: properties}):
            if live.address == address and (live.id == id if id else not is_renewed(kind, properties, live)):
                return live
        return None

    def intend(self, address: str, verb: str, generation: int = 1) -> str:
        """Put the next change on disk, unless the run is stopping; returns its client token.

        An intent without outcome, this run's or a dead one's, hands on its token.
        """
        if self.stopping.is_set():
            raise Interrupted("stopped before the next change", safe="calls in flight have finished")
        open_intent = self.journal.unsettled(address)
        token = self.context.token(address, generation)
        if open_intent and (open_intent.verb, open_intent.generation) == (verb, generation):
            token = open_intent.token
        self.journal.intend(address, verb, generation, token, self.context.clock.now())
        return token
