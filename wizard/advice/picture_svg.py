"""A topology as a plain SVG: columns from the internet inwards, one box a node, one line a way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from wizard.advice.topology import ELSEWHERE, INTERNET, PRIVATE, PUBLIC, Node, Topology, Way

BOX_WIDTH, BOX_HEIGHT = 230, 64
COLUMN, ROW, MARGIN, TOP = 330, 100, 24, 96
LETTERS = 34
"""How many letters of 11 px fit into a box."""
FILLS = {PUBLIC: "#fff4e0", PRIVATE: "#e4effb", ELSEWHERE: "#f2f2f2"}
STYLE = (
    "text{font-family:sans-serif;fill:#1b1f24}.t{font-size:12px;font-weight:bold}.n{font-size:11px}"
    ".h{font-size:16px;font-weight:bold}.w{fill:none;stroke:#5a6472;stroke-width:1.4}"
    ".l{font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:4px}"
)


@dataclass(frozen=True)
class _Spot:
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2


def as_svg(picture: Topology) -> str:
    """The document, ending with a line feed."""
    spots = _spots(picture)
    width = MARGIN * 2 + BOX_WIDTH + max((spot.x for spot in spots.values()), default=0)
    height = MARGIN + BOX_HEIGHT + max((spot.y for spot in spots.values()), default=TOP)
    title = escape(f"{picture.deployment} in {picture.region}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{title}">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5a6472"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="h" x="{MARGIN}" y="32">{title}</text>',
        f'<text class="n" x="{MARGIN}" y="52">{escape(picture.network)}</text>',
        *_legend(),
        *(_line(spots[way.start], spots[way.end], way) for way in picture.ways),
        *(_box(node, spots[node.id]) for node in picture.nodes.values()),
        *(_label(spots[start], spots[end], label) for (start, end), label in _labels(picture, spots).items()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _spots(picture: Topology) -> Mapping[str, _Spot]:
    """A column for each step away from the internet; a row for each node of a column."""
    columns: dict[int, list[str]] = defaultdict(list)
    for id, rank in sorted(_ranks(picture).items()):
        columns[rank].append(id)
    places = {}
    for column, rank in enumerate(sorted(columns)):
        for row, id in enumerate(columns[rank]):
            places[id] = _Spot(MARGIN + column * COLUMN, TOP + row * ROW + (column % 2) * (ROW // 4))
    return places


def _ranks(picture: Topology) -> Mapping[str, int]:
    """Steps from the internet; what the internet does not reach stands beside the services. Ways back are ignored."""
    ranks = {INTERNET: 0} if INTERNET in picture.nodes else {}
    ranks |= {id: 2 for id in picture.roots() if id != INTERNET}
    edge = sorted(ranks)
    while edge:
        reached = [way for id in edge for way in picture.ways_from(id) if way.end not in ranks]
        for way in reached:
            ranks[way.end] = max(ranks.get(way.end, 0), ranks[way.start] + 1)
        edge = sorted({way.end for way in reached})
    return ranks | {id: 3 for id in picture.nodes if id not in ranks}


def _line(start: _Spot, end: _Spot, way: Way) -> str:
    if end.x > start.x:
        x1, x2, bend = start.x + BOX_WIDTH, end.x, (end.x - start.x - BOX_WIDTH) // 2
        path = f"M{x1} {start.middle}C{x1 + bend} {start.middle} {x2 - bend} {end.middle} {x2} {end.middle}"
    else:
        # A way back to the left, or within a column, goes over the boxes' tops so that it crosses none of their words.
        x1, x2 = start.x + BOX_WIDTH // 2, end.x + BOX_WIDTH // 2
        high = min(start.y, end.y) - 22
        path = f"M{x1} {start.y}C{x1} {high} {x2} {high} {x2} {end.y}"
    return f'<path class="w" d="{path}" marker-end="url(#a)"/>'


def _labels(picture: Topology, spots: Mapping[str, _Spot]) -> Mapping[tuple[str, str], str]:
    """The words of the ways by where they are written: once for ways that come from the left with the same words."""
    found: dict[tuple[str, str], str] = {}
    said: set[tuple[str, str]] = set()
    for way in picture.ways:
        rightward = spots[way.end].x > spots[way.start].x
        if way.label and not (rightward and (way.end, way.label) in said):
            found[way.start, way.end] = way.label
        said.add((way.end, way.label))
    return found


def _label(start: _Spot, end: _Spot, words: str) -> str:
    if end.x > start.x:
        x, y = end.x - 10, end.middle + (start.middle - end.middle) // 8 - 5
        return f'<text class="l" x="{x}" y="{y}" text-anchor="end">{escape(words)}</text>'
    x, y = (start.x + end.x + BOX_WIDTH) // 2, min(start.y, end.y) - 10
    return f'<text class="l" x="{x}" y="{y}" text-anchor="middle">{escape(words)}</text>'


def _box(node: Node, spot: _Spot) -> str:
    words = [word for word in (node.name, node.detail) if word]
    texts = [f'<text class="t" x="{spot.x + 10}" y="{spot.y + 20}">{escape(_cut(node.title))}</text>']
    for number, word in enumerate(words):
        y = spot.y + 37 + 15 * number
        texts.append(f'<text class="n" x="{spot.x + 10}" y="{y}">{escape(_cut(word))}</text>')
    box = (
        f'<rect x="{spot.x}" y="{spot.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" '
        f'fill="{FILLS[node.area]}" stroke="#5a6472"/>'
    )
    return f"<g><title>{escape(node.id)}</title>{box}{''.join(texts)}</g>"


def _legend() -> Iterable[str]:
    for number, (area, fill) in enumerate(FILLS.items()):
        x = MARGIN + number * 150
        yield f'<rect x="{x}" y="64" width="14" height="14" fill="{fill}" stroke="#5a6472"/>'
        yield f'<text class="n" x="{x + 20}" y="75">{area}</text>'


def _cut(words: str) -> str:
    return words if len(words) <= LETTERS else f"{words[: LETTERS - 1]}…"
