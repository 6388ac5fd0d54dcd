"""A plan as text: what changes and why, the risk, the price, the time and what takes it."""

from __future__ import annotations

import json
from typing import Any

from wizard.cli import words
from wizard.cli.lines import Line
from wizard.engine.plan import Change, Plan
from wizard.engine.values import shown

ORDER = ("delete", "replace", "update", "adopt", "create")
TITLES = {
    "delete": "to remove",
    "replace": "to replace",
    "update": "to change",
    "adopt": "to adopt",
    "create": "to create",
}
LONGEST_VALUE = 60


def plan_text(plan: Plan, scale: float) -> list[str]:
    """`plan_lines` without their styles."""
    return [line.text for line in plan_lines(plan, scale)]


def plan_lines(plan: Plan, scale: float) -> list[Line]:
    """The changes grouped by what is done, the gravest first, then what the whole takes; what is at risk in red."""
    lines: list[str | Line] = []
    for action in ORDER:
        changes = [change for change in plan.needed if change.action == action]
        if changes:
            lines += ["", f"{len(changes)} {TITLES[action]}", *_group(changes)]
    waited = [change for change in plan.changes if change.action == "no-op" and change.address not in plan.live]
    if waited:
        lines += [
            "",
            f"{len(waited)} to wait for",
            *(f"      {each.address}  {each.reason}".rstrip() for each in waited),
        ]
    if plan.needed:
        lines += ["", *_path(plan, scale)]
    if plan.not_priced:
        kinds = sorted({address.split(".")[0] for address in plan.not_priced})
        lines.append(f"not in the price   {words.counted(len(plan.not_priced), 'resource')}: {', '.join(kinds)}")
    return [line if isinstance(line, Line) else Line(line) for line in lines]


def _group(changes: list[Change]) -> list[str | Line]:
    width = max(len(change.address) for change in changes)
    lines: list[str | Line] = []
    for change in changes:
        # "not there yet" is what a creation means; said once a line it would only be noise.
        said = [] if change.action == "create" else [change.reason]
        if change.risk:
            said.append(f"risk: {change.risk}")
        if change.seconds > 20:
            said.append(f"about {words.roughly(change.seconds)}")
        sign = words.SIGNS[str(change.action)]
        text = f"  {sign:<3} {change.address:<{width}}   {'   '.join(said)}".rstrip()
        lines.append(Line(text, "bad" if change.risk else ""))
        for difference in change.differences:
            lines.append(f"        {difference.property}: {value(difference.before)} → {value(difference.after)}")
    return lines


def _path(plan: Plan, scale: float) -> list[str]:
    seconds = {change.address: change.seconds for change in plan.changes}
    steps = [f"{address} {words.roughly(seconds[address])}" for address in plan.critical_path if address in seconds]
    long_ones = [step for step, address in zip(steps, plan.critical_path, strict=False) if seconds[address] >= 10]
    lines = [f"time   about {words.expected(plan.seconds, scale)}"]
    if long_ones:
        lines.append(f"       longest chain: {', then '.join(long_ones)}")
    return lines


def value(given: Any) -> str:
    """A property's value in one short line; secrets and what is not known yet as words."""
    plain = shown(given)
    if plain is None:
        return "(not set)"
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str, sort_keys=True)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
