"""Panes that share one place: a line with their names, of which one is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from screens.styles import STYLES
from screens.widgets.ground import Below, Stack
from screens.widgets.lines import SCROLL_BAR
from screens.widgets.rows import Rows


class PaneNames(Static):
    """`[resources] rollout calls logs`."""


class Panes(Below):
    """Shows one of its widgets at a time; the name of the open one stands in brackets."""

    open_pane: reactive[str] = reactive("", init=False)

    class Resized(Message):
        """There is another number of columns now."""

    def __init__(self, panes: Sequence[tuple[str, Widget]], **options: Any) -> None:
        super().__init__(**options)
        self._panes = list(panes)
        self._spans: list[tuple[int, int, str]] = []
        for name, widget in self._panes:
            widget.id = f"pane-{name}"
        self.set_reactive(Panes.open_pane, self._panes[0][0])

    def compose(self) -> ComposeResult:
        """Names above, the open pane below."""
        yield PaneNames()
        with Stack(initial=f"pane-{self.open_pane}"):
            for _, widget in self._panes:
                yield widget

    @property
    def room(self) -> int:
        """The columns a list in it has; a scroll bar's place is kept free, so that lines break the same without one."""
        return max(self.size.width - SCROLL_BAR, 0)

    def pane(self, name: str) -> Widget:
        """One of its widgets; it is there before it is drawn."""
        return dict(self._panes)[name]

    def rows(self, name: str) -> Rows:
        """One that is a list."""
        found = self.pane(name)
        assert isinstance(found, Rows)
        return found

    def on_mount(self) -> None:
        """Draw the names once."""
        self._draw()

    def on_resize(self) -> None:
        """Whoever fills the panes draws them anew."""
        self.post_message(self.Resized())

    def watch_open_pane(self, name: str) -> None:
        """Show another pane and give it the keys."""
        if not self.is_mounted:
            return
        self.query_one(Stack).current = f"pane-{name}"
        self._draw()
        widget = dict(self._panes)[name]
        if widget.focusable:
            widget.focus()

    def step(self, by: int) -> None:
        """The next pane, or the one before."""
        names = [name for name, _ in self._panes]
        self.open_pane = names[(names.index(self.open_pane) + by) % len(names)]

    def on_click(self, event: Click) -> None:
        """A click on a name opens it."""
        if isinstance(event.widget, PaneNames):
            for start, end, name in self._spans:
                if start <= event.x < end:
                    self.open_pane = name

    def _draw(self) -> None:
        text, self._spans = Text(" ", end=""), []
        for name, _ in self._panes:
            start = len(text)
            here = name == self.open_pane
            text.append(f"[{name}]" if here else f" {name} ", STYLES["strong" if here else "quiet"])
            self._spans.append((start, len(text), name))
            text.append(" ")
        self.query_one(PaneNames).update(text)
