"""A list of lines with a cursor: resources, calls, services, revisions. Only what is in sight is drawn.

The cursor is a shape (`▸`) and stays on its row, by key, when the rows change around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from screens.widgets.lines import Lines

CURSOR = "▸"
_MARGIN = 3
_PLAIN = Console(width=400, force_terminal=False, color_system=None, legacy_windows=False)
"""Only turns text into segments; it never writes."""


@dataclass(frozen=True)
class Row:
    """One line. A row without a key is a heading or a space, and the cursor passes over it."""

    text: Text
    key: str = ""


class Rows(Lines):
    """Lines, one of which is chosen."""

    DEFAULT_CSS = """
    Rows { overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "move(-10)", "page up", show=False),
        Binding("pagedown", "move(10)", "page down", show=False),
        Binding("home,g", "move(-1000000)", "first", show=False),
        Binding("end,G", "move(1000000)", "last", show=False),
        Binding("enter", "choose", "open", show=False),
    ]
    cursor: reactive[str] = reactive("", repaint=False)
    """The key of the row under the cursor."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another row."""

        rows: Rows
        key: str

        @property
        def control(self) -> Rows:
            """Where it happened."""
            return self.rows

    @dataclass
    class Chosen(Message):
        """A person pressed enter on a row, or clicked the row under the cursor."""

        rows: Rows
        key: str

        @property
        def control(self) -> Rows:
            """Where it happened."""
            return self.rows

    def __init__(self, *, empty: str = "", **options: Any) -> None:
        super().__init__(**options)
        self._rows: Sequence[Row] = ()
        self._strips: dict[tuple[int, bool, bool, int, Style], Strip] = {}
        """How the rows were drawn; most of them look the same the next time."""
        self._empty = empty
        self._wordy = False
        """Whether the lines without a key below a row are words about it."""
        self._touched = False
        self._offered = ""
        """Whether a person moved the cursor: until then it stands on the first row, also when that comes late."""

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows. The cursor stays on its key; if that is gone it stays at its height."""
        if rows == self._rows:
            return
        before = self._index()
        changed = len(rows) != len(self._rows)
        self._rows = rows
        self._strips.clear()
        keys = [row.key for row in rows]
        if not self._touched:
            self._put(keys.index(self._offered) if self._offered and self._offered in keys else self._nearest(0, 1))
        elif self.cursor not in keys or not self.cursor:
            self._put(self._nearest(min(before, len(rows) - 1), 1))
        if changed:
            self.hold(Size(0, len(rows)))
        self.refresh()

    def move_to(self, key: str) -> None:
        """Put the cursor on a row."""
        keys = [row.key for row in self._rows]
        if key in keys:
            self._touched = True
            self._put(keys.index(key))

    def offer(self, key: str) -> None:
        """Put the cursor on a row unless a person has put it somewhere."""
        keys = [row.key for row in self._rows]
        if not self._touched and key in keys:
            self._offered = key
            self._put(keys.index(key))

    def action_move(self, by: int) -> None:
        """Move the cursor over the rows that can be chosen."""
        self._touched = True
        target = max(0, min(len(self._rows) - 1, self._index() + by))
        self._put(self._nearest(target, 1 if by > 0 else -1))

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.cursor:
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: Click) -> None:
        """The first click moves the cursor, one on the cursor's own row opens it."""
        self._touched = True
        index = int(event.y + self.scroll_offset.y)
        if 0 <= index < len(self._rows) and (key := self._rows[index].key):
            if key == self.cursor:
                self.action_choose()
            else:
                self._put(index)

    def _index(self) -> int:
        return next((index for index, row in enumerate(self._rows) if row.key and row.key == self.cursor), 0)

    def _nearest(self, index: int, step: int) -> int:
        for way in (step, -step):
            at = index
            while 0 <= at < len(self._rows):
                if self._rows[at].key:
                    return at
                at += way
        return -1

    def _put(self, index: int) -> None:
        key = self._rows[index].key if 0 <= index < len(self._rows) else ""
        if key != self.cursor:
            self.cursor = key
            self.post_message(self.Moved(self, key))
        self.reveal()
        self.refresh()

    def reveal(self) -> None:
        """Scroll the row under the cursor into sight, with the words that belong to it."""
        index, height = self._index(), self.scrollable_content_region.height
        if not self._rows or not height:
            return
        # A heading above the first row comes into sight with it.
        top = index if any(row.key for row in self._rows[:index]) else 0
        end = next((at for at in range(index + 1, len(self._rows)) if self._rows[at].key), len(self._rows))
        bottom = min(end, top + height) if self._wordy else index + 1
        self.scroll_to_region(Region(0, top, 1, max(bottom - top, 1)), animate=False, force=True)

    def on_resize(self) -> None:
        """Another part is in sight."""
        self.reveal()

    def drawn(self, index: int, width: int, base: Style) -> Strip:
        """One row, with the cursor before it when it stands there."""
        here = index < len(self._rows) and bool(self._rows[index].key) and self._rows[index].key == self.cursor
        look = (index, here, here and self.has_focus, width, base)
        if look not in self._strips:
            self._strips[look] = self._strip(*look)
        return self._strips[look]

    def _strip(self, index: int, here: bool, strong: bool, width: int, base: Style) -> Strip:
        if index >= len(self._rows):
            words = Text(f" {self._empty}" if not self._rows and index == 0 else "", style=Style(dim=True))
        else:
            row = self._rows[index]
            words = Text(f" {CURSOR} " if here else " " * _MARGIN if row.key else " ", end="", no_wrap=True)
            words.append_text(row.text)
            if strong:
                words.stylize(Style(bold=True))
        words.truncate(max(width, 1), overflow="ellipsis", pad=True)
        segments = [segment for segment in words.render(_PLAIN) if segment.text != "\n"]
        return Strip(Segment.apply_style(segments, base)).adjust_cell_length(width, base)


class OpenRows(Rows):
    """Lines that enter opens, and says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "open")]
