"""Which rows each pane of the console shows, of what was last seen of the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from screens.console import drawing
from screens.console.watch import Seen
from screens.styles import line
from screens.widgets.rows import Row


def rows_of(pane: str, seen: Seen, width: int, chosen: int) -> list[Row]:
    """The rows of a pane; none while its part is not known yet. `chosen` is the revision under the cursor."""
    return DRAWN[pane](seen, width, chosen)


def _revisions(seen: Seen, width: int, chosen: int) -> list[Row]:
    found = drawing.revisions(seen, seen.plan.target.number if seen.plan else None) if seen.revisions else []
    return [*found, Row(line((f"no way back: {seen.no_plan}", "wait")))] if seen.no_plan else found


def _difference(seen: Seen, width: int, chosen: int) -> list[Row]:
    """What runs against the revision under the cursor; against the target of a rollback when that is what runs."""
    if not seen.revisions:
        return []
    serving = next((each.number for each in seen.revisions if each.serving), seen.revisions[0].number)
    if not chosen or chosen == serving:
        chosen = seen.plan.target.number if seen.plan else chosen
    return drawing.difference(seen, chosen, serving)


DRAWN: Mapping[str, Callable[[Seen, int, int], list[Row]]] = {
    "revisions": _revisions,
    "cause": lambda seen, width, chosen: drawing.cause(seen, width),
    "tasks": lambda seen, width, chosen: drawing.tasks(seen) if seen.tasks else [],
    "targets": lambda seen, width, chosen: drawing.targets(seen) if seen.targets else [],
    "timeline": lambda seen, width, chosen: drawing.timeline(seen) if seen.timeline is not None else [],
    "metrics": lambda seen, width, chosen: drawing.metrics(seen.metrics or (), width),
    "difference": _difference,
}
"""Every pane but the log, which draws itself."""
