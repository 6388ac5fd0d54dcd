"""The few styles of text, by meaning. Colour only repeats what a word or a shape says already."""

from __future__ import annotations

import textwrap

from rich.style import Style
from rich.text import Text

STYLES = {
    "bad": Style(color="red", bold=True),
    "good": Style(color="green"),
    "wait": Style(color="yellow"),
    "strong": Style(bold=True),
    "quiet": Style(dim=True),
    "key": Style(bold=True, color="cyan"),
    "": Style(),
}


def line(*parts: str | tuple[str, str]) -> Text:
    """One line of text from words, or pairs of words and the name of a style; it never wraps."""
    found = Text(no_wrap=True, overflow="ellipsis", end="")
    for part in parts:
        words, style = part if isinstance(part, tuple) else (part, "")
        found.append(words, STYLES[style])
    return found


def wrapped(words: str, width: int, style: str = "") -> list[Text]:
    """Words broken into lines, between words."""
    broken = [
        part
        for paragraph in words.splitlines()
        for part in textwrap.wrap(paragraph, max(width, 12), break_on_hyphens=False) or [""]
    ]
    return [line((each, style)) for each in broken]


def cut(words: str, room: int) -> str:
    """Words that end at a space when there is no room for all of them; one long word ends where it must."""
    if len(words) <= room:
        return words
    at = words.rfind(" ", 1, room - 1)
    return f"{words[:at].rstrip(' ,')} …" if at > room // 3 else f"{words[: max(room - 1, 0)]}…"
