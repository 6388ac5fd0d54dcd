"""How the walk begins: a new one, or a draft that is carried on."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from screens.page import Page
from screens.styles import line
from screens.walk.screen import WalkPage
from screens.widgets.rows import OpenRows, Row, Rows
from wizard.walk.draft import Draft, Drafts
from wizard.walk.walk import Walk

NEW = "new"


class ChooseDraft(Page[None]):
    """Asks whether to begin anew or to carry on; shown only when there is a draft."""

    WHERE = ("new",)
    HELP = "Drafts hold every answer that was given, and no value of a secret. enter carries on, delete removes one."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "remove", "remove draft"),
        Binding("escape", "leave", "back"),
    ]

    def __init__(self, region: str | None) -> None:
        super().__init__()
        self._region = region

    def body(self) -> ComposeResult:
        """The list."""
        yield Static(line((" Carry on, or begin anew?", "strong")), classes="head")
        yield OpenRows(id="drafts")

    def on_mount(self) -> None:
        """Fill it."""
        self._draw()

    def _draw(self) -> None:
        rows = [Row(line(told(draft)), draft.id) for draft in Drafts().all()]
        self.query_one(Rows).show([*rows, Row(line("a new deployment"), NEW)])

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open it in place of this."""
        self.app.switch_screen(page_of(event.key, self._region))

    def action_remove(self) -> None:
        """Remove the draft under the cursor."""
        Drafts().remove(self.query_one(Rows).cursor)
        self._draw()


def told(draft: Draft) -> str:
    """A draft in one line."""
    name = draft.name or "(no name yet)"
    return f"draft {name}   {draft.answered} answers, at {draft.at}   {draft.saved_at:%d %b %H:%M}Z"


def page_of(draft: str, region: str | None) -> WalkPage:
    """The walk of a draft; a new one when it is none, or can no longer be read."""
    return WalkPage((Drafts().open(draft) if draft != NEW else None) or Walk(region=region or ""))


def first_page(region: str | None) -> Page[None]:
    """What `pilotage new` shows first."""
    return ChooseDraft(region) if Drafts().all() else page_of(NEW, region)
