"""The console's panes as rows: the verdict, revisions, tasks, targets, timeline, charts, the difference of two."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.text import Text

from screens.console.watch import Seen
from screens.styles import line, wrapped
from screens.widgets.rows import Row
from wizard.release.difference import differences
from wizard.release.metrics import Series
from wizard.release.readiness import Can, Readiness
from wizard.release.revision import Outcome, Revision
from wizard.release.rollout import Rollout, Verdict

BARS = "▁▂▃▄▅▆▇█"
STALE_S = 30.0


def verdict_word(rollout: Rollout | None) -> tuple[str, str]:
    """One word for how a service is, and its style."""
    if rollout is None:
        return "LOOKING", "quiet"
    healthy = rollout.running >= rollout.desired
    if rollout.verdict in (Verdict.IN_PROGRESS, Verdict.ROLLING_BACK):
        return ("ROLLING", "wait") if not rollout.failed else ("FAILING", "bad")
    if rollout.verdict is Verdict.ROLLED_BACK:
        return ("OK", "good") if healthy else ("DOWN", "bad")
    if not rollout.desired:
        return "IDLE", "quiet"
    if rollout.running == 0 or rollout.verdict in (Verdict.FAILED, Verdict.STOPPED):
        return "DOWN", "bad"
    return ("OK", "good") if healthy else ("LACKING", "wait")


def head(seen: Seen | None, acting: str, width: int) -> list[Text]:
    """Three lines: how it is, why, and what is being done about it."""
    if seen is None:
        return [line((" looking for the service", "quiet"))]
    rollout = seen.rollout
    word, style = verdict_word(rollout)
    lines = []
    if rollout is None:
        lines.append(line((f" {word}", style)))
    else:
        lines.append(line((f" {word}{_since(seen)}  ", style), rollout.sentence))
    cause = seen.diagnosis
    if cause is not None and not getattr(cause, "normal", False):
        lines.append(line("       ", (" ".join(cause.sentence.split()), "bad")))
        first = next((each.strip() for each in cause.evidence.splitlines() if each.strip()), "")
        lines.append(line("       ", (first, "quiet")))
    elif seen.hold:
        lines.append(line("       ", (seen.hold, "wait")))
    if acting:
        lines.append(line((f" {acting}", "strong")))
    if seen.trouble:
        lines.append(line((f" not everything could be read: {seen.trouble}", "wait")))
    return [_cut(each, width) for each in lines]


def _since(seen: Seen) -> str:
    """How long ago what runs, or comes, was deployed."""
    serving = next((each for each in seen.revisions or () if each.serving and each.deployed_at), None)
    if serving is None or serving.deployed_at is None:
        return ""
    return f" {_span((datetime.now(UTC) - serving.deployed_at).total_seconds() / 60)}"


def age(seen: Seen | None) -> str:
    """`live 2 s ago`; the word changes when it is old."""
    if seen is None or not seen.at:
        return "looking"
    seconds = time.monotonic() - seen.at
    return f"{'live' if seconds < STALE_S else 'NOT LIVE'} {seconds:.0f} s ago"


def revisions(seen: Seen, target: int | None) -> list[Row]:
    """Every revision: when, by whom, which image, whether it worked, whether it can start."""
    rows = [Row(line((f"{'rev':>4}  {'when':<13}{'by':<9}{'image':<13}{'worked':<18}can start?", "quiet")))]
    for each in seen.revisions or ():
        mark = "  ← goes here" if each.number == target else ""
        ready = seen.readiness.get(each.id)
        rows.append(
            Row(
                line(
                    (f"{each.number:>4}  ", "strong"),
                    f"{_when(each.deployed_at or each.registered_at):<13}",
                    f"{(each.by.rpartition('/')[2] or '-'):<9.8}",
                    f"{each.short_digest or '-':<13}",
                    (f"{_worked(each):<18.17}", _worked_style(each)),
                    *_can(each, ready),
                    (mark, "strong"),
                ),
                str(each.number),
            )
        )
    return rows


def _worked(each: Revision) -> str:
    if each.outcome is Outcome.WORKED:
        minutes = each.healthy_minutes
        return f"{_span(minutes)} healthy" if minutes is not None else "yes"
    return {Outcome.FAILED: "no", Outcome.IN_PROGRESS: "starting now", Outcome.UNKNOWN: "not known"}[each.outcome]


def _worked_style(each: Revision) -> str:
    return {Outcome.WORKED: "good", Outcome.FAILED: "bad"}.get(each.outcome, "quiet")


def _can(each: Revision, ready: Readiness | None) -> tuple[tuple[str, str], ...]:
    if each.serving:
        return (("runs now", "quiet"),)
    if ready is None:
        return (("looking", "quiet"),)
    if ready.can is Can.YES:
        return (("yes", "good"),)
    return ((f"{ready.can}: {ready.reason}", "bad" if ready.can is Can.NO else "wait"),)


def tasks(seen: Seen) -> list[Row]:
    """Running tasks, then those that stopped, with the reason."""
    rows = [Row(line((f"{'task':<10}{'revision':<22}{'state':<14}{'health':<11}{'address':<14}since", "quiet")))]
    for each in seen.tasks or ():
        state = "bad" if each.stopped_at else "good" if each.status == "RUNNING" else "wait"
        words_of = f"{each.id[:8]:<10}{each.revision[-21:]:<22}"
        rows.append(
            Row(
                line(
                    words_of,
                    (f"{each.status.lower():<14}", state),
                    f"{each.health.lower():<11}{each.address:<14}{_when(each.stopped_at or each.started_at)}",
                ),
                each.id,
            )
        )
        if each.ended:
            rows.append(Row(line(("          ", ""), (each.ended, "quiet"))))
    return rows


def targets(seen: Seen) -> list[Row]:
    """Health of each target."""
    rows = [Row(line((f"{'target':<24}{'health':<12}reason", "quiet")))]
    for each in seen.targets or ():
        style = "good" if each.state == "healthy" else "bad" if each.state == "unhealthy" else "wait"
        rows.append(
            Row(
                line(f"{f'{each.address}:{each.port}':<24}", (f"{each.state:<12}", style), each.reason),
                f"{each.group} {each.address}",
            )
        )
    return rows


def timeline(seen: Seen) -> list[Row]:
    """What happened, the newest last."""
    styles = {"alarm": "bad", "event": "wait", "secret": "wait", "deploy": "strong"}
    rows = [
        Row(line(f"{_when(each.at):<17} ", (f"{each.kind:<9}", styles.get(each.kind, "")), each.words), f"{number}")
        for number, each in enumerate(seen.timeline or ())
    ]
    return [*rows, Row(line(f"{_when(datetime.now(UTC)):<17} ", ("you", "strong")), "you")]


def metrics(series: Iterable[Series], width: int) -> list[Row]:
    """A small chart each, three hours wide."""
    rows = []
    for each in series:
        known = [value for value in each.values if value is not None]
        now = f"{each.last:.4g}{each.unit}" if each.last is not None else "no data"
        most = f"max {max(known):.4g}{each.unit}" if known else ""
        rows.append(
            Row(line((f"{each.title:<12}", "strong"), f"{chart(each.values)}  {now:<12}", (most, "quiet")), each.title)
        )
    return rows


def chart(values: Sequence[float | None]) -> str:
    """Eight heights; a dot where there is no point."""
    known = [value for value in values if value is not None]
    if not known:
        return "·" * len(values)
    low, high = min(0.0, *known), max(known)
    span = (high - low) or 1.0
    return "".join("·" if value is None else BARS[int((value - low) / span * (len(BARS) - 1))] for value in values)


def difference(seen: Seen, one: int, other: int) -> list[Row]:
    """What changed between two revisions; secrets by reference, variables as fingerprints."""
    by_number = {each.number: each for each in seen.revisions or ()}
    if one not in by_number or other not in by_number:
        return []
    found = differences(by_number[one].definition, by_number[other].definition)
    rows = [Row(line((f"{other} against {one}", "strong")))]
    for number, each in enumerate(found):
        rows.append(Row(line(each.sentence), f"difference {number}"))
    return rows if found else [*rows, Row(line(("nothing that ECS knows of differs", "quiet")), "none")]


def around(seen: Seen, width: int) -> list[Text]:
    """Three lines below the revisions: what changed, what happened, which targets are ill."""
    lines = []
    serving = next((each.number for each in seen.revisions or () if each.serving), 0)
    if seen.plan is not None and serving and serving != seen.plan.target.number:
        by_number = {each.number: each for each in seen.revisions or ()}
        target = by_number.get(seen.plan.target.number)
        if target is not None:
            found = differences(target.definition, by_number[serving].definition)
            told = "   ".join(each.sentence for each in found[:3]) or "nothing that ECS knows of differs"
            lines.append(line((f" {serving} against {target.number}   ", "strong"), told))
    if seen.timeline:
        told = " ── ".join(f"{_when(each.at)} {' '.join(each.words.split())[:30]}" for each in seen.timeline[-4:])
        lines.append(line((" before  ", "strong"), told))
    if ill := [each for each in seen.targets or () if each.state != "healthy"]:
        told = "   ".join(f"{each.address} {each.state} ({each.reason or 'no reason'})" for each in ill[:3])
        lines.append(line((" targets  ", "strong"), told))
    return [_cut(each, width) for each in lines]


def cause(seen: Seen, width: int) -> list[Row]:
    """The diagnosis in full: evidence, what is safe, what to type."""
    found = seen.diagnosis
    if found is None:
        return []
    parts = (
        ("why", found.sentence),
        ("evidence", found.evidence),
        ("what is safe", found.safe),
        ("what to type", found.command),
    )
    rows = []
    for title, text in parts:
        if text:
            rows.append(Row(line((title, "quiet"))))
            rows += [Row(each, f"{title} {number}") for number, each in enumerate(wrapped(text, width - 6))]
    return rows


def _when(moment: datetime | None) -> str:
    if moment is None:
        return "-"
    local = moment.astimezone()
    today = datetime.now(UTC).astimezone().date()
    return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%d %b %H:%M}"


def _span(minutes: float) -> str:
    return (
        f"{minutes:.0f} min"
        if minutes < 120
        else f"{minutes / 60:.0f} h"
        if minutes < 2880
        else f"{minutes / 1440:.0f} d"
    )


def _cut(text: Text, width: int) -> Text:
    text.truncate(max(width, 20), overflow="ellipsis")
    return text
