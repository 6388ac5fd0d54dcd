"""The dialogs: a confirmation that wants a word typed, a secret's value, and the help of the screen below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from screens.styles import line
from screens.widgets.unseen import Unseen


class Confirm(ModalScreen[bool]):
    """States an effect, and wants the given word typed. Enter without it does nothing; esc says no.

    Tab writes the word where what is done can be taken back; what is lost for good wants every letter.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", priority=True),
        Binding("escape", "refuse", "cancel"),
    ]

    def __init__(
        self, title: str, effects: Sequence[str], word: str, *, same_as: str = "", completes: bool = True
    ) -> None:
        super().__init__()
        self._completes = completes
        self._title = title
        self._effects = effects
        self._word = word
        self._same_as = same_as

    def compose(self) -> ComposeResult:
        """The box."""
        by_tab = "   (tab writes it)" if self._completes else ""
        with Vertical(classes="dialog") as box:
            box.border_title = self._title
            yield Static("\n".join(self._effects), markup=False)
            if self._same_as:
                yield Static(line(("\nSame as  ", "quiet"), self._same_as), classes="same-as")
            yield Static(Text.assemble("\ntype  ", (self._word, "bold"), f"  to confirm{by_tab}"))
            yield Input(id="word", compact=True)
            yield Static(line(("enter", "key"), " confirm   ", ("esc", "key"), " cancel"), classes="dialog-keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only the very word counts."""
        if event.value.strip() == self._word:
            self.dismiss(True)
            return
        self.query_one(".dialog-keys", Static).update(
            line((f"that was not {self._word}", "bad"), "   ", ("esc", "key"), " cancel")
        )

    def action_complete(self) -> None:
        """Write the word: at three in the morning a typo costs minutes, and reading it is what counts."""
        if not self._completes:
            return
        field = self.query_one("#word", Input)
        field.value = self._word
        field.cursor_position = len(self._word)

    def action_refuse(self) -> None:
        """Nothing is done."""
        self.dismiss(False)


class AskSecret(ModalScreen[str | None]):
    """Asks for the value of a secret, unseen. It goes to AWS and nowhere else."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "refuse", "leave it")]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._secret = name

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog") as box:
            box.border_title = f"The value of {self._secret}"
            yield Static("It goes to AWS and stays there: not in the blueprint, not in a log, not on the screen.\n")
            yield Unseen(id="value")
            yield Static(line(("enter", "key"), " give it   ", ("esc", "key"), " leave it"), classes="dialog-keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """An empty value is none."""
        if event.value:
            self.dismiss(event.value)

    def action_refuse(self) -> None:
        """Without it the run ends and says what is missing."""
        self.dismiss(None)


class Help(ModalScreen[None]):
    """What this screen is for, its keys, and where one goes from here."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", "back")]

    def __init__(self, title: str, words: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._words = words
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The box."""
        with VerticalScroll(classes="dialog help") as box:
            box.border_title = self._title
            yield Static(self._words.strip() + "\n", markup=False)
            for key, what in self._keys:
                yield Static(line((f"{key:>10}", "key"), f"  {what}"))
            yield Static(line(("\n       esc", "key"), "  back"))
