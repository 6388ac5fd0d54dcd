"""What was begun on this machine and not finished: runs that stopped, and drafts of the walk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wizard.home import home

if TYPE_CHECKING:
    from wizard.deployment.runs import RunFolder


@dataclass(frozen=True)
class Begun:
    """A run or a draft; `key` opens it."""

    key: str
    name: str
    told: str


def folder_of(run: str) -> RunFolder:
    """The folder of a run."""
    from wizard.deployment.runs import Runs

    return Runs(home()).folder(run)


def interrupted(now: datetime) -> Iterator[Begun]:
    """Each run of this machine that did not come to its end; the newest of each deployment."""
    from wizard.deployment.runs import Runs

    seen: set[str] = set()
    for folder in Runs(home()).of():
        deployment = str(folder.request().get("deployment", ""))
        if not deployment or deployment in seen:
            continue
        seen.add(deployment)
        if not folder.is_finished():
            yield Begun(f"run {folder.run}", deployment, _told(folder, now))


def _told(folder: RunFolder, now: datetime) -> str:
    """`stopped 12 min ago at 31 of 64: broker`."""
    from wizard.engine.journal import read_records

    planned, done, at, open_now = 0, 0, "", {}
    records = read_records(folder.journal) if folder.journal.is_file() else ()
    for event in (record.get("event") or {} for record in records):
        address, at = str(event.get("address", "")), str(event.get("at", at))
        match event.get("type"):
            case "change_summary":
                planned = _steps(event.get("detail", {}))
            case "apply_start":
                open_now[address] = True
            case "apply_complete":
                done += 1
                open_now.pop(address, None)
    where = f" at {done} of {planned}" if planned else ""
    working = f": {next(iter(open_now)).replace('.', ' ').replace('_', ' ')}" if open_now else ""
    return f"stopped {_ago(at, now)}{where}{working}"


def _steps(summary: dict[str, Any]) -> int:
    counts: dict[str, int] = summary.get("counts", {})
    return sum(number for action, number in counts.items() if action != "no-op")


def _ago(at: str, now: datetime) -> str:
    try:
        minutes = int((now - datetime.fromisoformat(at)).total_seconds() // 60)
    except ValueError:
        return "at once"
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"


def drafts() -> Iterator[Begun]:
    """The drafts, newest first."""
    from wizard.walk.draft import Drafts

    for draft in Drafts().all():
        answers = f"{draft.answered} answer{'s' if draft.answered != 1 else ''}"
        yield Begun(f"draft {draft.id}", draft.name or "(no name yet)", f"draft, {answers}, at {draft.at}")
