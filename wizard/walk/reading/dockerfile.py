"""What a Dockerfile says about the container that it makes: port, health check, start command."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_URL = re.compile(r"https?://[^/\s\"']+(/[^\s\"'|;&]*)?")


@dataclass(frozen=True)
class Dockerfile:
    """The last stage of a Dockerfile. Lines are 0 where it says nothing."""

    port: int | None = None
    port_line: int = 0
    health_path: str = ""
    health_line: int = 0
    command: tuple[str, ...] = ()
    base: str = ""


def read_dockerfile(text: str) -> Dockerfile:
    """Read what stands in the last stage; what is not understood is skipped."""
    found: dict[str, object] = {}
    port_from_environment: tuple[int, int] | None = None
    for line, word, rest in _instructions(text):
        if word == "FROM":
            base = next((part for part in rest.split() if not part.startswith("--")), "")
            found, port_from_environment = {"base": base}, None
        elif word == "EXPOSE" and "port" not in found:
            port = _port(rest.split()[0] if rest.split() else "")
            if port is not None:
                found |= {"port": port, "port_line": line}
        elif word == "HEALTHCHECK":
            path = health_path_in(rest)
            if path:
                found |= {"health_path": path, "health_line": line}
        elif word in ("CMD", "ENTRYPOINT"):
            found["command"] = words_of(rest)
        elif word == "ENV":
            named = re.search(r"\bPORT[= ]\"?(\d{1,5})\b", rest)
            port = _port(named[1]) if named else None
            port_from_environment = (port, line) if port is not None else port_from_environment
    if "port" not in found and port_from_environment:
        found |= {"port": port_from_environment[0], "port_line": port_from_environment[1]}
    return Dockerfile(**found)  # type: ignore[arg-type]


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, word and rest of each instruction, its continued lines joined."""
    held, start = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        if raw.lstrip().startswith("#"):
            continue
        start = start if held else number
        held += raw.rstrip()
        if held.endswith("\\"):
            held = held[:-1] + " "
            continue
        matched = _WORD.match(held)
        if matched:
            yield start, matched[1].upper(), matched[2].strip()
        held = ""


def _port(text: str) -> int | None:
    number = text.split("/")[0]
    return int(number) if number.isascii() and number.isdigit() and 1 <= int(number) <= 65535 else None


def health_path_in(text: str) -> str:
    """The path of the address that a health check asks; empty when it asks none."""
    found = _URL.search(text)
    return (found[1] or "/") if found else ""


def words_of(text: str) -> tuple[str, ...]:
    """A command as words: the JSON form, or the shell's; empty when it is neither."""
    try:
        words = json.loads(text) if text.startswith("[") else shlex.split(text)
    except ValueError:
        return ()
    return tuple(map(str, words)) if isinstance(words, list) else ()
