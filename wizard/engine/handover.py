"""Changes in two strokes: what others still need of an old value goes only when they have moved on.

A listener goes on forwarding to the old target group until tasks behind the new one are well; a role keeps what the
old version of a service may do until the new version runs. The first stroke sets what serves both; the second, the
finish, sets what is desired. A run that stops in between leaves an ordinary difference to the next plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from wizard.engine.kind import Kind, Live
from wizard.engine.plan import Action, Change
from wizard.engine.runner import Task, Watcher
from wizard.engine.site import Site
from wizard.engine.step import Pause, Step, converge

FINISH = "finish "
LOOK_SECONDS = 5.0


def is_handed_over(change: Change, kind: Kind) -> bool:
    """Whether a change has two strokes."""
    changed = {difference.property for difference in change.differences}
    return change.action is Action.UPDATE and bool(changed & kind.handed_over)


def meanwhile(kind: Kind, live: Live, desired: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of the first stroke."""
    both = {
        name: kind.meanwhile(name, live.properties[name], desired[name])
        for name in kind.handed_over & desired.keys()
        if live.properties.get(name) is not None and desired[name] is not None
    }
    return {**desired, **both}


class Ended:
    """Which of the wanted tasks came to an end, and whether each ended well."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._open = set(wanted)
        self._failed = False

    @property
    def all(self) -> bool:
        """Whether nothing that is wanted is under way."""
        return not self._open

    @property
    def well(self) -> bool:
        """Whether nothing failed so far."""
        return not self._failed

    def listening(self, watcher: Watcher) -> Watcher:
        """The same watcher, heard here too. Of a finish it is told only when that fails."""

        def started(key: str) -> None:
            if not key.startswith(FINISH):
                watcher.started(key)

        def waiting(key: str, status: Any, elapsed: float) -> None:
            if not key.startswith(FINISH):
                watcher.waiting(key, status, elapsed)

        def finished(key: str, live: Live | None, elapsed: float) -> None:
            self._open.discard(key)
            if not key.startswith(FINISH):
                watcher.finished(key, live, elapsed)

        def failed(key: str, error: BaseException, elapsed: float) -> None:
            self._note_failure(key)
            watcher.failed(key, error, elapsed)

        def skipped(key: str, cause: str) -> None:
            self._note_failure(key)
            if not key.startswith(FINISH):
                watcher.skipped(key, cause)

        return replace(watcher, started=started, waiting=waiting, finished=finished, failed=failed, skipped=skipped)

    def _note_failure(self, key: str) -> None:
        self._open.discard(key)
        self._failed = True


def finishing(site: Site, address: str, desired: Callable[[], Mapping[str, Any]], ended: Ended) -> Task:
    """The second stroke: as soon as the new serves, or when all that is wanted stands; never after a failure."""
    kind = site.kinds[address.partition(".")[0]]

    def steps() -> Step:
        wanted = desired()
        while not ended.all:
            if kind.has_taken_over(site.context, wanted):
                break
            yield Pause(LOOK_SECONDS)
        else:
            if not ended.well:
                return None
        return (yield from converge(site, address, kind, wanted))

    return Task(f"{FINISH}{address}", frozenset({address}), steps)
