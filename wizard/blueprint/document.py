"""A blueprint as a document: its text with comments, its plain values, and the place of every key and value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from io import StringIO
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from wizard.blueprint.problems import BlueprintInvalid, Path, Problem, dotted
from wizard.blueprint.reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, decode, mapping, parse, yaml
from wizard.errors import UsageError

Place = tuple[int, int]


@dataclass(frozen=True)
class Places:
    """Line and column, from 1, of every key and of every value."""

    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]

    def of(self, path: Path, *, key: bool = False) -> Place:
        """The place of a path, or of the closest thing around it that stands in the file."""
        for end in range(len(path), 0, -1):
            first, second = (self.keys, self.values) if key else (self.values, self.keys)
            found = first.get(path[:end]) or second.get(path[:end])
            if found is not None:
                return found
            key = True
        return (1, 1)


@dataclass
class _Collector:
    """Turns the YAML tree into plain values and notes where each stands."""

    file: str
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    nodes: int = 0

    def plain(self, node: Any, path: Path) -> Any:
        """The node as dict, list, text, number, true, false or None."""
        self.nodes += 1
        place = self.values.get(path) or self.keys.get(path) or (1, 1)
        if self.nodes > MAX_NODES:
            self.refuse(place, f"more than {MAX_NODES} values once aliases are written out", "write repeated parts out")
        if not isinstance(node, (CommentedMap, CommentedSeq)):
            return _scalar(node)
        if len(path) >= MAX_DEPTH:
            self.refuse(place, f"nested more than {MAX_DEPTH} levels deep by aliases", "write the part out")
        return self.section(node, path) if isinstance(node, CommentedMap) else self.items(node, path)

    def section(self, node: CommentedMap, path: Path) -> dict[str, Any]:
        places = node.lc.data or {}
        made: dict[str, Any] = {}
        for key, value in node.items():
            at = places.get(key)
            if not isinstance(key, str):
                where = (at[0] + 1, at[1] + 1) if at else self.keys.get(path, (1, 1))
                self.refuse(where, "a key that is not text", "put the key in quotes")
            inner = (*path, str(key))
            if at is not None:
                self.keys[inner] = (at[0] + 1, at[1] + 1)
                if _stands_alone(value) and len(at) > 3 and at[2] is not None:
                    self.values[inner] = (at[2] + 1, at[3] + 1)
            elif path in self.keys:
                self.keys[inner] = self.keys[path]
            made[str(key)] = self.plain(value, inner)
        return made

    def items(self, node: CommentedSeq, path: Path) -> list[Any]:
        places = node.lc.data or {}
        made: list[Any] = []
        for index, value in enumerate(node):
            at = places.get(index)
            if at is not None:
                self.values[(*path, index)] = (at[0] + 1, at[1] + 1)
            made.append(self.plain(value, (*path, index)))
        return made

    def refuse(self, place: Place, message: str, hint: str) -> None:
        raise BlueprintInvalid([Problem(self.file, *place, message, hint)])


def _stands_alone(value: Any) -> bool:
    """A single value is pointed at itself; a section, a list and an empty value by their key."""
    return value is not None and not isinstance(value, (CommentedMap, CommentedSeq))


def _scalar(node: Any) -> Any:
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    # The YAML library keeps `true` with an anchor as a type of its own, which is an int.
    return None if node is None else str(node)


class Document:
    """One blueprint file. `set` changes one value and leaves comments, order and all other lines as they are."""

    def __init__(self, text: str, file: str = "blueprint.yaml") -> None:
        self.file = file
        self._read(text)

    def _read(self, text: str) -> None:
        tree = mapping(parse(text, self.file), self.file)
        collector = _Collector(self.file)
        self.data: Mapping[str, Any] = collector.plain(tree, ())
        self.places = Places(collector.keys, collector.values)
        self._text, self._tree = text, tree

    def dump(self) -> str:
        """The text of the file; without a `set`, byte for byte what was read."""
        return self._text

    def get(self, path: Path, default: Any = None) -> Any:
        """The plain value at a path, or the default."""
        node: Any = self.data
        for step in path:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                return default
        return node

    def set(self, path: Path, value: Any) -> None:
        """Put a value at a path, making the sections on the way. Raises UsageError when a value is in the way."""
        source = self._text.replace("\r\n", "\n")
        habit = max(_HABITS, key=lambda each: _likeness(source, _written(self._tree, each)))
        before = _written(self._tree, habit)
        node: Any = self._tree
        for depth, step in enumerate(path[:-1]):
            inner = _child(node, step)
            if inner is None and isinstance(node, CommentedMap):
                inner = node[step] = CommentedMap()
            if not isinstance(inner, (CommentedMap, CommentedSeq)):
                raise UsageError(f"{dotted(path[: depth + 1])} is not a section: nothing can be set inside it")
            node = inner
        node[path[-1]] = _dressed(_child(node, path[-1]), value)
        text = _patched(source, before, _written(self._tree, habit))
        self._read(text.replace("\n", "\r\n") if "\r\n" in self._text else text)


# How people indent: columns of a section, of a list, and of its dash in them.
_HABITS = ((2, 4, 2), (2, 2, 0), (4, 4, 0), (4, 4, 2), (4, 6, 4))


def _written(tree: CommentedMap, habit: tuple[int, int, int]) -> str:
    writer = yaml()
    writer.indent(*habit)
    stream = StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()


def _likeness(source: str, written: str) -> int:
    return sum(one == other for one, other in zip(source.split("\n"), written.split("\n"), strict=False))


def _patched(source: str, before: str, after: str) -> str:
    """The source with only those lines changed that differ between the two writings of its tree.

    The writer has habits of its own (an empty value for `null`, its own spaces in brackets), which the owner of the
    file need not share.
    """
    kept, old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (source, before, after))
    if len(kept) != len(old):
        return after
    lines: list[str] = []
    for tag, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines += kept[first:last] if tag == "equal" else new[new_first:new_last]
    patched = "".join(lines)
    try:
        same = parse(patched, "") == parse(after, "")
    except BlueprintInvalid:
        same = False
    return patched if same else after


def _child(node: Any, step: str | int) -> Any:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None


def _dressed(old: Any, new: Any) -> Any:
    """New text in the quotes of the old one, and in double quotes with escapes where a reader would lose characters."""
    if not isinstance(new, str):
        return new
    if not new.isprintable():
        return DoubleQuotedScalarString(new)
    for dress in (DoubleQuotedScalarString, SingleQuotedScalarString):
        if isinstance(old, dress):
            return dress(new)
    return new


def load(path: str | FilePath) -> Document:
    """Read a blueprint file. Raises BlueprintInvalid when it cannot be read or is not a YAML section."""
    file = str(path)
    try:
        with FilePath(path).open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as cause:
        reason = (cause.strerror or "unknown reason").lower()
        raise BlueprintInvalid(
            [Problem(file, 1, 1, f"cannot be read: {reason}", "check the path of the blueprint")]
        ) from cause
    return Document(decode(raw, file), file)


def value_of(text: str, file: str) -> Any:
    """A value as the file would hold it: `2` is a number, `no` is text, `[a, b]` a list. Raises BlueprintInvalid."""
    return _Collector(file).plain(parse(text, file), ()) if text.strip() else ""
