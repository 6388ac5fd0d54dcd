"""A document keeps its text: comments, order and every line that nobody changed."""

from __future__ import annotations

import difflib

import pytest

from tests.blueprint.samples import BLUEPRINTS, SMALL, STARTERS, sample
from wizard.blueprint.document import Document, load
from wizard.errors import UsageError

ODD = """\
# a file with habits of its own
blueprint: 1   # three spaces
name:   'shop'
region: "us-east-1"
account: null
services: {web: {containers: {web: { image: a/b, port: 1 }}}}
storage:
- first
-   second   # indented less than Pilotage would
text: |
   kept
    as it is
"""


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that differ, with - and + before them."""
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in diff if line[:1] in "+-" and not line.startswith(("+++", "---"))]


@pytest.mark.parametrize("name", STARTERS)
def test_an_untouched_starter_is_written_back_byte_for_byte(name: str) -> None:
    path = BLUEPRINTS / f"{name}.yaml"
    assert load(path).dump().encode() == path.read_bytes()


def test_changing_one_value_changes_one_line_and_keeps_its_comment() -> None:
    document = load(BLUEPRINTS / "fasttriage.yaml")
    before = document.dump()
    document.set(("services", "worker", "cpu"), 4096)
    removed, added = changed_lines(before, document.dump())
    assert removed.lstrip("- ").startswith("cpu: 2048 #")
    assert added.lstrip("+ ") == removed.lstrip("- ").replace("2048", "4096", 1)
    assert document.get(("services", "worker", "cpu")) == 4096


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("name",), "store", ["-name:   'shop'", "+name: 'store'"]),
        (("region",), "eu-west-1", ['-region: "us-east-1"', '+region: "eu-west-1"']),
        (("storage", 1), "third", ["--   second   # indented", "+- third "]),
        (("account",), "123456789012", ["-account: null", "+account: '123456789012'"]),
    ],
)
def test_the_habits_of_a_file_survive_a_change(path: tuple[str | int, ...], value: str, lines: list[str]) -> None:
    document = Document(ODD, "odd.yaml")
    document.set(path, value)
    assert document.get(path) == value
    found = changed_lines(ODD, document.dump())
    assert len(found) == 2
    assert found[0].startswith(lines[0])
    assert found[1].startswith(lines[1])


def test_sections_on_the_way_to_a_new_value_are_made() -> None:
    document = sample()
    document.set(("observability", "alarms", "cpu"), 70)
    assert changed_lines(SMALL, document.dump()) == ["+observability:", "+  alarms:", "+    cpu: 70"]


def test_text_that_looks_like_a_number_is_written_in_quotes() -> None:
    document = sample()
    document.set(("services", "web", "containers", "web", "environment", "PORT"), "8080")
    assert document.get(("services", "web", "containers", "web", "environment", "PORT")) == "8080"
    assert "PORT: '8080'" in document.dump()


def test_nothing_can_be_set_inside_a_single_value() -> None:
    with pytest.raises(UsageError, match="name is not a section"):
        sample().set(("name", "first"), "x")


def test_line_ends_of_windows_are_kept() -> None:
    text = SMALL.replace("\n", "\r\n")
    document = Document(text, "shop.yaml")
    assert document.dump() == text
    document.set(("name",), "store")
    assert document.dump() == text.replace("name: shop\r\n", "name: store\r\n")


def test_every_key_and_value_has_its_place() -> None:
    places = sample().places
    assert places.of(("name",)) == (2, 7)
    assert places.of(("name",), key=True) == (2, 1)
    assert places.of(("ingress", "routes", 0, "service")) == (8, 16)
    assert places.of(("services", "web", "containers", "web", "port")) == (14, 15)
    assert places.of(("services", "web", "nothing", "here")) == places.of(("services", "web"))
