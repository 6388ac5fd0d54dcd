"""Choose one of the environments of a blueprint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.widgets import Static

from screens.page import Page
from screens.styles import line
from screens.widgets.rows import OpenRows, Row, Rows
from wizard.errors import PilotageError


class ChooseEnvironment(Page[str]):
    """Answers the name of an environment, or nothing."""

    WHERE = ("environment",)
    HELP = "One file describes several environments; each is a deployment of its own. Enter takes one."

    def __init__(self, path: Path, known: Sequence[str]) -> None:
        super().__init__()
        self._path = path
        self._known = known

    def body(self) -> ComposeResult:
        """The list."""
        yield Static(line((f" Which environment of {self._path.name}?", "strong")), classes="head")
        yield OpenRows(id="environments")

    def on_mount(self) -> None:
        """Fill it."""
        self.query_one(Rows).show([Row(line(name), name) for name in self._known])

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Take it."""
        self.dismiss(event.key)


def environments_of(path: Path) -> list[str]:
    """The environments that a file names; none when it has none, or cannot be read: opening it says why."""
    from wizard.blueprint.document import load
    from wizard.blueprint.environments import environment_names

    try:
        return list(environment_names(load(path)))
    except PilotageError:
        return []


def name_of(path: Path, environment: str) -> str:
    """`<app>/<env>` as the file says; the file's own name when it cannot be read."""
    from wizard.blueprint.document import load

    try:
        app = str(load(path).data.get("name") or path.name)
    except PilotageError:
        app = path.name
    return f"{app}/{environment}" if environment else app
