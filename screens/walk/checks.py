"""The checks of the review: what can be known to fail, asked of AWS behind the page, by reads alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from screens.styles import line
from screens.widgets.rows import Row
from wizard.advice.preflight import Checked, State, Topic, worst

if TYPE_CHECKING:
    from wizard.deployment.request import Request

SHAPES = {State.OK: ("✓", "good"), State.FAILS: ("✗", "bad"), State.NOT_CHECKED: ("?", "quiet")}
NOT_YET = "not made yet"


def checked(text: str, file: str, request: Request) -> tuple[Checked, ...]:
    """Check a blueprint before it is a file. Blocks: for a thread. Raises `PilotageError` as a plan does."""
    from wizard.blueprint.document import Document
    from wizard.deployment.opening import open_document
    from wizard.deployment.preflight import preflight

    return preflight(open_document(Document(text, file), request))


def sum_of(checks: Sequence[Checked] | None, trouble: str) -> Text:
    """`checks  ✓ identity  ✓ quotas  ✗ image …`: a sign for each topic, and the first that would fail in words."""
    if trouble:
        return line((" checks  ", "strong"), (f"not made: {trouble}", "wait"))
    if checks is None:
        return line((" checks  ", "strong"), (NOT_YET, "quiet"))
    text = line((" checks", "strong"))
    topics = dict.fromkeys(each.topic for each in checks)
    for topic in sorted(topics, key=list(Topic).index):
        shape, style = SHAPES[worst(checks, topic)]
        text.append_text(line("  ", (shape, style), f" {topic}"))
    return text


def rows(checks: Sequence[Checked] | None, trouble: str) -> list[Row]:
    """Each check, the failing ones first, with what to type."""
    if checks is None:
        return [Row(line((trouble or NOT_YET, "quiet")))]
    order = (State.FAILS, State.NOT_CHECKED, State.OK)
    found = []
    for number, each in enumerate(sorted(checks, key=lambda one: order.index(one.state))):
        shape, style = SHAPES[each.state]
        words = line(
            (shape, style), f" {each.subject}: ", (each.evidence, "" if each.state is State.FAILS else "quiet")
        )
        found.append(Row(words, f"check {number}"))
        if each.next_step and each.state is not State.OK:
            found.append(Row(line(("    type: ", "quiet"), (each.next_step, "strong"))))
    return found
