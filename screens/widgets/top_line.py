"""The first line of every screen: what this is, and in which account and Region it happens."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.widget import Widget

from screens.place import Place
from screens.styles import STYLES


class TopLine(Widget):
    """`Pilotage · deploying · fasttriage/prod            PROD · 123456789012 us-east-1`."""

    DEFAULT_CSS = """
    TopLine { height: 1; dock: top; }
    """

    def __init__(self, place: Callable[[], Place]) -> None:
        super().__init__()
        self._place = place
        self._words: tuple[str, ...] = ()

    def say(self, *words: str) -> None:
        """Where in the application this is."""
        if words != self._words:
            self._words = words
            self.refresh()

    def render(self) -> Text:
        """One line; what is too long on the left gives way to the account on the right."""
        place = self._place()
        word, rest = place.word, place.where
        right = f"{word} · {rest} " if rest else f"{word} "
        left = " · ".join(("Pilotage", *self._words))
        room = max(self.size.width - len(right) - 2, 8)
        text = Text(f" {left if len(left) <= room else left[: room - 1] + '…':<{room}} ", STYLES["strong"], end="")
        text.append(word, STYLES[place.style])
        text.append(right[len(word) :])
        return text
