"""The end of the walk line by line: the review, and what to do with it: save, deploy, view, edit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from wizard.cli import words
from wizard.cli.plain_walk import BACK, HELP, Asks, PlainWalk
from wizard.cli.report import Report
from wizard.question import Wrong
from wizard.walk.draft import Drafts
from wizard.walk.preview import preview
from wizard.walk.review import Review, review
from wizard.walk.saving import cannot_save, save
from wizard.walk.walk import Walk
from wizard.walk.writing import file_name

ACTIONS = (
    ("s", "save the blueprint"),
    ("d", "save it and deploy"),
    ("e", "edit an answer: e NAME"),
    ("v", "view the file"),
    ("r", "rights that making it needs, as IAM policies"),
    ("c", "the command for CI"),
    ("q", "leave; the draft is kept"),
)


@dataclass(frozen=True)
class Done:
    """How the walk ended: what was saved, and whether it is to be deployed at once."""

    walk: Walk
    path: Path | None = None
    deploy: bool = False


class PlainReview:
    """Shows the review until a person is done with it."""

    def __init__(self, report: Report, asks: Asks, drafts: Drafts, questions: PlainWalk) -> None:
        self._report = report
        self._asks = asks
        self._drafts = drafts
        self._questions = questions

    def to_end(self, walk: Walk) -> Done:
        """From the review on; an edited answer asks what it makes open, then the review comes again."""
        while True:
            found = review(walk)
            self._present(walk, found)
            ended = self._decide(walk, found)
            if isinstance(ended, Done):
                return ended
            walk = self._questions.to_review(ended)

    def _decide(self, walk: Walk, found: Review) -> Done | Walk:
        while True:
            typed = self._asks.line("review, enter is s: ").strip()
            action, _, rest = typed.lower().partition(" ")
            if action in ("", "s", "save", "d", "deploy"):
                path = self._save(walk, found)
                if path is not None:
                    return Done(walk, path, deploy=action in ("d", "deploy"))
            elif action in ("q", "quit"):
                return Done(walk)
            elif action in BACK:
                return walk.back()
            elif action in ("e", "edit"):
                known = [step.id for step in walk.steps()]
                if rest in known:
                    return walk.go(rest)
                self._questions.tell_wrong(Wrong(f"`{rest}` is no question", ", ".join(known), "e database"))
            elif not self._shown(action, found):
                allowed = ", ".join(f"{key} {meaning}" for key, meaning in ACTIONS)
                self._questions.tell_wrong(Wrong(f"`{typed}` is none of the choices", allowed, "s"))

    def _shown(self, action: str, found: Review) -> bool:
        """Show what was asked for; False when nothing was."""
        if action in ("v", "view"):
            self._report.say(found.text)
        elif action in ("r", "rights"):
            for document in found.policy_documents:
                self._report.say(json.dumps(document, indent=2))
        elif action in ("c", "ci"):
            app = found.deployment.partition("/")[0]
            self._report.say(f"  {headless(Path(f'{app}.yaml'), found)}")
        elif action in HELP:
            self._tell_actions()
        else:
            return False
        return True

    def _present(self, walk: Walk, found: Review) -> None:
        say = self._report.say
        say()
        say(f"Review   {found.deployment}   {found.region}", "strong")
        rows: list[tuple[str, ...]] = [("  value", "is", "because")]
        rows += [(f"  {_short(row.value, 20)}", _short(row.is_, 29), _short(row.because, 24)) for row in found.rows]
        for line in words.table(rows):
            say(line)
        say()
        for line in preview(walk, width=76).picture:
            say(f"  {line}")
        say()
        minutes = words.counted(found.minutes, "minute")
        say(f"  {words.counted(found.to_make, 'resource')} to make, about {minutes} to a URL")
        largest = ", ".join(f"{each.section} ${each.monthly_usd:,.0f}" for each in found.largest)
        say(f"  {words.money(found.monthly_usd)}, ${found.hourly_usd:.2f} an hour; largest: {largest}")
        say(f"  rights: {found.rights} IAM actions in {words.counted(len(found.policy_documents), 'document')}")
        if found.missing:
            say(f"  still to be given: {', '.join(found.missing)} (asked for when you deploy)", "wait")
        if found.problem:
            say(f"  problem: {found.problem}", "bad")
        self._tell_actions()

    def _tell_actions(self) -> None:
        for key, meaning in ACTIONS:
            self._report.say(f"  {key}  {meaning}")

    def _save(self, walk: Walk, found: Review) -> Path | None:
        """Ask where, and write; an existing file is replaced only by a yes."""
        offered = file_name(walk)
        while True:
            typed = self._asks.line(f"file, enter is {offered}: ").strip()
            if typed in BACK:
                return None
            path = Path(typed or offered).expanduser()
            wrong = cannot_save(path)
            if wrong is None and not self._may_replace(path, found.text):
                continue
            wrong = wrong or save(path, found.text)
            if wrong is None:
                self._report.say(f"saved {path}", "good")
                self._drafts.remove(walk.id)
                return path
            self._questions.tell_wrong(wrong)

    def _may_replace(self, path: Path, text: str) -> bool:
        if not path.exists() or _is(path, text):
            return True
        answer = self._asks.line(f"{path} is there already and says something else. Type yes to replace it: ")
        return answer.strip().lower() == "yes"


def headless(path: Path, found: Review) -> str:
    """The command that does the same without a terminal."""
    environment = "" if found.environment == "main" else f" --env {found.environment}"
    secrets = " --secrets-file FILE" if found.missing else ""
    return f"pilotage replay {path}{environment} --yes --no-input{secrets}"


def _is(path: Path, text: str) -> bool:
    try:
        return path.read_text("utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
