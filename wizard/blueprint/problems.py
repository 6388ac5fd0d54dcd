"""What is wrong with a blueprint, said so that its owner can put it right: where, what, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from wizard.errors import UsageError

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One problem at one place of a file. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        word = "warning: " if self.level == "warning" else ""
        first = f"{self.file}:{self.line}:{self.column}: {word}{self.message}"
        return f"{first}\nhint: {self.hint}" if self.hint else first


@dataclass(frozen=True)
class Finding:
    """A problem before it has a place in a file: the path of keys that it is about."""

    path: Path
    message: str
    hint: str = ""
    level: Literal["error", "warning"] = "error"
    missing: str = ""
    unknown: str = ""
    reads: tuple[Path, ...] = field(default=())


class BlueprintInvalid(UsageError):
    """The blueprint cannot be used as it is; `problems` says why, place by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        file = self.problems[0].file if self.problems else "the blueprint"
        super().__init__(
            f"{file} has {count} problem{'' if count == 1 else 's'}",
            evidence="\n".join(str(problem) for problem in self.problems),
            safe="AWS was not called.",
            next_step="Correct the lines named above and run the same command again.",
        )


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without repetitions, from the top of the file to its end."""
    return sorted(set(problems))


def dotted(path: Iterable[str | int]) -> str:
    """A path as people write it: `services.backend.containers`."""
    return ".".join(str(step) for step in path)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    choices = {choice.lower(): choice for choice in known}
    plain = word.lower().replace("-", "_")
    if plain in choices:
        return choices[plain]
    found = difflib.get_close_matches(word.lower(), list(choices), n=1, cutoff=0.6)
    return choices[found[0]] if found else None


def listing(words: Iterable[str], *, last: str = "or") -> str:
    """Words as a sentence has them: `a, b or c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def did_you_mean(word: str, known: Iterable[str], *, what: str = "known here") -> str:
    """A hint that names the nearest known word, or all of them when none is near."""
    words = sorted(known)
    near = nearest(word, words)
    if near is not None:
        return f"did you mean `{near}`?"
    if not words:
        return ""
    return f"{what}: {listing((f'`{each}`' for each in words[:24]), last='and')}"
