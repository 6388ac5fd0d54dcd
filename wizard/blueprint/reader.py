"""From bytes to a YAML tree, with guard rails: a file that could hang, exhaust or mislead the reader is refused first.

YAML 1.2: `no`, `on` and `010` are not turned into something else. Tags, directives and dates are not interpreted.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    SequenceEndEvent,
)
from ruamel.yaml.parser import RoundTripParser
from ruamel.yaml.scanner import RoundTripScanner

from wizard.blueprint.problems import BlueprintInvalid, Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_ALIASES = 100
MAX_NODES = 20_000
MAX_WRITTEN = 10_000

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Refused(MarkedYAMLError):
    """A guard rail was hit; the note is the hint."""


class _Scanner(RoundTripScanner):
    """Stops at deep flow nesting, which the scanner reads ahead in quadratic time before any event is seen."""

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:
        if len(self.flow_context) > MAX_DEPTH:
            raise _too_deep(self.reader.get_mark())
        super().fetch_flow_collection_start(TokenClass, to_push)


class _Parser(RoundTripParser):
    """Watches every event on its way to the tree."""

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        self.open: list[str | None] = []
        self.aliases = self.documents = self.nodes = 0

    def get_event(self) -> Any:
        event = super().get_event()
        self.watch(event)
        return event

    def watch(self, event: Event) -> None:
        """Raise Refused when the event crosses a guard rail."""
        mark = event.start_mark
        if isinstance(event, CollectionStartEvent):
            self.open.append(event.anchor)
            if len(self.open) > MAX_DEPTH:
                raise _too_deep(mark)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.open.pop()
        elif isinstance(event, AliasEvent):
            self.alias(event.anchor, mark)
        elif isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refused(
                    mark, "a second YAML document begins here", "keep one blueprint a file; remove the line with ---"
                )
            if event.version is not None or event.tags:
                raise _refused(
                    mark, "YAML directives (%YAML, %TAG) are not used here", "remove the lines that start with %"
                )
        if isinstance(event, NodeEvent):
            self.nodes += 1
            if self.nodes > MAX_WRITTEN:
                raise _refused(mark, f"more than {MAX_WRITTEN} keys and values", "is this the right file?")
        if isinstance(event, NodeEvent) and not isinstance(event, AliasEvent) and _explicit_tag(event):
            raise _refused(mark, "YAML tags (words that start with !) are not used here", "remove the tag")

    def alias(self, name: str, mark: Any) -> None:
        """Raise Refused for one alias too many, and for one inside the part that it stands for."""
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise _refused(mark, f"more than {MAX_ALIASES} aliases (*name)", "write repeated parts out")
        if name in self.open:
            raise _refused(mark, f"an alias that contains itself (*{name})", "write the part out")


class _Constructor(RoundTripConstructor):
    """Builds values, and tells where when one cannot be built."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, ArithmeticError) as cause:
            raise ConstructorError(None, None, "a value that cannot be read as a number", node.start_mark) from cause


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str)


def _refused(mark: Any, problem: str, hint: str) -> Refused:
    return Refused(None, None, problem, mark, note=hint)


def _too_deep(mark: Any) -> Refused:
    return _refused(
        mark, f"nested more than {MAX_DEPTH} levels deep", "a blueprint needs fewer than ten; look for stray brackets"
    )


def _explicit_tag(event: Any) -> bool:
    tag = getattr(event, "ctag", None)
    return tag is not None and str(tag) not in ("", "None", "!")


def yaml() -> YAML:
    """The one YAML dialect of blueprints, for reading and for writing."""
    made = YAML(typ="rt", pure=True)
    made.Scanner, made.Parser, made.Constructor = _Scanner, _Parser, _Constructor
    made.preserve_quotes = True
    made.width = 4096
    return made


