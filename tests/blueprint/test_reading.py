"""What is refused before anything else is looked at, quickly and with a place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.blueprint.samples import SMALL
from wizard.blueprint.document import Document, load, value_of
from wizard.blueprint.problems import BlueprintInvalid, Problem

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = {
    "empty": ("", 1, "the file is empty"),
    "only a comment": ("# nothing\n", 1, "the file is empty"),
    "a list": ("- a\n- b\n", 1, "not a blueprint"),
    "one word": ("hello\n", 1, "not a blueprint"),
    "tabs": ("services:\n\tweb: 1\n", 2, "a tab is used for indentation"),
    "tabs further in": ("a:\n  b: 1\n  \tc: 2\n", 3, "a tab is used for indentation"),
    "the same key twice": ("name: a\nregion: b\nname: c\n", 3, "`name` stands here twice"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "a second YAML document begins here"),
    "a python tag": ("a: !!python/object/apply:os.system ['true']\n", 1, "YAML tags"),
    "any tag": ("a: !thing b\n", 1, "YAML tags"),
    "an old YAML": ("%YAML 1.1\n---\na: no\n", 2, "YAML directives"),
    "deep brackets": ("a: " + "[" * 5000 + "\n", 1, "nested more than 32 levels deep"),
    "deep braces": ("a: " + "{b: " * 5000 + "\n", 1, "nested more than 32 levels deep"),
    "deep sections": ("".join(f"{' ' * n}k:\n" for n in range(400)), 33, "nested more than 32 levels deep"),
    "deep dashes": ("a:\n" + "- " * 2000 + "x\n", 2, "nested more than 32 levels deep"),
    "an alias bomb": (BOMB, None, "values once aliases are written out"),
    "many aliases": ("a: &a x\nb: [" + ", ".join(["*a"] * 101) + "]\n", 2, "more than 100 aliases"),
    "an alias in itself": ("a: &a\n  b: *a\n", None, "an alias that contains itself"),
    "an unknown alias": ("a: *b\n", 1, "an alias (*name) without its anchor"),
    "an open quote": ('a: "b\nc: d\n', None, "a quote or a bracket is not closed"),
    "an open bracket": ("a: [b, c\nd: e\n", None, "bracket"),
    "a stray colon": ("a: b: c\n", 1, "a `:` that does not fit here"),
    "a bent indentation": ("a:\n    b: 1\n  c: 2\n", None, ""),
    "a number as key": ("1: a\n", 1, "a key that is not text"),
    "a list as key": ("? [a, b]\n: c\n", None, "a key that is not text"),
    "a control character": ("a: b\nc: \x00\n", 2, "a control character (U+0000)"),
}


def refusal(text: str) -> Problem:
    """The one problem for which a text is refused."""
    with pytest.raises(BlueprintInvalid) as caught:
        Document(text, "bad.yaml")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize("case", [case for case in REFUSED if case != "a control character"])
def test_a_text_that_could_mislead_or_exhaust_the_reader_is_refused_at_its_place(case: str) -> None:
    text, line, words = REFUSED[case]
    before = time.process_time()
    problem = refusal(text)
    assert time.process_time() - before < 1.0
    assert words in problem.message
    assert problem.hint
    assert line is None or problem.line == line
    assert str(problem).startswith(f"bad.yaml:{problem.line}:{problem.column}: ")


def load_refusal(path: Path) -> Problem:
    with pytest.raises(BlueprintInvalid) as caught:
        load(path)
    return caught.value.problems[0]


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text("a: b\n" + "# filler\n" * 40_000)
    before = time.process_time()
    assert "larger than 256 KB" in load_refusal(file).message
    assert time.process_time() - before < 1.0


def test_bytes_that_are_not_utf8_are_refused_at_their_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"blueprint: 1\nname: caf\xe9\n")
    problem = load_refusal(file)
    assert (problem.line, problem.column, problem.message) == (2, 10, "not UTF-8 text")


def test_binary_is_refused_at_its_first_control_character(tmp_path: Path) -> None:
    file = tmp_path / "image.yaml"
    file.write_bytes(REFUSED["a control character"][0].encode())
    problem = load_refusal(file)
    assert (problem.line, problem.column) == (2, 4)
    assert "U+0000" in problem.message


def test_a_file_that_is_not_there_is_a_problem_and_not_a_traceback(tmp_path: Path) -> None:
    assert "no such file" in load_refusal(tmp_path / "none.yaml").message
    assert "is a directory" in load_refusal(tmp_path).message


def test_deep_brackets_inside_a_quoted_text_are_only_text() -> None:
    document = Document(SMALL + f"outputs:\n  note: '{'[' * 200}'\n", "shop.yaml")
    assert document.get(("outputs", "note")) == "[" * 200


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("12", 12),
        ("1.5", 1.5),
        ("2024-01-31", "2024-01-31"),
        ("12:30:45", "12:30:45"),
        ("'5001'", "5001"),
        ("[a, 2]", ["a", 2]),
        ("null", None),
        ("", ""),
    ],
)
def test_values_mean_what_yaml_1_2_says_and_nothing_is_guessed(written: str, value: object) -> None:
    found = value_of(written, "--set")
    assert found == value
    assert type(found) is type(value)


def test_an_alias_stands_for_what_it_names_and_points_at_it() -> None:
    document = Document("a: &shared {x: 1}\nb: *shared\nc:\n  <<: *shared\n  y: 2\n", "alias.yaml")
    assert document.data == {"a": {"x": 1}, "b": {"x": 1}, "c": {"y": 2, "x": 1}}
    assert document.places.of(("c", "x"))[0] >= 1
