"""What stands beside and above a question: the trail, the price with each choice's difference, what was found out."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from screens.styles import line, wrapped
from wizard.cli import words
from wizard.walk.preview import Preview
from wizard.walk.walk import Walk

MARKS = {"done": "✓", "here": "▸", "ahead": "·"}
STYLE_OF = {"done": "good", "here": "strong"}


def trail(walk: Walk, width: int) -> Text:
    """`✓ app  ▸ run it on  · network  …`: where this is, always in sight, cut between its steps."""
    steps = walk.steps()
    here = next((number for number, step in enumerate(steps) if step.state == "here"), 0)
    lengths = [len(step.label) + 4 for step in steps]
    first = 0
    while first < here and sum(lengths[first : here + 2]) > width - 6:
        first += 1
    text = Text(" … " if first else " ", end="", no_wrap=True)
    for number, step in enumerate(steps[first:], first):
        if len(text) + lengths[number] > width:
            text.append("…")
            break
        text.append_text(line((f"{MARKS[step.state]} {step.label}  ", STYLE_OF.get(step.state, "quiet"))))
    return text


def prices_of(seen: Preview, considered: str | None) -> Mapping[str, str]:
    """`$926/mo +$673 28 min` by choice: the whole with it, and how much more than with the one under the cursor."""
    parts = {}
    for value, each in seen.differences.items():
        more = round(each.more_usd)
        difference = f"{'+' if more > 0 else '−'}${abs(more):,}" if more and value != considered else ""
        minutes = f"{each.minutes} min" if each.minutes else ""
        parts[value] = (f"${each.monthly_usd:,.0f}/mo", difference, minutes)
    widths = [max(map(len, column)) for column in zip(*parts.values(), strict=True)] if parts else []
    return {
        value: " ".join(f"{part:>{width}}" for part, width in zip(each, widths, strict=True) if width)
        for value, each in parts.items()
    }


def price_lines(seen: Preview, considered: str | None) -> list[Text]:
    """The price of the whole with the choice under the cursor, and how much that is over the cheapest."""
    if not seen.resources:
        return []
    chosen = seen.differences.get(considered or "")
    monthly = chosen.monthly_usd if chosen else seen.monthly_usd
    found = [line(""), line((words.money(monthly), "strong"), " at rest")]
    if chosen is not None and len(seen.differences) > 1:
        more = monthly - min(each.monthly_usd for each in seen.differences.values())
        found.append(line(f"this choice +${more:,.2f}" if round(more, 2) else "the cheapest of these"))
    if seen.minutes:
        found.append(line(f"about {seen.minutes:.0f} minutes to a URL"))
    if seen.not_priced:
        found.append(line((f"not priced: {len(seen.not_priced)}", "quiet")))
    return found


def findings_lines(walk: Walk, width: int) -> list[Text]:
    """What was read from the application, each with its source."""
    findings = walk.app.findings
    if not findings:
        return []
    told = [line(""), line(("read from it", "strong"))]
    for each in findings:
        told += wrapped(f"{each.what}: {each.value}", width)
        told += wrapped(f"  {each.source}", width, "quiet")
    return told
