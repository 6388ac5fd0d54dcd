"""The form of a row in the table of changes (`changes.py`), and how a row is applied to a blueprint's text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from wizard.engine.plan import Plan

SYSTEMS = Path(__file__).parent
"""The running systems that the table begins with: shop.yaml and its three small neighbours."""


@dataclass(frozen=True)
class Edit:
    """One place of the file that a person changes: what stands there, and what they write instead."""

    old: str
    new: str


@dataclass(frozen=True)
class Row:
    """A change that people make, and all that it does.

    Each action lists kinds with the number of resources, or addresses where the name says something.
    """

    what: str
    system: str
    edits: tuple[Edit, ...]
    create: str = ""
    update: str = ""
    replace: str = ""
    delete: str = ""
    loses: str = ""
    """Addresses whose data would be lost: the plan says so, and nothing is done without --yes-delete-data."""
    refused: str = ""
    """The change is refused before anything is done, with these words."""
    why: str = ""
    """What somebody should know who makes it."""
    carried_out: bool = field(default=False, kw_only=True)
    """Also made so in the practice account, and found unchanged afterwards."""

    def text(self, before: str) -> str:
        """The changed file."""
        for edit in self.edits:
            assert edit.old in before, f"{self.what}: {self.system}.yaml has no {edit.old!r}"
            before = before.replace(edit.old, edit.new, 1)
        return before

    def planned(self) -> dict[str, list[str]]:
        """The actions of the row, as `actions` gives those of a plan."""
        columns = {"create": self.create, "update": self.update, "replace": self.replace, "delete": self.delete}
        return {action: sorted(said.split()) for action, said in columns.items() if said}


def original(system: str) -> str:
    """The file of a running system."""
    return (SYSTEMS / f"{system}.yaml").read_text()


def actions(plan: Plan, row: Row) -> dict[str, list[str]]:
    """What a plan would do, in the row's own way of saying it: by address where the row names one, else by kind."""
    found: dict[str, list[str]] = defaultdict(list)
    for action, said in row.planned().items() or {"": []}.items():
        named = {each for each in said if "." in each}
        kinds: dict[str, int] = defaultdict(int)
        for change in plan.needed:
            if change.action != action:
                continue
            if change.address in named:
                found[action].append(change.address)
            else:
                kinds[change.kind] += 1
        found[action] += [kind if number == 1 else f"{kind}*{number}" for kind, number in kinds.items()]
    for change in plan.needed:
        if change.action not in row.planned():
            found[str(change.action)].append(change.address)
    return {action: sorted(each) for action, each in found.items() if each}
