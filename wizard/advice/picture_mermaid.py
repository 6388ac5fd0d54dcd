"""A topology as a Mermaid flow chart, which GitHub and most wikis draw."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wizard.advice.topology import ELSEWHERE, INTERNET, OUTSIDE, PRIVATE, PUBLIC, Node, Topology

ROUND = frozenset({"bucket", "queue", "table", "topic", "file_system", "db_instance", "db_cluster"})
"""Kinds that keep something are drawn as a cylinder."""


def as_mermaid(picture: Topology) -> str:
    """The chart, ending with a line feed."""
    lines = ["flowchart LR", f"  %% {picture.deployment} in {picture.region}"]
    lines += [f"  {_box(node)}" for node in _standing(picture, ELSEWHERE)]
    lines.append(f'  subgraph vpc["{_quoted(picture.network)}"]')
    for number, area in enumerate((PUBLIC, PRIVATE)):
        inside = list(_standing(picture, area))
        if inside:
            zones = ", ".join(each.name for each in picture.subnets if each.area == area)
            lines.append(f'    subgraph area{number}["{_quoted(f"{area} {zones}".strip())}"]')
            lines += [f"      {_box(node)}" for node in inside]
            lines.append("    end")
    lines.append("  end")
    for way in picture.ways:
        label = f"|{_quoted(way.label)}| " if way.label else ""
        lines.append(f"  {_id(way.start)} --> {label}{_id(way.end)}")
    return "\n".join(lines) + "\n"


def _standing(picture: Topology, area: str) -> Iterable[Node]:
    return (node for node in picture.nodes.values() if node.area == area)


def _box(node: Node) -> str:
    if node.id in (INTERNET, OUTSIDE):
        return f'{node.id}(("internet"))'
    words = "<br/>".join(_quoted(part) for part in (node.title, node.name, node.detail) if part)
    opened, closed = ("[(", ")]") if node.id.split(".")[0] in ROUND else ("[", "]")
    return f'{_id(node.id)}{opened}"{words}"{closed}'


def _id(address: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", address)


def _quoted(words: str) -> str:
    return words.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
