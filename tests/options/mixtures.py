"""A few blueprints in which every choice of every section stands at least once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle, islice

from tests.options.test_pairs import REFUSED, SECTIONS, blueprint


def mixtures() -> list[str]:
    """Their texts; row after row through the choices of all sections at once."""
    refused = {choice.partition(": ")[2] for pair in REFUSED for choice in pair}
    columns = [
        [f"{section}: {word}" for word, _ in choices if section != "network" or word not in refused]
        for section, choices in SECTIONS.items()
    ]
    longest = max(map(len, columns))
    rows = zip(*(islice(cycle(each), longest) for each in columns), strict=True)
    return [blueprint(*_together(row)) for row in rows]


def _together(row: Iterable[str]) -> list[str]:
    """The choices of a row without those that an earlier one rules out."""
    kept: list[str] = []
    for choice in row:
        if not any((earlier, choice) in REFUSED for earlier in kept):
            kept.append(choice)
    return kept
