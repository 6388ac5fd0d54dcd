"""The diagnosis over real messages: a third of them was never looked at while the rules were written or mended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wizard.release.diagnosis import RULES, diagnose
from wizard.release.diagnosis.rule import Diagnosis
from wizard.release.diagnosis.symptoms import Symptoms

FOLDER = Path(__file__).parent / "corpus"
NO_CAUSE = "unknown or normal"
LEAST_RIGHT = 0.9


@dataclass(frozen=True)
class Message:
    """One failure of the corpus."""

    id: str
    cause: str
    source: str
    held_out: bool
    symptoms: Symptoms

    @property
    def found(self) -> Diagnosis:
        return diagnose(self.symptoms)

    @property
    def is_right(self) -> bool:
        found = self.found
        if self.cause == NO_CAUSE:
            return found.cause == "unknown" or found.normal
        return found.cause == self.cause


def _read() -> Iterator[Message]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            entry: dict[str, Any] = json.loads(line)
            told: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in entry["symptoms"].items()
            }
            yield Message(entry["id"], entry["cause"], entry["source"], entry["held_out"], Symptoms(**told))


CORPUS = tuple(_read())
HELD_OUT = [message for message in CORPUS if message.held_out]
SEEN = [message for message in CORPUS if not message.held_out]
NEGATIVES = [message for message in CORPUS if message.cause == NO_CAUSE]


def test_the_corpus_is_large_and_every_message_has_its_source() -> None:
    assert len([message for message in CORPUS if message.cause != NO_CAUSE]) >= 120
    assert len(NEGATIVES) >= 15
    assert len({message.id for message in CORPUS}) == len(CORPUS)
    assert all(message.source for message in CORPUS)


def test_which_third_is_held_out_follows_from_the_id_alone() -> None:
    for message in CORPUS:
        assert message.held_out == (hashlib.sha256(message.id.encode()).digest()[0] % 3 == 0), message.id
    assert 0.3 <= len(HELD_OUT) / len(CORPUS) <= 0.4


@pytest.mark.parametrize("message", SEEN, ids=lambda message: message.id)
def test_a_message_that_the_rules_were_mended_with_shows_its_cause(message: Message) -> None:
    assert message.is_right, f"{message.found.cause}: {message.found.evidence}"


def test_at_least_nine_of_ten_held_out_messages_show_their_cause(record_property: Any) -> None:
    right = sum(message.is_right for message in HELD_OUT)
    record_property("held_out_accuracy", f"{right} of {len(HELD_OUT)}")
    assert right / len(HELD_OUT) >= LEAST_RIGHT, f"{right} of {len(HELD_OUT)}"


def test_what_is_no_failure_or_was_never_said_before_is_never_named_as_a_cause() -> None:
    assert [(message.id, message.found.cause) for message in NEGATIVES if not message.is_right] == []


@pytest.mark.parametrize("message", CORPUS, ids=lambda message: message.id)
def test_every_diagnosis_is_complete_and_shows_what_it_rests_on(message: Message) -> None:
    found = message.found
    assert found.sentence and found.safe and found.command
    assert not any(mark in f"{found.sentence} {found.command}" for mark in ("{service}", "{ended}", "{look}"))
    assert found.evidence or message.symptoms == Symptoms()


def test_the_corpus_knows_most_causes_of_the_table() -> None:
    known = {message.cause for message in CORPUS}
    causes = {rule.cause for rule in RULES}
    assert known - causes == {NO_CAUSE}
    assert len(causes & known) / len(causes) >= 0.7
