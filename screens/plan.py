"""What a run would change: each field, the risk, the price. What is lost is said in red and wants a word typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from screens.dialogs import Confirm
from screens.page import Page
from screens.styles import cut, line, wrapped
from screens.widgets.rows import Row, Rows
from wizard.cli import words
from wizard.cli.consent import DELETE_DATA
from wizard.cli.planned import ORDER, TITLES, value
from wizard.engine.plan import Action, Change, Plan

STYLE_OF = {"delete": "bad", "replace": "bad", "update": "wait", "adopt": "wait", "create": "good"}
LONG_S = 20.0
"""What is worth saying of a single change; most take less."""


class PlanPage(Page[bool]):
    """Shows a plan and answers whether to carry it out."""

    WHERE = ("plan",)
    HELP = """
What would change, the gravest first. Under a change: the fields that differ, before → after.
d carries it out. When something would be replaced or deleted, the environment's name must be typed;
when data would be lost, `delete data` as well. esc changes nothing.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "deploy", "make it so"),
        Binding("escape", "leave", "change nothing"),
    ]

    def __init__(self, name: str, plan: Plan, scale: float) -> None:
        super().__init__()
        self._deployment = name
        self._plan = plan
        self._scale = scale

    def body(self) -> ComposeResult:
        """The changes, and what the whole takes."""
        yield Rows(id="changes", empty="nothing would change")
        yield Static(id="sum")

    def on_mount(self) -> None:
        """Show it."""
        self.say_where("plan", self._deployment)
        self._draw()

    def on_resize(self) -> None:
        """The words break elsewhere."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        rows = [Row(row.text, row.key or f"line {number}") for number, row in enumerate(rows_of(self._plan, width))]
        self.query_one(Rows).show(rows)
        self.query_one("#sum", Static).update(Text("\n").join(sum_lines(self._plan, self._scale, width)))

    def action_deploy(self) -> None:
        """Carry it out, after what must be typed was typed."""
        gone = [each for each in self._plan.needed if each.action in (Action.DELETE, Action.REPLACE)]
        if not gone:
            self.dismiss(True)
            return
        environment = self._deployment.split("/")[-1]
        effects = [f"{each.action}s {each.address}: {each.reason}" for each in gone[:8]]
        if len(gone) > len(effects):
            effects.append(f"and {len(gone) - len(effects)} more")
        self.app.push_screen(Confirm(f"Change {self._deployment}", effects, environment, completes=False), self._typed)

    def _typed(self, yes: bool | None) -> None:
        if not yes:
            return
        lost = [each.address for each in self._plan.needed if loses_data(each)]
        if not lost:
            self.dismiss(True)
            return
        effects = [
            f"This deletes data: {', '.join(lost)}.",
            "A final snapshot is taken where AWS has one.",
        ]
        self.app.push_screen(Confirm("Data would be lost", effects, DELETE_DATA, completes=False), self._data_typed)

    def _data_typed(self, yes: bool | None) -> None:
        if yes:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Nothing is changed."""
        self.dismiss(False)


def loses_data(change: Change) -> bool:
    """Whether a change would delete data."""
    return "data" in change.risk


def rows_of(plan: Plan, width: int = 80) -> Iterator[Row]:
    """The changes by what is done, the gravest first."""
    longest = min(max((len(change.address) for change in plan.needed), default=0), max(width // 2 - 6, 20))
    for action in ORDER:
        changes = [change for change in plan.needed if change.action == action]
        if not changes:
            continue
        yield Row(line((f"{len(changes)} {TITLES[action]}", "strong")))
        for change in changes:
            yield from _change(change, action, longest, width)
        yield Row(line(""))
    if plan.not_priced:
        kinds = sorted({address.split(".")[0] for address in plan.not_priced})
        for each in wrapped(f"not in the price: {', '.join(kinds)}", width - 4, "quiet"):
            yield Row(each)


def _change(change: Change, action: str, longest: int, width: int) -> Iterator[Row]:
    said = "" if action == "create" else change.reason
    time = f"about {words.roughly(change.seconds)}" if change.seconds > LONG_S else ""
    room = width - longest - 10
    beside = len(said) + len(time) + 2 <= room
    head: list[str | tuple[str, str]] = [
        (f"{words.SIGNS[action]:<3} ", STYLE_OF[action]),
        f"{cut(change.address, longest):<{longest}}  ",
    ]
    yield Row(line(*head, ("  ".join(filter(None, (said, time))) if beside else time, "quiet")), change.address)
    if not beside:
        for each in wrapped(said, width - 12):
            yield Row(line((f"      {each.plain}", "quiet")))
    if change.risk:
        for each in wrapped(f"risk: {change.risk}", width - 12):
            yield Row(line((f"      {each.plain}", "bad")))
    for difference in change.differences:
        yield Row(line(f"      {difference.property}: {value(difference.before)} → {value(difference.after)}"))


def sum_lines(plan: Plan, scale: float, width: int) -> list[Text]:
    """What is done, how long it takes, and the price: in one line where there is room."""
    parts = [words.to_do(plan.counts()), f"about {words.expected(plan.seconds, scale)}"]
    if plan.monthly_usd:
        parts.append(words.money(plan.monthly_usd))
    whole = f" {'   '.join(parts)}"
    lines = [whole] if len(whole) <= width else [f" {parts[0]}", f" {'   '.join(parts[1:])}"]
    return [line((each, "strong")) for each in lines]
