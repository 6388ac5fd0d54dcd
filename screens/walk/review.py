"""One page before anything is made: each value and where it came from, the price, the minutes, the rights, the file."""

from __future__ import annotations

import asyncio
import json
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from screens import works
from screens.behind import behind
from screens.page import Page
from screens.styles import cut, line, wrapped
from screens.walk import checks
from screens.widgets.panes import Panes
from screens.widgets.rows import Row, Rows
from wizard.advice.preflight import Checked
from wizard.cli import words
from wizard.deployment.request import Request
from wizard.errors import PilotageError
from wizard.walk.draft import Drafts
from wizard.walk.review import Review, review
from wizard.walk.review import Row as Value
from wizard.walk.walk import Walk


class Values(Rows):
    """The values. Enter edits the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "edit")]


class ReviewPage(Page[str]):
    """Answers the id of a question to edit, or an empty word for the last one; None when the walk is over."""

    WHERE = ("review",)
    HELP = """
Every value, and where it came from. enter or e edits the one under the cursor.
d saves the file and makes it so before your eyes; s only saves; v shows the file; p the rights that setting up needs;
c what was checked in AWS, by reads alone: what fails comes first, with what to type.
The same without a terminal: the command is at the bottom.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "deploy", "deploy"),
        Binding("s", "save", "save"),
        Binding("v", "pane('file')", "file"),
        Binding("p", "pane('rights')", "rights"),
        Binding("c", "pane('checks')", "checks"),
        Binding("e", "edit", "edit", show=False),
        Binding("tab", "next_pane", "pane", show=False, priority=True),
        Binding("escape", "leave", "back"),
    ]

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self._walk = walk
        self._review: Review | None = None
        self._saved: Path | None = None
        self._panes = Panes(
            [
                ("values", Values(empty="adding it up")),
                ("file", Rows(empty="adding it up")),
                ("rights", Rows(empty="adding it up")),
                ("checks", Rows(empty="checking")),
            ]
        )
        self._checks: Sequence[Checked] | None = None
        self._check_trouble = ""

    def body(self) -> ComposeResult:
        """Values, file, rights; the sum below."""
        yield self._panes
        yield Static(id="sums")

    async def on_mount(self) -> None:
        """Add it up, on a thread."""
        behind(self, self._add_up, group="review")

    async def _add_up(self) -> None:
        found = self._review = await asyncio.to_thread(review, self._walk)
        self.say_where("review", found.deployment)
        self._panes.rows("values").show(value_rows(found.rows, self.size.width - 4))
        self._panes.rows("file").show(file_rows(found.text, self.size.width - 5))
        self._panes.rows("rights").show(
            [Row(line(text), f"line {number}") for number, text in enumerate(_rights(found))]
        )
        self._draw_sums(found)
        if self.pilotage.place.connection is not None:
            behind(self, self._check, group="checks")

    async def _check(self) -> None:
        """Ask AWS what would fail; the page can be used meanwhile."""
        found = self._review
        if found is None or found.problem:
            return
        try:
            self._checks = await asyncio.to_thread(checks.checked, found.text, str(self._path()), self._request(found))
        except PilotageError as error:
            self._check_trouble = error.summary
        self._draw_sums(found)

    def _draw_sums(self, found: Review) -> None:
        self._panes.rows("checks").show(checks.rows(self._checks, self._check_trouble))
        self.query_one("#sums", Static).update(Text("\n").join(self._sums(found)))

    def _request(self, found: Review) -> Request:
        given = dict(self._walk.values_for_run())
        return replace(self.pilotage.place.request, environment=found.environment, given=given)

    def _sums(self, found: Review) -> list[Text]:
        largest = ", ".join(f"{each.section} ${each.monthly_usd:,.0f}" for each in found.largest)
        command = f"pilotage replay {self._path()} --env {found.environment} --yes --no-input"
        sums = [
            line((f" {found.to_make} resources to make", "strong"), f"   about {found.minutes:.0f} minutes"),
            line(f" {words.money(found.monthly_usd)}   ${found.hourly_usd:.2f} an hour    largest: {largest}"),
            checks.sum_of(self._checks, self._check_trouble),
            line((f" in CI: {command}", "quiet")),
        ]
        if found.missing:
            names = cut(", ".join(found.missing), self.size.width - 24)
            sums.insert(2, line((f" will be asked for: {names}", "wait")))
        return [line((f" cannot be made: {found.problem}", "bad")), *sums] if found.problem else sums

    def _path(self) -> Path:
        return self._saved or Path(f"{self._review.deployment.split('/')[0] if self._review else 'blueprint'}.yaml")

    def action_pane(self, name: str) -> None:
        """One pane; the same key again leads back to the values."""
        panes = self._panes
        panes.open_pane = "values" if panes.open_pane == name else name

    def action_next_pane(self) -> None:
        """The next pane."""
        self._panes.step(1)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter edits."""
        if event.control.id == "pane-values":
            self.action_edit()

    def action_edit(self) -> None:
        """Back to the question of the value under the cursor; all other answers stay."""
        _, _, question = self._panes.rows("values").cursor.partition(" ")
        if question:
            self.dismiss(question)

    def action_save(self) -> None:
        """Write the file."""
        self._save(then_deploy=False)

    def action_deploy(self) -> None:
        """Write the file, then make it so."""
        self._save(then_deploy=True)

    def _save(self, *, then_deploy: bool) -> None:
        found = self._review
        if found is None:
            return

        def answered(path: Path | None) -> None:
            if path is None:
                return
            path.write_text(found.text, encoding="utf-8")
            self._saved = path
            self.notify(f"saved {path}")
            if then_deploy:
                self._deploy(found, path)
            else:
                self._keep_values()

        self.app.push_screen(SaveAs(self._path(), found.text), answered)

    def _deploy(self, found: Review, path: Path) -> None:
        request = self._request(found)
        self._keep_values()
        Drafts().remove(self._walk.id)
        opener = works.file_opener(path)
        begin = partial(self.pilotage.begin_alone, found.deployment, works.replay_of, opener, request)
        behind(self.app, begin)

    def _keep_values(self) -> None:
        """Put given values into the keyring, where that was asked for; a desktop may let one wait for its password."""
        if self._walk.situation.variables.keyring:
            behind(self.app, partial(_kept, self.app, self._walk))

    def action_leave(self) -> None:
        """Back to the last question."""
        self.dismiss("")


async def _kept(app: App[Any], walk: Walk) -> None:
    from wizard.deployment.keyring_values import KeyringError, keep

    def work() -> None:
        for name, value in walk.values_for_run().items():
            keep(name, value)

    try:
        await asyncio.to_thread(work)
    except KeyringError as error:
        app.notify(f"the keyring did not take the values: {error}; they are used in this run only")


def value_rows(values: Sequence[Value], width: int) -> list[Row]:
    """Value, what it is, and why, in columns as wide as they need to be; a long one goes on in the next line."""
    first = min(max((len(each.value) for each in values), default=0), width // 3) + 2
    last = min(max((len(each.because) for each in values), default=0), width // 3)
    middle = max(width - first - last - 2, 10)
    rows = [Row(line((f"{'value':<{first}}{'is':<{middle}}  because", "quiet")))]
    for number, each in enumerate(values):
        columns = [
            [part.plain for part in wrapped(words_of, room)]
            for words_of, room in ((each.value, first - 2), (each.is_, middle), (each.because, last))
        ]
        for step, (name, is_, because) in enumerate(zip_longest(*columns, fillvalue="")):
            text = line((f"{name:<{first}}", "strong"), f"{is_:<{middle}}  ", (because, "quiet"))
            rows.append(Row(text, "" if step else f"{number} {each.question}"))
    return rows


def file_rows(text: str, width: int) -> list[Row]:
    """The file as it will be; a line for which there is no room goes on below, marked."""
    rows = []
    for number, each in enumerate(text.splitlines()):
        parts = textwrap.wrap(each, width, subsequent_indent="    ↪ ", replace_whitespace=False) or [each]
        rows.append(Row(line(parts[0]), f"line {number}"))
        rows += [Row(line(f"  {part}")) for part in parts[1:]]
    return rows


def _rights(found: Review) -> list[str]:
    """The policy documents that setting up needs, as JSON."""
    return [
        text for document in found.policy_documents for text in json.dumps(document, indent=1, default=str).splitlines()
    ]


class SaveAs(ModalScreen[Path | None]):
    """Asks for a path; a file that holds something else is overwritten only when that is said."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "refuse", "cancel")]

    def __init__(self, path: Path, text: str) -> None:
        super().__init__()
        self._path = path
        self._text = text
        self._warned: Path | None = None

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Save the blueprint"
            yield Static("It holds no secret. Keep it beside your code; `pilotage replay` carries it out anywhere.\n")
            yield Input(value=str(self._path), id="path", compact=True)
            yield Static(line(("enter", "key"), " save   ", ("esc", "key"), " cancel"), classes="dialog-keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Save, or say why not."""
        path = Path(event.value.strip()).expanduser()
        if wrong := self._wrong(path):
            self.query_one(".dialog-keys", Static).update(line((wrong, "bad")))
            return
        self.dismiss(path)

    def _wrong(self, path: Path) -> str:
        if not str(path).endswith((".yaml", ".yml")):
            return "the name must end in .yaml"
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}"
        if path.is_dir():
            return f"{path} is a folder"
        try:
            same = not path.exists() or path.read_text(encoding="utf-8") == self._text
        except (OSError, UnicodeDecodeError):
            same = False
        if not same and self._warned != path:
            self._warned = path
            return f"{path} exists and is different: enter again overwrites it"
        return ""

    def action_refuse(self) -> None:
        """Nothing is written."""
        self.dismiss(None)
