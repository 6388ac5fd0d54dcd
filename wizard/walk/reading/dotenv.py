"""NAME=value lines: the names in an example file, and what somebody pastes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from wizard.walk.reading.finding import Variable
from wizard.walk.reading.variables import looks_secret

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
MOST_LINES = 2000


@dataclass(frozen=True)
class Line:
    """One line: a name with its value, or one that cannot be read."""

    number: int
    name: str
    value: str = field(repr=False)
    problem: str = ""


def lines_of(text: str) -> Iterator[Line]:
    """Every line that is meant to be a variable, in order; broken ones with their problem."""
    from dotenv.parser import parse_stream

    for count, found in enumerate(parse_stream(StringIO(text))):
        if count >= MOST_LINES:
            return
        # The parser takes blank lines and comments before a variable into its original text.
        written = found.original.string
        number = found.original.line + len(written) - len(written.lstrip("\r\n"))
        number += sum(line.lstrip().startswith("#") for line in written.strip("\r\n").split("\n")[:-1])
        if found.error:
            yield Line(number, "", "", "not NAME=value")
        elif found.key is not None and not _NAME.fullmatch(found.key):
            yield Line(number, "", "", "the name may hold letters, digits and underscores only")
        elif found.key is not None and found.value is None:
            yield Line(number, found.key, "", "there is no `=` and so no value")
        elif found.key is not None:
            yield Line(number, found.key, found.value or "")


def variables_of(text: str, file: str) -> tuple[Variable, ...]:
    """The variables that an example file names; a value that looks secret is dropped here."""
    found: dict[str, Variable] = {}
    for line in lines_of(text):
        if not line.name:
            continue
        secret = looks_secret(line.name, line.value)
        found[line.name] = Variable(line.name, "" if secret else line.value, secret, f"{file}:{line.number}")
    return tuple(found.values())
