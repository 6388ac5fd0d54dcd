"""The topology beside a question: a small tree that fits a narrow pane, from the internet to what holds the data."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.advice.topology import INTERNET, OUTSIDE, Node, Topology, Way

SHORT = {
    "load_balancer": "load balancer",
    "service": "service",
    "express_service": "Express service",
    "app_runner_service": "App Runner",
    "nat_gateway": "NAT gateway",
    "broker": "RabbitMQ",
    "db_instance": "PostgreSQL",
    "bucket": "bucket",
    "file_system": "shared folder",
    "queue": "queue",
    "table": "table",
    "endpoints": "AWS endpoints",
}
"""Words for a narrow pane, by kind."""


def sketch(picture: Topology, width: int) -> list[str]:
    """The picture as lines of at most `width` columns."""
    lines: list[str] = []
    seen: set[str] = set()
    roots = picture.roots() or [id for id in picture.nodes if id != OUTSIDE]
    for root in roots:
        lines.append(_word(picture.nodes[root]))
        lines += _branches(picture, root, "", seen, frozenset({root}))
    shown = seen | set(roots)
    alone = [node for id, node in picture.nodes.items() if id not in shown and id not in (INTERNET, OUTSIDE)]
    lines += [_word(node) for node in alone if not _is_reached(picture, node)]
    return [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines]


def _branches(picture: Topology, start: str, indent: str, seen: set[str], path: frozenset[str]) -> Iterator[str]:
    ways = [way for way in picture.ways_from(start) if way.end not in path]
    told = start in seen
    seen.add(start)
    if told and ways:
        return
    for number, way in enumerate(ways):
        last = number == len(ways) - 1
        yield f"{indent}{'└' if last else '├'} {_step(picture, way)}"
        yield from _branches(picture, way.end, indent + ("  " if last else "│ "), seen, path | {way.end})


def _step(picture: Topology, way: Way) -> str:
    port = way.label if way.label[:1].isdigit() else ""
    return " ".join(part for part in (port, "→", _word(picture.nodes[way.end])) if part)


def _word(node: Node) -> str:
    if node.id in (INTERNET, OUTSIDE):
        return "internet"
    kind, _, name = node.id.partition(".")
    if kind == "db_cluster":
        return "DocumentDB" if "docdb" in node.detail else "Aurora"
    word = SHORT.get(kind, node.title)
    return f"{word} {name}" if name and name not in ("main", "alb") else word


def _is_reached(picture: Topology, node: Node) -> bool:
    return any(way.end == node.id for way in picture.ways)
