"""How each kind of question is answered: cards, boxes to tick, a line of text; a paste of variables is in `variables`.

Each answers with the same message, so that the screen around it does not care which one it is.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from screens.styles import line, wrapped
from screens.widgets.rows import Row, Rows
from wizard.question import Asked, Choice, QuestionKind, Value


@dataclass
class Answered(Message):
    """A person gave an answer: a value, the text of one, or what becomes of pasted variables."""

    value: Value | None = None
    text: str | None = None


@dataclass
class Considering(Message):
    """The cursor stands on a choice that is not taken yet."""

    value: str


def told_wrong(lines: Sequence[str], width: int) -> Text:
    """What is wrong with an answer, what is allowed, an example."""
    found = [each for number, text in enumerate(lines) for each in wrapped(text, width, "" if number else "bad")]
    return Text("\n").join(found)


class Cards(Rows):
    """One of several. The marker is a shape: `(•)` is the one that enter takes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "next")]

    def __init__(self, asked: Asked, current: Value, prices: Mapping[str, str]) -> None:
        super().__init__(id="answer")
        self._wordy = True
        self._asked = asked
        self._prices = prices
        self._current = "yes" if current is True else "no" if current is False else str(current)
        self._choices = asked.choices or (Choice("yes", "yes"), Choice("no", "no"))

    def on_mount(self) -> None:
        """Start at the answer that is offered."""
        self._draw()
        self.move_to(self._current)

    def priced(self, prices: Mapping[str, str]) -> None:
        """What each choice costs and how long it takes is known now."""
        self._prices = prices
        self._draw()
        self.reveal()

    def on_resize(self) -> None:
        """The words break elsewhere."""
        self._draw()

    def _draw(self) -> None:
        width = max(self.size.width - 4, 30)
        rows: list[Row] = []
        for choice in self._choices:
            rows += self._card(choice, width)
        self.show(rows)

    def _card(self, choice: Choice, width: int) -> list[Row]:
        if choice.cannot:
            rows = [Row(line((f"    -  {choice.label}", "quiet")))]
            said = [("cannot: ", choice.cannot)]
        else:
            rows = self._head(choice, width)
            said = [("", choice.because), ("you give up: ", choice.gives_up)]
        for title, told in said:
            for each in textwrap.wrap(f"{title}{told}", width - 6) if told else []:
                rows.append(Row(line((f"      {each}", "quiet"))))
        return rows

    def _head(self, choice: Choice, width: int) -> list[Row]:
        """The name and, beside or below it, the price."""
        here = choice.value == self.cursor
        style, name = "strong" if here else "", f"{'(•)' if here else '( )'} {choice.label}"
        price = self._prices.get(choice.value, "")
        if len(name) + 1 + len(price) <= width:
            return [Row(line((f"{name:<{width - len(price)}}{price}", style)), choice.value)]
        return [Row(line((name, style)), choice.value), Row(line((f"{price:>{width + 2}}", style)))]

    def watch_cursor(self) -> None:
        """The marker goes with the cursor."""
        self._draw()
        if self.cursor:
            self.post_message(Considering(self.cursor))

    def action_choose(self) -> None:
        """Take it."""
        if self.cursor:
            yes_no = self._asked.kind is QuestionKind.YES_NO
            self.post_message(Answered(value=self.cursor == "yes" if yes_no else self.cursor))


class Ticks(Rows):
    """Any of several: space ticks, enter takes them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "next"), Binding("space", "tick", "tick")]

    def __init__(self, asked: Asked, current: Value) -> None:
        super().__init__(id="answer")
        self._wordy = True
        self._asked = asked
        self._ticked = set(current) if isinstance(current, tuple) else set()

    def on_mount(self) -> None:
        """Show the boxes."""
        self._draw()

    def on_resize(self) -> None:
        """The words break elsewhere."""
        self._draw()

    def _draw(self) -> None:
        width = max(self.size.width - 10, 24)
        rows: list[Row] = []
        for choice in self._asked.choices:
            mark = "[x]" if choice.value in self._ticked else "[ ]" if not choice.cannot else " - "
            rows.append(Row(line((f"{mark} {choice.label}", "")), "" if choice.cannot else choice.value))
            words = f"cannot: {choice.cannot}" if choice.cannot else choice.because
            rows += [Row(line((f"       {each}", "quiet"))) for each in textwrap.wrap(words, width)]
        self.show(rows)

    def action_tick(self) -> None:
        """Tick or untick."""
        self._ticked ^= {self.cursor}
        self._draw()

    def action_choose(self) -> None:
        """Take what is ticked, in the order of the choices."""
        self.post_message(Answered(value=tuple(c.value for c in self._asked.choices if c.value in self._ticked)))


class Field(Vertical):
    """A line of text. What is wrong is said while typing, and nothing typed is ever lost."""

    def __init__(self, asked: Asked, current: Value) -> None:
        super().__init__(id="answer")
        self._asked = asked
        self._current = "" if current is None else str(current)

    def compose(self) -> ComposeResult:
        """The field."""
        yield Input(value=self._current, placeholder=f"for example {self._asked.example}", compact=True)

    def focus_field(self) -> None:
        """Give it the keys."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it."""
        event.stop()
        self.post_message(Answered(text=event.value))
