"""What only holds other widgets: it draws nothing of its own, and need not go through the style rules for each line."""

from __future__ import annotations

from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import ContentSwitcher


def blank_lines(widget: Widget, crop: Region) -> list[Strip]:
    """How a widget without border, padding and content looks: the same line everywhere."""
    strip = Strip.blank(crop.width, widget.rich_style)
    background = widget.background_colors[1]
    for line_filter in widget.get_line_filters():
        strip = strip.apply_filter(line_filter, background)
    return [strip] * crop.height


class Beside(Horizontal):
    """Widgets side by side."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing of its own."""
        return blank_lines(self, crop)


class Below(Vertical):
    """Widgets below each other."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing of its own."""
        return blank_lines(self, crop)


class Stack(ContentSwitcher):
    """Widgets of which one is shown."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing of its own."""
        return blank_lines(self, crop)
