"""A question, declared once: the same declaration becomes a Textual widget, a questionary prompt and a flag.

A declaration says how its choices and its default follow from the situation; `asked` fixes both for one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S")


class QuestionKind(StrEnum):
    """What an answer looks like."""

    CHOICE = "choice"
    MANY = "many"
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes-no"
    SECRETS = "secrets"
    """Variables pasted as dotenv lines; the answer says what becomes of each and holds no secret value."""


@dataclass(frozen=True)
class Variables:
    """What becomes of an application's variables, by name. `plain` alone has values, and they are no secrets."""

    secret: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()
    plain: Mapping[str, str] = field(default_factory=dict)
    keyring: bool = False
    """Whether given values are to be kept in the operating system's keyring."""


Value = str | int | bool | tuple[str, ...] | Variables


@dataclass(frozen=True)
class Wrong:
    """Why an answer cannot be taken: what is wrong, what is allowed, an example."""

    what: str
    allowed: str
    example: str

    def lines(self) -> tuple[str, str, str]:
        """The three parts, as every face shows them."""
        return self.what, f"allowed: {self.allowed}", f"example: {self.example}"


@dataclass(frozen=True)
class Choice:
    """One card: what it is, why for you, what you pay and wait, what you give up; or why it cannot serve you."""

    value: str
    label: str
    because: str = ""
    """For you because ..."""
    gives_up: str = ""
    cannot: str = ""
    """Why it cannot serve this application; empty when it can."""


@dataclass(frozen=True)
class Default(Generic[S]):
    """The answer that is offered, and where it comes from."""

    value: Value
    because: str = "default"


@dataclass(frozen=True)
class Asked:
    """A question as it stands at one moment: everything that a face must show."""

    id: str
    label: str
    help: str
    kind: QuestionKind
    choices: tuple[Choice, ...]
    default: Value
    default_because: str
    if_unsure: str
    words: tuple[str, ...]
    """Glossary terms that its text uses."""
    example: str
    short: str = ""
    """Its name on a trail."""

    def choice(self, value: str) -> Choice | None:
        """The card of a value."""
        return next((each for each in self.choices if each.value == value), None)


def _always(situation: object) -> bool:
    return True


def _no_choices(situation: object) -> tuple[Choice, ...]:
    return ()


def _fine(situation: object, value: Value) -> Wrong | None:
    return None


@dataclass(frozen=True)
class Question(Generic[S]):
    """One decision. `S` is what its choices, default and check may look at."""

    id: str
    label: str
    help: str
    kind: QuestionKind
    default: Callable[[S], Default[S]]
    if_unsure: str
    example: str
    short: str = ""
    words: tuple[str, ...] = ()
    choices: Callable[[S], tuple[Choice, ...]] = _no_choices
    when: Callable[[S], bool] = _always
    check: Callable[[S, Value], Wrong | None] = _fine
    priced: bool = True
    """Whether its choices differ in price or time."""

    def asked(self, situation: S) -> Asked:
        """The question as it stands now."""
        offered = self.default(situation)
        return Asked(
            self.id,
            self.label,
            self.help,
            self.kind,
            self.choices(situation),
            offered.value,
            offered.because,
            self.if_unsure,
            self.words,
            self.example,
            self.short or self.id,
        )

    def problem(self, situation: S, value: Value) -> Wrong | None:
        """Why a value cannot be the answer now; None when it can."""
        if self.kind in (QuestionKind.CHOICE, QuestionKind.MANY):
            offered = self.choices(situation)
            picked = value if isinstance(value, tuple) else (value,)
            for each in picked:
                wrong = self._not_offered(offered, each)
                if wrong is not None:
                    return wrong
        return self.check(situation, value)

    def _not_offered(self, offered: tuple[Choice, ...], value: object) -> Wrong | None:
        known = [each.value for each in offered if not each.cannot]
        found = next((each for each in offered if each.value == value), None)
        if found is None:
            return Wrong(f"`{value}` is none of the choices", ", ".join(known), self._example_of(offered))
        if found.cannot:
            return Wrong(f"{found.label} cannot serve: {found.cannot}", ", ".join(known), self._example_of(offered))
        return None

    def _example_of(self, offered: tuple[Choice, ...]) -> str:
        """An answer that would be taken."""
        able = [each.value for each in offered if not each.cannot]
        return self.example if self.example in able or not able else able[0]

    def understood(self, situation: S, typed: str) -> Value | Wrong:
        """What somebody typed, as a value or as what is wrong with it. Secrets are read by `wizard.walk`."""
        text = typed.strip()
        value: Value = text
        if self.kind is QuestionKind.NUMBER:
            if not text.isascii() or not text.isdigit():
                return Wrong(f"`{text}` is no number", "digits only", self.example)
            value = int(text)
        elif self.kind is QuestionKind.YES_NO:
            if text.lower() not in _YES + _NO:
                return Wrong(f"`{text}` is neither yes nor no", "yes or no", self.example)
            value = text.lower() in _YES
        elif self.kind is QuestionKind.MANY:
            value = tuple(word for word in text.replace(",", " ").split() if word)
        return self.problem(situation, value) or value


_YES = ("y", "yes", "true", "on", "1")
_NO = ("n", "no", "false", "off", "0")
