"""A field for a secret: what is in it is never drawn, and never leaves it for the clipboard."""

from __future__ import annotations

from typing import Any

from textual.widgets import Input


class Unseen(Input):
    """Masked. Copy does nothing; cut only deletes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(password=True, compact=True, **options)

    def action_copy(self) -> None:
        """A terminal's clipboard is read by every program."""

    def action_cut(self) -> None:
        """Delete what is selected."""
        self.delete_selection()
