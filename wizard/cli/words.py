"""Numbers as people read them, and the words for what is done to a resource."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

SIGNS = {"create": "+", "adopt": "+", "update": "~", "replace": "-/+", "delete": "-", "no-op": " "}
DOING = {
    "create": "creating",
    "update": "changing",
    "replace": "replacing",
    "delete": "deleting",
    "adopt": "adopting",
    "no-op": "waiting",
}
DONE = {
    "create": "created",
    "update": "changed",
    "replace": "replaced",
    "delete": "deleted",
    "adopt": "adopted",
    "no-op": "found",
}


def clock(seconds: float) -> str:
    """Elapsed time as a clock shows it: `0:41`, `11:40`, `1:02:03`."""
    minutes, rest = divmod(int(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def stamp(seconds: float) -> str:
    """Elapsed time at the beginning of a line: `00:02`."""
    shown = clock(seconds)
    return shown if len(shown) > 4 else f"0{shown}"


def minute(moment: str) -> str:
    """A moment, RFC 3339, as a table has room for it: `2026-11-26 01:25Z`; as it is when it is none."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{found.astimezone(UTC):%Y-%m-%d %H:%MZ}"


def took(seconds: float) -> str:
    """A measured duration: `1.1 s`, `58 s`, `11:40`."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f} s"
    return f"{seconds:.0f} s" if seconds < 99.5 else clock(seconds)


def roughly(seconds: float) -> str:
    """An expected duration: `40 s`, `17 min`, `2 h 10 min`."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def expected(seconds: float, scale: float) -> str:
    """An expected duration, and how long it takes here when time is scaled: `17 min (here 17 s)`."""
    return roughly(seconds) if scale == 1 else f"{roughly(seconds)} (here {roughly(seconds / scale)})"


def money(monthly_usd: float) -> str:
    """A monthly price: `$3.20/month`, `$214/month`, `$1,204/month`."""
    return f"${monthly_usd:,.0f}/month" if monthly_usd >= 10 else f"${monthly_usd:.2f}/month"


def counted(number: int, word: str) -> str:
    """A number with its word: `1 problem`, `3 problems`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def to_do(counts: Mapping[str, int]) -> str:
    """The sum of a plan: `58 to create, 0 to change, 0 to remove`; of a removal, `58 to remove`."""
    if counts.keys() == {"delete"}:
        return f"{counts['delete']} to remove"
    parts = [f"{counts.get('create', 0) + counts.get('adopt', 0)} to create", f"{counts.get('update', 0)} to change"]
    if counts.get("replace"):
        parts.append(f"{counts['replace']} to replace")
    return ", ".join([*parts, f"{counts.get('delete', 0)} to remove"])


def done(counts: Mapping[str, int]) -> str:
    """What was done: `58 created, 1 changed`; `nothing changed` when that is so."""
    parts = [f"{counts[action]} {word}" for action, word in DONE.items() if counts.get(action) and action != "no-op"]
    return ", ".join(parts) or "nothing changed"


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines with aligned columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
