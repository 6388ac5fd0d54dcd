"""A run told in plain lines (SCREENS §7): what is said for each event, and the reminder while nothing happens."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.cli import words
from wizard.cli.progress import Moving, Progress
from wizard.engine.events import Event, EventType

WORTH_ANNOUNCING_S = 20.0
"""AWS seconds above which a step is announced when it starts, not only when it ends."""
PATIENCE_S = 10.0
"""Real seconds after which what a step waits for is worth a line."""
REMIND_EVERY_S = 15.0
NAMED_IN_REMINDER = 4
WIDEST_ADDRESS = 50


@dataclass(frozen=True)
class Line:
    """One line of words, with the style that repeats what it says."""

    text: str
    style: str = ""


class Lines:
    """Turns events into lines. `brief` leaves out what a live picture shows anyway."""

    def __init__(self, progress: Progress, *, brief: bool = False) -> None:
        self._progress = progress
        self._brief = brief
        self._width = 22
        self._last_told: dict[str, object] = {}
        self._last_line_at = progress.now()

    def of(self, event: Event) -> list[Line]:
        """The lines for one event, which the progress has heard already."""
        lines = self._of(event)
        if lines:
            self._last_line_at = self._progress.now()
        return lines

    def _of(self, event: Event) -> list[Line]:
        match event.type:
            case EventType.RUN_START:
                return [Line(header(event.detail), "strong"), *endpoint_warning(bool(event.detail.get("sandbox")))]
            case EventType.PLANNED_CHANGE:
                self._make_room([event.address])
            case EventType.CHANGE_SUMMARY:
                self._make_room(event.detail.get("addresses", ()))
                return [Line(plan_line(event.detail, self._progress.scale))]
            case EventType.APPLY_START:
                return self._started(event)
            case EventType.APPLY_PROGRESS:
                return self._waiting(event)
            case EventType.ROLLOUT:
                return self._rollout(event)
            case EventType.APPLY_COMPLETE:
                took = words.took(event.elapsed_s or 0.0)
                return [self._line(event.address, words.DONE.get(event.action, "done"), took, "good")]
            case EventType.APPLY_ERRORED:
                message = event.message.removeprefix(f"{event.address}: ")
                return [self._line(event.address, "failed", message, "bad")]
            case EventType.APPLY_SKIPPED:
                return [self._line(event.address, "skipped", event.message, "wait")]
            case EventType.DIAGNOSIS:
                return [self._line(event.address, "cause", event.message, "bad")]
        return []

    def _make_room(self, addresses: Iterable[str]) -> None:
        self._width = min(max([self._width, *(len(address) for address in addresses)]), WIDEST_ADDRESS)

    def _started(self, event: Event) -> list[Line]:
        usual = 0.0 if event.action == "delete" else self._progress.usual_s.get(event.address, 0.0)
        if self._brief or usual <= WORTH_ANNOUNCING_S:
            return []
        said = f"usually {words.expected(usual, self._progress.scale)}"
        return [self._line(event.address, words.DOING.get(event.action, "working"), said)]

    def _waiting(self, event: Event) -> list[Line]:
        """What a step waits for, when it is not the creation of something that was just asked for."""
        patient = event.action != "no-op" and (event.elapsed_s or 0.0) < PATIENCE_S
        if self._brief or patient or not event.message or self._told(event.address, event.message):
            return []
        return [self._line(event.address, "waiting", event.message)]

    def _rollout(self, event: Event) -> list[Line]:
        counts = {name: event.detail.get(name) for name in ("desired", "running", "pending", "failed", "targets")}
        if self._brief or self._told(event.address, (str(event.detail.get("verdict")), str(counts))):
            return []
        return [self._line(event.address, "rollout", event.message, "bad" if counts["failed"] else "")]

    def _told(self, address: str, what: object) -> bool:
        before = self._last_told.get(address)
        self._last_told[address] = what
        return before == what

    def _line(self, address: str, word: str, rest: str, style: str = "") -> Line:
        start = f"{words.stamp(self._progress.elapsed)}  {address:<{self._width}}  {word:<10}  "
        return Line(f"{start}{' '.join(rest.split())}".rstrip(), style)

    def reminder(self) -> list[Line]:
        """What is still running, when nothing was said for a while."""
        progress = self._progress
        moving = progress.moving
        if self._brief or not moving or progress.now() - self._last_line_at < REMIND_EVERY_S:
            return []
        self._last_line_at = progress.now()
        named = [self._still(each) for each in moving[:NAMED_IN_REMINDER]]
        if len(moving) > NAMED_IN_REMINDER:
            named.append(f"and {len(moving) - NAMED_IN_REMINDER} more")
        return [Line(f"{words.stamp(progress.elapsed)}  still {len(moving)} running: {', '.join(named)}")]

    def _still(self, each: Moving) -> str:
        told = f"{each.address} {words.took(self._progress.now() - each.since)}"
        usual = each.usual_s / self._progress.scale
        return f"{told} (usually {words.roughly(usual)})" if usual >= 1 else told


def header(detail: Mapping[str, Any]) -> str:
    """Whose run it is, and where: `fasttriage/dev  SANDBOX 000000000000 us-east-1`."""
    place = f"{detail.get('account', '')} {detail.get('region', '')}"
    return f"{detail.get('deployment', '')}  {'SANDBOX ' if detail.get('sandbox') else ''}{place}"


def endpoint_warning(sandbox: bool) -> list[Line]:
    """That calls go elsewhere than to AWS, when the environment says so."""
    url = os.environ.get("AWS_ENDPOINT_URL")
    if sandbox or not url:
        return []
    return [Line(f"warning: AWS_ENDPOINT_URL is set: calls go to {url}, not to AWS", "wait")]


def plan_line(detail: Mapping[str, Any], scale: float) -> str:
    """The sum of a plan: what, for how much, how long."""
    counts = detail.get("counts", {})
    parts = [words.to_do(counts)]
    if not any(number for action, number in counts.items() if action != "no-op"):
        parts = ["nothing to change"]
    if detail.get("monthly_usd"):
        parts.append(words.money(detail["monthly_usd"]))
    if detail.get("expected_s"):
        parts.append(f"about {words.expected(detail['expected_s'], scale)}")
    return f"plan  {'   '.join(parts)}"
