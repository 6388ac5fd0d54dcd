"""The regular expressions of botocore's models, which are written for Java, made to work in Python."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
import warnings

_POSIX = {
    "Alnum": "a-zA-Z0-9",
    "Alpha": "a-zA-Z",
    "ASCII": r"\x00-\x7f",
    "Digit": "0-9",
    "Graph": r"\x21-\x7e",
    "Lower": "a-z",
    "Print": r"\x20-\x7e",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r"\s",
    "Upper": "A-Z",
    "IsAlphabetic": r"\w",
    "javaWhitespace": r"\s",
}
_CLASS = re.compile(r"\\([pP])(?:\{(\w+)\}|([A-Z]))")
_WIDE_ESCAPE = re.compile(r"\\[ux]\{([0-9A-Fa-f]+)\}")
_SHORTHAND = re.compile(r"\\h")
_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
_DASH_AFTER_SHORTHAND = re.compile(r"(\\[wds])-(?=[^\]])")
_LAST_CODE = 0x1FFFF
"""Categories are worked out for the first two planes; the letters beyond them are rare ideographs."""

_IN_CLASS = re.compile(r"\[(?:[^\]\\]|\\.)*\]")


@functools.cache
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern for a match of the whole value, or None when Python has no equal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return re.compile(_translated(pattern))
        except (re.error, OverflowError, ValueError):
            return None


def _translated(pattern: str) -> str:
    if "&&" in pattern or "\\X" in pattern:
        raise ValueError("character class intersection")
    pattern = _WIDE_ESCAPE.sub(lambda match: re.escape(chr(int(match.group(1), 16))), pattern)
    pattern = pattern.replace(_SURROGATES, r"\U00010000-\U0010ffff")
    pattern = _IN_CLASS.sub(lambda match: _DASH_AFTER_SHORTHAND.sub(r"\1\\-", match.group()), pattern)
    inside = _IN_CLASS.sub(lambda match: _CLASS.sub(_ranges, match.group()), pattern)
    return _CLASS.sub(lambda match: f"[{_ranges(match)}]", _SHORTHAND.sub(r"[ \\t]", inside))


def _ranges(match: re.Match[str]) -> str:
    sign, name = match.group(1), match.group(2) or match.group(3)
    if sign == "P":
        return _category(name, inverted=True)
    return _POSIX.get(name) or _category(name.removeprefix("Is"), inverted=False)


@functools.cache
def _category(name: str, *, inverted: bool) -> str:
    """The body of a character class with every character of a Unicode general category such as `L` or `Zs`."""
    if name not in {
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "S",
        "Z",
        "Zs",
        "C",
        "Cc",
    }:
        raise ValueError(f"unknown category {name}")
    pieces: list[str] = []
    for within, alike in itertools.groupby(_runs(), lambda run: run[2].startswith(name) != inverted):
        if within:
            first, *rest = alike
            last = rest[-1][1] if rest else first[1]
            pieces.append(f"\\U{first[0]:08x}-\\U{last:08x}" if last > first[0] else f"\\U{last:08x}")
    return "".join(pieces)


@functools.cache
def _runs() -> list[tuple[int, int, str]]:
    """First and last of neighbouring characters of one category, and the category: so each is looked up once."""
    runs, first = [], 0
    for category, alike in itertools.groupby(map(unicodedata.category, map(chr, range(_LAST_CODE + 1)))):
        last = first + len(list(alike)) - 1
        runs.append((first, last, category))
        first = last + 1
    return runs
