"""The answers so far: frozen, each with where it came from, and as plain data for a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.question import Value, Variables

YOU = "you chose"


@dataclass(frozen=True)
class Answer:
    """One value, and where it came from: `compose.yaml:12`, `you chose`, `default`."""

    value: Value
    because: str = YOU
    offered: bool = False
    """Whether it was offered and taken: then it follows what it came from."""


@dataclass(frozen=True)
class Answers:
    """Answers by question. Changing one makes new `Answers`; the old ones stay as they were."""

    given: Mapping[str, Answer] = field(default_factory=dict)

    def __contains__(self, question: str) -> bool:
        return question in self.given

    def get(self, question: str) -> Answer | None:
        """The answer to a question, None while it has none."""
        return self.given.get(question)

    def text(self, question: str, default: str = "") -> str:
        """The answer as text; the default while there is none."""
        found = self.given.get(question)
        return default if found is None else str(found.value)

    def plus(self, question: str, value: Value, because: str = YOU, *, offered: bool = False) -> Answers:
        """These answers with one more, or with another one."""
        return Answers({**self.given, question: Answer(value, because, offered)})

    def without(self, question: str) -> Answers:
        """These answers but for one."""
        return Answers({key: answer for key, answer in self.given.items() if key != question})

    def to_record(self) -> dict[str, Any]:
        """Plain data for JSON. `Variables` hold names and plain values, never secrets."""
        return {
            key: {"value": _plain(each.value), "because": each.because, "offered": each.offered}
            for key, each in self.given.items()
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Answers:
        """The answers that `to_record` wrote. Raises ValueError when the record is something else."""
        try:
            return cls(
                {
                    str(key): Answer(_value(each["value"]), str(each["because"]), bool(each["offered"]))
                    for key, each in record.items()
                }
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not a record of answers") from error


def _plain(value: Value) -> Any:
    if isinstance(value, Variables):
        return {
            "secret": list(value.secret),
            "generated": list(value.generated),
            "plain": dict(value.plain),
            "keyring": value.keyring,
        }
    return list(value) if isinstance(value, tuple) else value


def _value(record: Any) -> Value:
    if isinstance(record, Mapping):
        plain = {str(name): str(text) for name, text in record["plain"].items()}
        secret, generated = tuple(map(str, record["secret"])), tuple(map(str, record["generated"]))
        return Variables(secret, generated, plain, bool(record["keyring"]))
    if isinstance(record, list):
        return tuple(str(each) for each in record)
    if isinstance(record, (str, bool, int)):
        return record
    raise ValueError("not a record of an answer")
