"""A topology as text for a terminal of 80 columns: the ways as trees, then the places."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from wizard.advice.topology import INTERNET, OUTSIDE, PRIVATE, PUBLIC, Node, Topology, Way

WIDTH = 80
GLUE = "\0"


def as_text(picture: Topology) -> str:
    """The whole picture, ending with a line feed."""
    lines = [f"{picture.deployment}   {picture.region}", ""]
    seen: set[str] = set()
    for root in picture.roots():
        lines += [_label(picture.nodes[root]), *_branches(picture, root, "", seen, frozenset({root})), ""]
    alone = [node for id, node in picture.nodes.items() if not any(id in (way.start, way.end) for way in picture.ways)]
    lines += [f"{_label(node)}   (reached by nobody)" for node in alone]
    lines += ["", *_places(picture)] if alone else _places(picture)
    beside = (f"{title} x {count}" if count > 1 else title for title, count in picture.undrawn.items())
    lines += ["", *_wrapped("not drawn  ", beside)]
    return "\n".join(_cut(line) for line in lines) + "\n"


def _branches(picture: Topology, start: str, indent: str, seen: set[str], path: frozenset[str]) -> Iterable[str]:
    """What a node reaches, each with what that reaches in turn; what was told before is not told again."""
    ways = [way for way in picture.ways_from(start) if way.end not in path]
    told = start in seen
    seen.add(start)
    if told and len(ways) > 1:
        yield f"{indent}└─ as above"
        return
    for number, way in enumerate(ways):
        last = number == len(ways) - 1
        yield f"{indent}{'└─' if last else '├─'} {_step(picture, way)}"
        yield from _branches(picture, way.end, indent + ("   " if last else "│  "), seen, path | {way.end})


def _step(picture: Topology, way: Way) -> str:
    return f"{way.label} → {_label(picture.nodes[way.end])}" if way.label else f"→ {_label(picture.nodes[way.end])}"


def _label(node: Node) -> str:
    if node.id in (INTERNET, OUTSIDE):
        return "internet"
    return f"{node.title} {node.name}{f' ({node.detail})' if node.detail else ''}"


def _places(picture: Topology) -> Iterable[str]:
    yield picture.network
    for area in (PUBLIC, PRIVATE):
        members = [each for each in picture.subnets if each.area == area]
        standing = [node for node in picture.nodes.values() if node.area == area]
        if members or standing:
            yield f"  {area}"
        for each in members:
            yield f"    {each.name:<16}{each.zone:<16}{each.cidr:<18}out: {each.way_out}"
        yield from _wrapped("    in them: ", (node.id for node in standing))
    if picture.endpoints:
        yield from _wrapped("  endpoints: ", picture.endpoints)


def _wrapped(label: str, items: Iterable[str]) -> list[str]:
    """A list after a label, broken between items only."""
    words = ", ".join(item.replace(" ", GLUE) for item in items)
    lines = textwrap.wrap(words, WIDTH - 2, initial_indent=label, subsequent_indent=" " * len(label)) if words else []
    return [line.replace(GLUE, " ") for line in lines]


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
