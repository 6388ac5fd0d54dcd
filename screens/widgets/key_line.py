"""The last line of every screen: the keys that work now. What has no room is left out, help and the palette never."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text
from textual.events import Click
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from screens.styles import STYLES

NAMES = {
    "escape": "esc",
    "delete": "del",
    "question_mark": "?",
    "slash": "/",
    "ctrl+j": "enter",
    "full_stop": ".",
}
FIRST = ("enter", "tab", "esc")
LAST = ("ctrl+p", "?")
Named = tuple[str, str]
"""A key as people call it, and what it does."""


def name_of(key: str) -> str:
    """A key as people call it."""
    return NAMES.get(key, key)


def is_typed(key: str) -> bool:
    """Whether a field takes this key as a letter."""
    return len(name_of(key)) == 1 or key_to_character(key) is not None


def keys_of(screen: Screen[Any]) -> list[Named]:
    """The keys that work on a screen now, the most important first, as its last line and its help show them."""
    found: dict[str, str] = {}
    typing = isinstance(screen.focused, Input)
    for active in screen.active_bindings.values():
        binding = active.binding
        # A letter that is pressed in a field is typed there; it does nothing else.
        works = active.enabled and not (typing and is_typed(binding.key))
        if binding.show and works and binding.description:
            found.setdefault(binding.description, binding.key_display or name_of(binding.key))
    named = [(key, what) for what, key in found.items()]
    ranks = {key: rank for rank, key in enumerate((*FIRST, "", *LAST))}
    return sorted(named, key=lambda each: ranks.get(each[0], len(FIRST)))


def fitted(keys: Sequence[Named], width: int) -> tuple[list[Named], int]:
    """The keys that have room in a line, and the blanks between them."""
    kept = list(keys)
    while True:
        words = sum(len(key) + 1 + len(what) for key, what in kept)
        for gap in (3, 2):
            if words + gap * (len(kept) - 1) + 2 <= width:
                return kept, gap
        middle = [each for each in kept if each[0] not in (*FIRST, *LAST)]
        if not middle and len(kept) <= 1:
            return kept, 2
        kept.remove(middle[-1] if middle else kept[0])


class KeyLine(Widget):
    """`enter open   c console   n new   ctrl+p all   ? help`. A click on a key presses it."""

    DEFAULT_CSS = """
    KeyLine { height: 1; dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, str]] = []
        self._drawn: list[Named] = []

    def on_mount(self) -> None:
        """Follow what works now."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._follow())

    def _follow(self) -> None:
        """Each change of focus asks; the keys are seldom others."""
        if keys_of(self.screen) != self._drawn:
            self.refresh()

    def render(self) -> Text:
        """One line."""
        text, self._spans = Text(" ", end="", no_wrap=True), []
        self._drawn = keys_of(self.screen) if self.app.screen is self.screen else []
        kept, gap = fitted(self._drawn, self.size.width)
        for number, (key, what) in enumerate(kept):
            if number:
                text.append(" " * gap)
            start = len(text)
            text.append(key, STYLES["key"])
            text.append(f" {what}")
            self._spans.append((start, len(text), what))
        return text

    async def on_click(self, event: Click) -> None:
        """The same as the key."""
        for start, end, what in self._spans:
            if start <= event.x < end:
                for active in self.screen.active_bindings.values():
                    if active.binding.description == what and active.enabled:
                        await self.app.run_action(active.binding.action, active.node)
                        return
