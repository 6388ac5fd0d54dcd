"""The question about variables: paste a `.env`, see what is proposed for each, change it. Values are never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Paste
from textual.message import Message
from textual.widgets import Input, Static

from screens.styles import line
from screens.walk.answering import Answered, told_wrong
from screens.widgets.rows import Row, Rows
from screens.widgets.unseen import Unseen
from wizard.question import Wrong
from wizard.walk.values import ROLES, Entry, Pasted
from wizard.walk.walk import Walk

BIGGEST_PASTE = 256 * 1024
ROLE_STYLE = {"secret": "wait", "generated": "good"}


@dataclass(frozen=True)
class Memory:
    """What was pasted and chosen, to find it again after going back. In memory only."""

    text: str = field(default="", repr=False)
    roles: Mapping[str, str] = field(default_factory=dict)
    keyring: bool = False


class WholePaste(Unseen):
    """A field that hands on everything pasted, not the first line alone. What is in it is never shown."""

    @dataclass
    class Whole(Message):
        """Text that was pasted."""

        text: str = field(repr=False)

    def _on_paste(self, event: Paste) -> None:
        """Take all lines."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Whole(event.text[:BIGGEST_PASTE]))


class Variables(Vertical):
    """Paste a `.env`: which look secret is proposed, their values are masked, and stay in memory."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "role", "role"),
        Binding("delete", "forget", "remove"),
        Binding("r", "keyring", "keyring"),
        Binding("p", "paste", "paste"),
    ]

    @dataclass
    class Told(Message):
        """Whether something pasted could not be taken, and is being told of."""

        wrong: bool

    def __init__(self, walk: Walk, memory: Memory) -> None:
        super().__init__(id="answer")
        self._walk = walk
        self._text = ""
        self._roles = dict(memory.roles)
        self._keyring = memory.keyring
        self._pasted = Pasted(())
        self._list = Names(empty="nothing pasted yet", id="variables")
        self._paste = WholePaste(placeholder="paste a .env, NAME=VALUE, or a file's path", id="paste")
        self._wrong = Static(id="paste-wrong")
        self._kept = Static(id="keyring")
        self._read(memory.text)

    @property
    def memory(self) -> Memory:
        """What was pasted and chosen."""
        return Memory(self._text, dict(self._roles), self._keyring)

    def compose(self) -> ComposeResult:
        """The list, and where to paste."""
        yield self._list
        yield self._paste
        yield self._wrong
        yield self._kept

    def on_mount(self) -> None:
        """Show what is known."""
        self._draw()

    def on_resize(self) -> None:
        """The columns have another width."""
        self._draw()

    def focus_field(self) -> None:
        """First the paste, later the list."""
        (self._list if self._pasted.entries else self._paste).focus()

    def _draw(self) -> None:
        room = self._list.size.width - 3 or 44
        longest = max((len(entry.name) for entry in self._pasted.entries), default=0)
        self._list.show([self._row(entry, min(longest, max(room - 24, 12)), room) for entry in self._pasted.entries])
        kept = "[x]" if self._keyring else "[ ]"
        self._kept.update(line((f"{kept} keep values in this machine's keyring (r)", "quiet")))

    def _row(self, entry: Entry, width: int, room: int) -> Row:
        role = self._roles.get(entry.name, entry.role)
        name = entry.name if len(entry.name) <= width else f"{entry.name[: width - 1]}…"
        masked = entry.masked.strip("()")
        told = (f"{role:<9} ", ROLE_STYLE.get(role, "quiet"))
        parts: list[str | tuple[str, str]] = [f"{name:<{width}} ", told, f"{masked:<12.12}"]
        if room - width - 24 > len(entry.why):
            parts.append((f"  {entry.why}", "quiet"))
        return Row(line(*parts), entry.name)

    def _read(self, text: str) -> Wrong | None:
        """Take all that was pasted so far; what is wrong with it, when it is."""
        found = self._walk.paste(text)
        if isinstance(found, Wrong):
            return found
        self._text, self._pasted = text, found
        return None

    def _add(self, text: str) -> bool:
        """Take more lines; False when nothing in them could be taken, and then nothing is changed."""
        alone = self._walk.paste(text)
        wrong = alone if isinstance(alone, Wrong) else self._read(f"{self._text}\n{text}".strip())
        self._draw()
        lines = wrong.lines() if wrong else tuple(self._pasted.problems[:2])
        self._wrong.update(told_wrong(lines, self.size.width))
        self.post_message(self.Told(bool(wrong)))
        return wrong is None

    def on_whole_paste_whole(self, event: WholePaste.Whole) -> None:
        """A whole `.env`."""
        if self._add(event.text):
            self._list.focus()

    def on_paste(self, event: Paste) -> None:
        """The same while the list has the keys."""
        event.stop()
        self._add(event.text[:BIGGEST_PASTE])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """One line, or a file; an empty line goes on. What cannot be taken stays in the field."""
        event.stop()
        typed = event.value.strip()
        if not typed:
            if self._pasted.entries:
                self._list.focus()
            else:
                self.post_message(Answered())
        elif self._add(_of_file(typed)):
            self._paste.value = ""

    def action_role(self) -> None:
        """The next role: a secret, generated, plain, left out."""
        name = self._list.cursor
        entry = next((each for each in self._pasted.entries if each.name == name), None)
        if entry is not None:
            role = self._roles.get(name, entry.role)
            self._roles[name] = ROLES[(ROLES.index(role) + 1) % len(ROLES)]
            self._draw()

    def action_keyring(self) -> None:
        """Whether values go into the keyring."""
        self._keyring = not self._keyring
        self._draw()

    def action_forget(self) -> None:
        """Leave a name out."""
        self._roles[self._list.cursor] = "left-out"
        self._draw()

    def action_paste(self) -> None:
        """To the field."""
        self._paste.focus()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter on the list takes it all."""
        event.stop()
        self.post_message(Answered())

    def taken(self) -> Walk | Wrong:
        """The walk with these variables."""
        return self._walk.answer_secrets(self._pasted, self._roles, keyring=self._keyring)


class Names(Rows):
    """The variables. Enter takes them all."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "next")]


def _of_file(typed: str) -> str:
    """The lines of the file that was named; what was typed, when it names none."""
    path = Path(typed).expanduser()
    try:
        if "=" not in typed and path.is_file() and path.stat().st_size <= BIGGEST_PASTE:
            return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return typed
    return typed
