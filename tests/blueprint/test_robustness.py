"""Whatever a file holds, the answer is a blueprint or problems with places, and never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.blueprint.samples import BLUEPRINTS, SMALL
from wizard.blueprint.document import Document, load
from wizard.blueprint.environments import problems_of, validate
from wizard.blueprint.problems import BlueprintInvalid, Problem
from wizard.blueprint.reader import MAX_BYTES

FASTTRIAGE = (BLUEPRINTS / "fasttriage.yaml").read_text(encoding="utf-8")
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

MARKS = st.sampled_from(
    [*list(":{}[]-&*!|>'\"%@`,#?~<=\\\t\n "), "<<: ", "- ", "? ", "---\n", "null", "1e9", "0x", "é"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["{", "{x}", "none"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def examine(text: str) -> list[Problem]:
    """The problems of a text, however it is refused."""
    try:
        return problems_of(Document(text, "file.yaml"))
    except BlueprintInvalid as invalid:
        return list(invalid.problems)


def assert_placed(found: list[Problem], lines: int) -> None:
    for problem in found:
        assert problem.file == "file.yaml"
        assert 1 <= problem.line <= lines + 1
        assert problem.column >= 1
        assert problem.message


@QUIET
@given(data=st.data())
def test_a_starter_with_a_few_characters_changed(data: st.DataObject) -> None:
    text = FASTTRIAGE
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(MARKS) + text[at + data.draw(st.integers(0, 12)) :]
    assert_placed(examine(text), text.count("\n") + 1)


@QUIET
@given(data=st.data())
def test_the_sample_with_a_line_lost_doubled_or_moved(data: st.DataObject) -> None:
    lines = SMALL.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines.pop(at) if data.draw(st.booleans()) and len(lines) > 1 else lines[at]
        shift = data.draw(st.sampled_from(["", "  ", "\t", "- "]))
        lines.insert(data.draw(st.integers(0, len(lines))), shift + line)
    text = "\n".join(lines) + "\n"
    assert_placed(examine(text), len(lines))


def paths(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path in the data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for step, value in inner for found in [(*path, step), *paths(value, (*path, step))]]


@QUIET
@given(data=st.data())
def test_a_starter_with_any_value_in_any_place(data: st.DataObject) -> None:
    document = load(BLUEPRINTS / "fasttriage.yaml")
    document.file = "file.yaml"
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(document.data)))
        node: Any = document.data
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = data.draw(VALUES)
    assert_placed(problems_of(document), FASTTRIAGE.count("\n"))


@QUIET
@given(raw=st.binary(max_size=400))
def test_any_bytes(raw: bytes, tmp_path_factory: Any) -> None:
    file: Path = tmp_path_factory.mktemp("bytes") / "file.yaml"
    file.write_bytes(raw)
    found = validate(file)
    assert found
    assert all(str(problem).startswith(f"{file}:") for problem in found)


@QUIET
@given(text=st.text(max_size=200))
def test_any_text(text: str) -> None:
    assert examine(text)


@QUIET
@given(indices=st.lists(st.integers(0, 10_000), min_size=1, max_size=3), value=st.integers() | st.text(max_size=20))
def test_a_set_value_is_read_back_and_the_rest_stays(indices: list[int], value: int | str) -> None:
    document = Document(SMALL, "file.yaml")
    scalars = [path for path in paths(document.data) if not isinstance(document.get(path), (dict, list))]
    for index in indices:
        path = scalars[index % len(scalars)]
        document.set(path, value)
        assert document.get(path) == value
    assert len(document.dump()) < MAX_BYTES
    assert set(paths(Document(SMALL).data)) == set(paths(document.data))
