"""A declared question: what is typed becomes a value or three words about what is wrong."""

from __future__ import annotations

import pytest

from wizard.question import Choice, Default, Question, QuestionKind, Value, Wrong


def question(kind: QuestionKind) -> Question[str]:
    """A question about a situation that is a text."""
    return Question(
        id="size",
        label="How large?",
        help="",
        kind=kind,
        default=lambda situation: Default(situation),
        if_unsure="small",
        example="s",
        choices=lambda situation: (Choice("s", "small"), Choice("m", "middle"), Choice("l", "large", cannot="no room")),
        check=lambda situation, value: Wrong("too many", "two", "1") if value == 3 else None,
    )


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (QuestionKind.CHOICE, " s ", "s"),
        (QuestionKind.MANY, "s, m", ("s", "m")),
        (QuestionKind.MANY, "", ()),
        (QuestionKind.TEXT, " any text ", "any text"),
        (QuestionKind.NUMBER, "2", 2),
        (QuestionKind.YES_NO, "Yes", True),
        (QuestionKind.YES_NO, "n", False),
    ],
)
def test_what_is_typed_is_understood(kind: QuestionKind, typed: str, value: Value) -> None:
    assert question(kind).understood("", typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "what"),
    [
        (QuestionKind.CHOICE, "x", "`x` is none of the choices"),
        (QuestionKind.CHOICE, "l", "large cannot serve: no room"),
        (QuestionKind.MANY, "s l", "large cannot serve: no room"),
        (QuestionKind.NUMBER, "two", "`two` is no number"),
        (QuestionKind.NUMBER, "²", "`²` is no number"),
        (QuestionKind.NUMBER, "3", "too many"),
        (QuestionKind.YES_NO, "maybe", "`maybe` is neither yes nor no"),
    ],
)
def test_what_is_not_understood_is_told_with_what_is_allowed(kind: QuestionKind, typed: str, what: str) -> None:
    wrong = question(kind).understood("", typed)
    assert isinstance(wrong, Wrong)
    assert wrong.what == what
    assert wrong.lines()[1].startswith("allowed: ") and wrong.lines()[2].startswith("example: ")


def test_a_question_as_it_stands_has_its_offer_and_its_cards() -> None:
    asked = question(QuestionKind.CHOICE).asked("m")
    assert (asked.default, asked.short) == ("m", "size")
    card = asked.choice("l")
    assert card is not None and card.cannot == "no room" and asked.choice("x") is None
