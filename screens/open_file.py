"""Choose a blueprint file: those of this folder, or a path that is typed."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from screens.page import Page
from screens.styles import line
from screens.widgets.rows import OpenRows, Row, Rows

FOLDERS = (".", "blueprints")
MOST = 200


class OpenFile(Page[Path]):
    """Answers a path, or nothing."""

    WHERE = ("open a blueprint",)
    HELP = "Enter opens the file under the cursor. Type a path to open another; tab goes between the two."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "type a path"),
        Binding("escape", "leave", "back"),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def body(self) -> ComposeResult:
        """A list and a field."""
        yield Static(line((" Which file?", "strong")), classes="head")
        yield OpenRows(id="files", empty="no .yaml file here")
        yield Input(placeholder="or type a path, then enter", id="path", compact=True)
        yield Static(id="wrong", classes="note")

    def on_mount(self) -> None:
        """List what looks like a blueprint."""
        found = [
            path
            for folder in FOLDERS
            for path in sorted((self._folder / folder).glob("*.y*ml"))[:MOST]
            if _is_blueprint(path)
        ]
        self.query_one(Rows).show([Row(line(str(path.relative_to(self._folder))), str(path)) for path in found])

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open it."""
        self.dismiss(Path(event.key))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A typed path must be a file."""
        path = Path(event.value.strip()).expanduser()
        if path.is_file():
            self.dismiss(path)
        else:
            self.query_one("#wrong", Static).update(line((f" there is no file {event.value}", "bad")))


def _is_blueprint(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"blueprint:" in file.read(4096)
    except OSError:
        return False