def decode(raw: bytes, file: str) -> str:
    """The text of a file. Raises BlueprintInvalid when it is too large, or not UTF-8 text."""
    if len(raw) > MAX_BYTES:
        raise _invalid(
            file,
            1,
            1,
            f"larger than {MAX_BYTES // 1024} KB",
            "a blueprint is a few hundred lines: is this the right file?",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as cause:
        line, column = _place(raw[: cause.start].decode("utf-8", "replace"))
        raise _invalid(
            file, line, column, "not UTF-8 text", "save the file as UTF-8, or check that it is a text file"
        ) from cause
    found = _UNPRINTABLE.search(text.removeprefix("\ufeff"))
    if found is not None:
        line, column = _place(text[: found.start()])
        code = f"U+{ord(found[0]):04X}"
        raise _invalid(
            file,
            line,
            column,
            f"a control character ({code}) that YAML does not allow",
            "remove it; is this a text file?",
        )
    return text


def parse(text: str, file: str) -> Any:
    """The YAML tree of a text. Raises BlueprintInvalid with the place of the first thing that is not YAML."""
    try:
        return yaml().load(StringIO(text))
    except MarkedYAMLError as cause:
        raise BlueprintInvalid([_problem_of(cause, text, file)]) from None
    except (YAMLError, RecursionError, LookupError, AttributeError, TypeError, AssertionError) as cause:
        # The YAML library answers some broken input with an error of its own making that has no place.
        raise _invalid(file, 1, 1, "cannot be read as YAML", f"the YAML reader says: {str(cause)[:120]}") from cause


def mapping(tree: Any, file: str) -> CommentedMap:
    """The tree as a mapping. Raises BlueprintInvalid for an empty file, a list or a single value."""
    if tree is None:
        raise _invalid(file, 1, 1, "the file is empty", "start from a starter in blueprints/, or run `pilotage new`")
    if not isinstance(tree, CommentedMap):
        raise _invalid(
            file, 1, 1, "not a blueprint: `key: value` lines are expected", "the first line is `blueprint: 1`"
        )
    return tree


def _problem_of(error: MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    lines = text.splitlines()
    here = lines[line] if line < len(lines) else ""
    if isinstance(error, Refused):
        return Problem(file, line + 1, column + 1, str(error.problem), str(error.note or ""))
    if isinstance(error, DuplicateKeyError):
        key = re.search(r'found duplicate key "(.*?)"', str(error.problem))
        name = f"`{key[1]}`" if key else "a key"
        return Problem(file, line + 1, column + 1, f"{name} stands here twice", "keep one of the two")
    for number in (line, line - 1):
        if 0 <= number < len(lines) and "\t" in re.match(r"\s*", lines[number])[0]:  # type: ignore[index]
            at = lines[number].index("\t")
            return Problem(file, number + 1, at + 1, "a tab is used for indentation", "YAML wants spaces: two a level")
    message, hint = _plain(str(error.problem or error.context or ""), here)
    return Problem(file, line + 1, column + 1, message, hint)


def _plain(problem: str, here: str) -> tuple[str, str]:
    """The YAML library's words in plain ones."""
    table = (
        (
            "mapping values are not allowed",
            "a `:` that does not fit here",
            "put text that holds a `:` in quotes, and check the indentation",
        ),
        ("could not find expected ':'", "a `:` is missing", "write `key: value`, with a space after the colon"),
        ("expected <block end>", "the indentation does not fit", "lines of one section begin in the same column"),
        ("unexpected end of stream", "a quote or a bracket is not closed", "close it, or put the text in quotes"),
        ("undefined alias", "an alias (*name) without its anchor (&name)", "put text that begins with * in quotes"),
        (
            "found unknown escape",
            "an unknown escape in double quotes",
            "write \\\\ for a backslash, or use single quotes",
        ),
        ("cannot start any token", "a character that text without quotes cannot begin with", "put the text in quotes"),
        ("expected ',' or", "a `,` or a closing bracket is missing", "check the brackets of this list or section"),
        (
            "expected the node content",
            "a value is missing",
            "write a value, or put text that begins with a sign in quotes",
        ),
        ("cannot be read as a number", "a number that cannot be read", "put it in quotes if it is text"),
    )
    for words, message, hint in table:
        if words in problem:
            return message, hint
    return (
        f"not valid YAML: {problem.splitlines()[0] if problem else 'unreadable'}",
        "check quotes, brackets and indentation here" if here else "",
    )


def _place(before: str) -> tuple[int, int]:
    line = before.count("\n") + 1
    return line, len(before) - (before.rfind("\n") + 1) + 1


def _invalid(file: str, line: int, column: int, message: str, hint: str) -> BlueprintInvalid:
    return BlueprintInvalid([Problem(file, line, column, message, hint)])
