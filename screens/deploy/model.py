"""What is known of a run: each resource, what it waits for, how long it takes. Pure: it is fed with events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wizard.advice.sections import section_of
from wizard.cli.progress import Progress
from wizard.engine.events import Event, EventType

WAITING, WORKING, DONE, FAILED, SKIPPED = "waiting", "working", "done", "failed", "skipped"
OF_A_SERVICE = frozenset(
    {
        "service",
        "express_service",
        "app_runner_service",
        "task_definition",
        "scalable_target",
        "scaling_policy",
        "one_off_task",
    }
)
TITLES = {
    "ingress": "load balancer, TLS and DNS",
    "services": "cluster, images",
    "secrets": "secrets, keys",
    "rights": "roles",
    "watching": "logs, alarms",
}
"""What a person calls a section of the blueprint, where its own name does not say it."""


@dataclass(frozen=True)
class Item:
    """One resource of the run. `since` and `took` are readings of the run's clock, in real seconds."""

    address: str
    action: str
    state: str = WAITING
    since: float = 0.0
    took: float = 0.0
    usual_s: float = 0.0
    sentence: str = ""
    id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    error: Mapping[str, Any] = field(default_factory=dict)
    diagnosis: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind in the address."""
        return self.address.split(".", 1)[0]

    @property
    def group(self) -> str:
        """Which line of the picture it belongs to: its service, or its section."""
        if self.kind in OF_A_SERVICE:
            return self.address.split(".", 1)[1]
        section = section_of(self.kind)
        return TITLES.get(section, section)


@dataclass(frozen=True)
class Group:
    """Resources that a person sees as one thing."""

    name: str
    items: tuple[Item, ...]
    needs: tuple[str, ...] = ()
    """Groups that must come first."""

    @property
    def state(self) -> str:
        """The most telling state among its items."""
        states = {item.state for item in self.items}
        for state in (FAILED, WORKING):
            if state in states:
                return state
        if SKIPPED in states:
            return SKIPPED
        if states == {DONE}:
            return DONE
        return WORKING if DONE in states else WAITING

    @property
    def done(self) -> int:
        """How many are finished."""
        return sum(item.state == DONE for item in self.items)

    def elapsed(self, now: float) -> float:
        """Real seconds from its first start to its last end, or to now."""
        begun = [item.since for item in self.items if item.since]
        if not begun:
            return 0.0
        ends = [now if item.state == WORKING else item.since + item.took for item in self.items if item.since]
        return max(ends) - min(begun)


class RunPicture:
    """The state of one run."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.progress = Progress(now)
        self.items: dict[tuple[str, str], Item] = {}
        self.outputs: Mapping[str, Any] = {}
        self.verdict = ""
        self.exit_code: int | None = None
        self.over = False
        """Whether the run ended, with a verdict or before it had one."""
        self.diagnosis: Mapping[str, Any] = {}
        self._needs: Mapping[str, frozenset[str]] = {}
        self.version = 0
        """Grows with each event, so that a drawing knows whether it is old."""

    @property
    def scale(self) -> float:
        """AWS seconds in a real one."""
        return self.progress.scale

    @scale.setter
    def scale(self, scale: float) -> None:
        self.progress.scale = scale

    def know_needs(self, needs: Mapping[str, frozenset[str]]) -> None:
        """Which addresses each address refers to."""
        self._needs = needs

    def take(self, event: Event) -> None:
        """Hear the next event."""
        self.version += 1
        self.progress.take(event)
        key = (event.address, "delete" if event.action == "delete" else "make")
        now = self.progress.now()
        before = self.items.get(key, Item(event.address, event.action))
        match event.type:
            case EventType.PLANNED_CHANGE:
                self.items[key] = replace(
                    before, action=event.action, usual_s=float(event.detail.get("expected_s", 0)), id=event.id
                )
            case EventType.APPLY_START:
                self.items[key] = replace(before, action=event.action, state=WORKING, since=now, sentence="")
            case EventType.APPLY_PROGRESS | EventType.ROLLOUT:
                self.items[key] = replace(before, sentence=event.message, detail=event.detail)
            case EventType.APPLY_COMPLETE:
                took = now - before.since if before.since else 0.0
                self.items[key] = replace(before, state=DONE, took=took, id=event.id or before.id, sentence="")
            case EventType.APPLY_ERRORED:
                took = now - before.since if before.since else 0.0
                self.items[key] = replace(before, state=FAILED, took=took, sentence=event.message, error=event.detail)
            case EventType.APPLY_SKIPPED:
                self.items[key] = replace(before, action=event.action, state=SKIPPED, sentence=event.message)
            case EventType.DIAGNOSIS:
                self.diagnosis = {**event.detail, "address": event.address}
                if key in self.items:
                    self.items[key] = replace(before, diagnosis=event.detail)
            case EventType.OUTPUTS:
                self.outputs = event.detail
            case EventType.RUN_COMPLETE:
                self.verdict, self.exit_code = event.verdict, event.exit_code

    def groups(self) -> list[Group]:
        """The picture, in the order in which the plan first names each group."""
        members: dict[str, list[Item]] = defaultdict(list)
        for item in list(self.items.values()):
            members[item.group].append(item)
        return [Group(name, tuple(items), self._missing(name, items)) for name, items in members.items()]

    def _missing(self, name: str, items: Sequence[Item]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for item in items:
            if item.state != WAITING:
                continue
            for address in sorted(self._needs.get(item.address, ())):
                other = self.items.get((address, "make"))
                if other is not None and other.state in (WAITING, WORKING) and other.group != name:
                    found[other.group] = None
        return tuple(found)

    def needs(self, address: str) -> list[str]:
        """Addresses that this one waits for now."""
        waiting = (self.items.get((other, "make")) for other in sorted(self._needs.get(address, ())))
        return [item.address for item in waiting if item is not None and item.state in (WAITING, WORKING, FAILED)]

    def now_doing(self) -> str:
        """What is happening, in one sentence: the longest expected of what is in work."""
        if self.over and not self.verdict:
            return "ended before anything was changed" if not self.progress.begun else "ended"
        if self.verdict:
            return {"ok": "done", "no_changes": "nothing had to change"}.get(
                self.verdict, self.verdict.replace("_", " ")
            )
        working = [item for item in self.items.values() if item.state == WORKING]
        if not working:
            return "reading what is there" if not self.items else "about to begin"
        slowest = max(working, key=lambda item: (item.usual_s, -item.since))
        name = slowest.group if slowest.kind in OF_A_SERVICE else slowest.address.replace("_", " ").replace(".", " ")
        return f"{slowest.action if slowest.action == 'delete' else 'waiting for'} {name}"
