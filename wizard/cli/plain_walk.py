"""The walk line by line: the same questions as the full screen, in the same order, with the same checks."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from wizard.cli import words
from wizard.cli.report import Report
from wizard.question import Asked, QuestionKind, Variables, Wrong
from wizard.walk.draft import Drafts
from wizard.walk.preview import Difference, Preview, preview
from wizard.walk.reading.files import text_of
from wizard.walk.shown import shown
from wizard.walk.values import ROLES, Pasted
from wizard.walk.walk import Walk

WIDTH = 80
BACK = ("<", "back")
HELP = ("?", "help")


class Asks(Protocol):
    """What asks a person for lines."""

    def line(self, label: str) -> str:
        """One line."""
        ...

    def variables(self, label: str) -> str:
        """NAME=value lines."""
        ...


class PlainWalk:
    """Asks until the review; after every answer the draft is saved."""

    def __init__(self, report: Report, asks: Asks, drafts: Drafts, keyring_works: Callable[[], bool]) -> None:
        self._report = report
        self._asks = asks
        self._drafts = drafts
        self._keyring_works = keyring_works

    def to_review(self, walk: Walk) -> Walk:
        """Ask everything that is open."""
        while not walk.at_review:
            walk = self._one(walk)
            self._drafts.save(walk)
        return walk

    def _one(self, walk: Walk) -> Walk:
        asked, seen = walk.asked(), preview(walk)
        self._present(walk, asked, seen)
        while True:
            typed = self._ask(asked)
            if typed.strip().lower() in BACK:
                return walk.back()
            if typed.strip().lower() in HELP:
                self._help(walk, asked, seen)
                continue
            moved = (
                self._secrets(walk, typed) if asked.kind is QuestionKind.SECRETS else walk.take(_named(asked, typed))
            )
            if isinstance(moved, Wrong):
                self.tell_wrong(moved)
                continue
            self._tell_taken(walk, moved)
            return moved

    def _ask(self, asked: Asked) -> str:
        if asked.kind is QuestionKind.SECRETS:
            self._say("  Paste NAME=value lines, then an empty one; or give the path of a .env.")
            return self._asks.variables(f"{asked.short}, or enter: ")
        return self._asks.line(f"{asked.short}: ")

    def _present(self, walk: Walk, asked: Asked, seen: Preview) -> None:
        order = [step.id for step in walk.steps()]
        number = f"{order.index(walk.at) + 1} of {max(len(order), order.index(walk.at) + 1)}"
        self._say()
        self._say(f"{asked.label}   ({number if walk.app.form else 1})", "strong")
        current = walk.current()
        for place, choice in enumerate(asked.choices, 1):
            mark = " (offered)" if choice.value == current else ""
            price = _price(seen.differences.get(choice.value))
            self._wrapped(f"{place} {choice.value}: {choice.label}{mark}", indent="  ")
            self._wrapped(price)
            if choice.cannot:
                self._wrapped(f"cannot: {choice.cannot}")
            else:
                self._wrapped(f"for you: {choice.because}" if choice.because else "")
                self._wrapped(f"you give up: {choice.gives_up}" if choice.gives_up else "")
        if asked.kind is QuestionKind.SECRETS:
            self._tell_variables(walk)
        elif shown(current) and current != "":
            self._say(f"  enter takes: {shown(current)}   ({_because(walk, asked)})")
        self._wrapped(f"if unsure: {asked.if_unsure}", indent="  ")

    def _help(self, walk: Walk, asked: Asked, seen: Preview) -> None:
        self._wrapped(asked.help, indent="  ")
        self._say(f"  example: {asked.example}")
        for term, meaning in walk.glossary():
            self._wrapped(f"{term}: {meaning}", indent="  ")
        for row in seen.picture:
            self._say(f"  {row}")
        self._say("  < goes back; Ctrl-C leaves, and the draft is kept")

    def _tell_taken(self, before: Walk, after: Walk) -> None:
        if before.at == "app":
            for finding in after.app.findings:
                self._say(f"  {finding.what}: {finding.value}   ({finding.source})")
            for note in after.app.notes:
                self._wrapped(f"note: {note}", indent="  ")
        for note in after.notes:
            if note not in before.notes:
                self._wrapped(f"note: {note}", indent="  ")
        seen = preview(after)
        if seen.monthly_usd and not after.at_review:
            self._say(f"  so far: {words.money(seen.monthly_usd)}, about {words.counted(seen.minutes, 'minute')}")

    def _tell_variables(self, walk: Walk) -> None:
        given = walk.paste("")
        if isinstance(given, Pasted):
            self._tell_entries(given, walk)

    def _tell_entries(self, given: Pasted, walk: Walk) -> None:
        rows: list[tuple[str, ...]] = []
        for entry in given.entries:
            mark = walk.values.fingerprint(entry.name)
            masked = f"given before, …{mark}" if mark and entry.name not in given.values else entry.masked
            rows.append((f"  {entry.name}", entry.role, masked, entry.why))
        for row in words.table(rows) if rows else ["  no variables were found"]:
            self._say(row)
        for problem in given.problems:
            self._say(f"  not understood: {problem}", "wait")

    def _secrets(self, walk: Walk, typed: str) -> Walk | Wrong:
        """Take pasted lines or a path, show what becomes of each variable, and let a person change that."""
        text = _text_of(typed)
        if isinstance(text, Wrong):
            return text
        given = walk.paste(text)
        if isinstance(given, Wrong):
            return given
        roles: dict[str, str] = {}
        if given.entries:
            if text.strip():
                self._tell_entries(given, walk)
            while change := self._asks.line("change one, NAME=role, or enter: ").strip():
                wrong = self._change(given, change, roles)
                if wrong is not None:
                    self.tell_wrong(wrong)
        return walk.answer_secrets(given, roles, keyring=self._keeps(given, walk))

    def _change(self, given: Pasted, change: str, roles: dict[str, str]) -> Wrong | None:
        name, _, role = (part.strip() for part in change.partition("="))
        known = [entry.name for entry in given.entries]
        if name not in known:
            return Wrong("this is none of the variables", ", ".join(known), f"{known[0]}=secret")
        if role not in ROLES:
            return Wrong("this is no role", ", ".join(ROLES), f"{name}=secret")
        roles[name] = role
        self._say(f"  {name}: {role}")
        return None

    def _keeps(self, given: Pasted, walk: Walk) -> bool:
        """Whether values are to be kept; asked only where there are some and a keyring works."""
        current = walk.current()
        before = isinstance(current, Variables) and current.keyring
        if not given.values or not any(entry.role == "secret" for entry in given.entries) or not self._keyring_works():
            return before
        answer = self._asks.line("Keep the values in this computer's keyring? yes or no, enter is no: ")
        return answer.strip().lower() in ("y", "yes")

    def tell_wrong(self, wrong: Wrong) -> None:
        """The three parts of what is wrong; what was typed is one arrow key away."""
        for row, style in zip(wrong.lines(), ("bad", "", ""), strict=True):
            self._wrapped(row, indent="  ", style=style)

    def _wrapped(self, text: str, indent: str = "      ", style: str = "") -> None:
        for row in textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  "):
            self._say(row, style)

    def _say(self, text: str = "", style: str = "") -> None:
        self._report.say(text, style)


def _named(asked: Asked, typed: str) -> str:
    """A choice that was given by its number, as its value."""
    text = typed.strip()
    if asked.kind is QuestionKind.CHOICE and text.isascii() and text.isdigit() and 1 <= int(text) <= len(asked.choices):
        return asked.choices[int(text) - 1].value
    return typed


def _because(walk: Walk, asked: Asked) -> str:
    answer = walk.situation.answers.get(walk.at)
    return answer.because if answer is not None else asked.default_because


def _price(found: Difference | None) -> str:
    if found is None:
        return ""
    more = f" ({found.more_usd:+.2f})" if found.more_usd else ""
    return f"{words.money(found.monthly_usd)}{more}, about {words.counted(found.minutes, 'minute')}"


def _text_of(typed: str) -> str | Wrong:
    """Pasted lines as they are; a single word without `=` as the path of a file to read."""
    if not typed.strip() or "=" in typed or "\n" in typed.strip():
        return typed
    text, note = text_of(Path(typed.strip()).expanduser())
    if note:
        return Wrong(note, "NAME=value lines, or the path of a dotenv file", ".env")
    return text
