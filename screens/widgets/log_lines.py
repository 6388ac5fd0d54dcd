"""Lines of container logs, shown a few times a second: a thousand a second must not cost a key press."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from screens.widgets.lines import Lines

KEPT = 5000
FLUSH_EVERY_S = 0.25
LONGEST = 2000
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
"""Colours and cursor movements that a container writes are not for this terminal."""


class Source(Protocol):
    """Whoever collects lines on a thread."""

    @property
    def lines(self) -> deque[str]:
        """What nobody took yet; appended on the left thread, popped here."""


class LogLines(Lines):
    """The last lines, with a filter; it follows the end until somebody scrolls up. Only lines in sight are drawn."""

    DEFAULT_CSS = """
    LogLines { scrollbar-size-horizontal: 1; }
    """

    def __init__(self, source: Source, **options: Any) -> None:
        super().__init__(**options)
        self._source = source
        self._all: deque[str] = deque(maxlen=KEPT)
        self._wanted = ""
        self._shown: Sequence[str] = ()
        self._following = True

    def on_mount(self) -> None:
        """Begin to flush."""
        self.set_interval(FLUSH_EVERY_S, self.flush_lines)

    def flush_lines(self) -> None:
        """Take what came since the last time."""
        fresh = [self._source.lines.popleft() for _ in range(len(self._source.lines))]
        if fresh:
            self._all.extend(_CONTROL.sub("", each[:LONGEST]).expandtabs(4) for each in fresh[-KEPT:])
            self._show()

    def filter(self, wanted: str) -> None:
        """Show only lines that contain this."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._show()

    def on_show(self) -> None:
        """Somebody opened its pane."""
        self._show()

    def _show(self) -> None:
        if not self.size:
            return  # Behind another pane nobody sees it.
        wanted = self._wanted
        self._shown = [each for each in self._all if wanted in each.lower()] if wanted else list(self._all)
        width = max(self.virtual_size.width, *map(len, self._shown[-KEPT // 10 :]), 0)
        self.hold(Size(width, len(self._shown)))
        self._follow()
        self.refresh()

    def _follow(self) -> None:
        if self._following:
            self.scroll_end(animate=False, immediate=True, x_axis=False)

    def on_resize(self) -> None:
        """More is seen, or less."""
        self._show()

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Whoever scrolls up wants to read; whoever comes to the end wants to follow it again."""
        super().watch_scroll_y(old, new)
        if new < old:
            self._following = False
        elif new >= self.max_scroll_y:
            self._following = True

    def drawn(self, index: int, width: int, base: Style) -> Strip:
        """One line of the log, a column from the edge."""
        text = self._shown[index] if index < len(self._shown) else ""
        return _strip(text, int(self.scroll_offset.x), width, base)


@lru_cache(512)
def _strip(text: str, left: int, width: int, base: Style) -> Strip:
    """Lines move up and stay the same; whoever opens the pane again finds them drawn."""
    return Strip([Segment(f" {text}", base)]).crop(left, left + width).adjust_cell_length(width, base)
