"""What every full screen has: the top line, its body, the keys that work now, help, and a word when it is too small."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from screens.widgets.ground import blank_lines
from screens.widgets.key_line import KeyLine
from screens.widgets.top_line import TopLine

if TYPE_CHECKING:
    from screens.app import PilotageApp
    from screens.place import Place

SMALLEST = (60, 20)
"""Columns and lines below which nothing useful can be shown."""
ResultT = TypeVar("ResultT")


class Page(Screen[ResultT]):
    """One screen of the application. `WHERE` says where this is; `HELP` is the text behind `?`."""

    WHERE: ClassVar[tuple[str, ...]] = ()
    HELP: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back")]
    AUTO_FOCUS = "Rows, Input"

    def __init__(self) -> None:
        super().__init__()
        self._top = TopLine(lambda: self.pilotage.place)
        self._top.say(*self.WHERE)
        self._small = Static(id="too-small")
        self._keys = KeyLine()

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        yield self._top
        yield from self.body()
        yield self._small
        yield self._keys

    def render_lines(self, crop: Region) -> list[Strip]:
        """Its widgets cover it; between them there is nothing."""
        return blank_lines(self, crop)

    def body(self) -> ComposeResult:
        """What this screen shows."""
        yield from ()

    @property
    def pilotage(self) -> PilotageApp:
        """The application, by its own type."""
        return cast("PilotageApp", self.app)

    def say_where(self, *words: str) -> None:
        """Change the words of the top line."""
        self._top.say(*words)

    def moved(self, place: Place) -> None:
        """The account changed, or is known now."""
        self._top.refresh()

    def parting_words(self) -> list[str]:
        """What is written to the terminal when the application is left from here."""
        return []

    def on_resize(self) -> None:
        """Refuse politely what is too small to be useful."""
        width, height = self.app.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(small, "-too-small")
        if small:
            have, need = f"{width}x{height}", f"{SMALLEST[0]}x{SMALLEST[1]}"
            words = f"This terminal has {have}.\nPilotage needs {need}: make it larger.\nNothing is lost."
            self._small.update(words)

    def on_screen_suspend(self) -> None:
        """Below a dialog no key of this page works, so none is shown."""
        self._keys.refresh()

    def on_screen_resume(self) -> None:
        """They work again."""
        self._keys.refresh()

    def close_page(self, result: ResultT | None = None) -> None:
        """Back to the screen before this one; from the first one, home."""
        if len(self.app.screen_stack) > 2:
            self.dismiss(result)
        else:
            self.pilotage.go_home()

    def action_leave(self) -> None:
        """Back to the screen before this one."""
        self.close_page()
