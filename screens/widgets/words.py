"""Lines of text that are said again and again and seldom change."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Static


class Words(Static):
    """Draws only what is new; the screen is laid out anew only for another number of lines."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._said: Sequence[Text] = ()

    def say(self, lines: Sequence[Text]) -> None:
        """Show these lines."""
        if lines != self._said:
            self.update(Text("\n").join(lines), layout=len(lines) != len(self._said))
            self._said = lines
