"""The incident note in Markdown: what was wrong, since when, what was done; for the ticket of the morning after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from screens.console.watch import Seen


def file_name(seen: Seen) -> str:
    """`incident-chatkit-prod-backend-20261126-0312.md`."""
    return f"incident-{seen.ref.title.replace('/', '-')}-{datetime.now(UTC):%Y%m%d-%H%M}.md"


def incident(seen: Seen, did: Sequence[str]) -> str:
    """The note. It holds no value of a secret: nothing that is read here has one."""
    rollout, cause = seen.rollout, seen.diagnosis
    lines = [f"# {seen.ref.title}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", ""]
    if rollout is not None:
        lines += [f"- Now: {rollout.sentence} ({rollout.running} of {rollout.desired} running)"]
    if cause is not None:
        lines += [
            f"- Cause: {cause.sentence}",
            *(f"  - {each}" for each in cause.evidence.splitlines() if each.strip()),
        ]
    lines += ["", "## What was done", *(f"- {each}" for each in did or ("nothing",))]
    lines += ["", "## Revisions", "| revision | deployed | by | image | outcome |", "|---|---|---|---|---|"]
    for each in (seen.revisions or ())[:6]:
        when = f"{each.deployed_at:%Y-%m-%d %H:%M}" if each.deployed_at else "-"
        lines.append(f"| {each.label} | {when} | {each.by or '-'} | {each.short_digest or '-'} | {each.outcome} |")
    lines += ["", "## Timeline (UTC)"]
    lines += [f"- {each.at.astimezone(UTC):%H:%M:%S} {each.kind}: {each.words}" for each in seen.timeline or ()]
    return "\n".join(lines) + "\n"
