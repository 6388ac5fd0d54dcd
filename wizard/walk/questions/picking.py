"""What choice questions share: a default that can serve, and words for lists."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.question import Choice, Default
from wizard.walk.situation import Situation


def first_able(choices: Iterable[Choice], *wanted: tuple[str, str]) -> Default[Situation]:
    """The first wanted value that can serve, with its reason; otherwise the first choice that can."""
    offered = {each.value: each for each in choices}
    for value, because in wanted:
        if value in offered and not offered[value].cannot:
            return Default(value, because)
    able = next((each.value for each in offered.values() if not each.cannot), "")
    return Default(able)


def counted(number: int, word: str) -> str:
    """`one container`, `3 containers`."""
    return f"one {word}" if number == 1 else f"{number} {word}s"
