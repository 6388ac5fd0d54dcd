"""What a list and a log have in common: they draw only the lines in sight, and cost little when the rest changes.

Textual lays the whole screen out anew when the size of what is scrolled changes, and goes through the style rules
anew for each line. Both are right for any widget and too slow for a thousand lines a second beside a key press.
"""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

SCROLL_BAR = 1
"""Its columns; they are kept free when there is none."""


class Lines(ScrollView, can_focus=True):
    """Lines without border, padding or opacity; `drawn` says how each looks."""

    DEFAULT_CSS = f"""
    Lines {{ height: 1fr; scrollbar-size-vertical: {SCROLL_BAR}; scrollbar-gutter: stable; }}
    """

    def drawn(self, index: int, width: int, base: Style) -> Strip:
        """One line at a width; each kind of lines has its own. Textual's metaclass leaves no room for an ABC."""
        raise NotImplementedError

    def hold(self, size: Size) -> None:
        """So many columns and lines there are now; the screen is laid out anew only when a scroll bar comes or goes."""
        if size == self.virtual_size:
            return
        room = self.container_size
        bars = (size.height > room.height, self.styles.overflow_x == "auto" and size.width > room.width)
        if bars != (self.show_vertical_scrollbar, self.show_horizontal_scrollbar):
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = size.height
        if self.show_horizontal_scrollbar:
            self.horizontal_scrollbar.window_virtual_size = size.width
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight."""
        top = int(self.scroll_offset.y)
        width, base, background = self.scrollable_content_region.width, self.rich_style, self.background_colors[1]
        strips = [self.drawn(top + y, width, base) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        start, end = crop.column_span
        return [strip.adjust_cell_length(max(width, end), base).crop(start, end) for strip in strips]
