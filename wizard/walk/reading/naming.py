"""Names as a blueprint allows them, made from the names that people have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_APP, LONGEST_PART = 24, 40
RESERVED = frozenset({"alb", "broker", "database", "deploy", "endpoints", "execution", "flow-logs", "infrastructure"})
"""Names that security groups and roles of a deployment have besides those of its services."""


def slug(text: str, longest: int, otherwise: str) -> str:
    """Lower-case letters, digits and single hyphens, beginning with a letter; `otherwise` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"-+", "-", re.sub(r"[^a-z0-9]", "-", plain)).strip("-")
    made = made.lstrip("0123456789-")[:longest].rstrip("-")
    return made if len(made) > 1 else otherwise


def app_name(text: str) -> str:
    """A name for an application."""
    return slug(text, LONGEST_APP, "app")


def part_name(text: str, taken: Iterable[str] = ()) -> str:
    """A name for a container or a secret that none of the taken ones has."""
    made, others, number = slug(text, LONGEST_PART, "app"), set(taken), 2
    if made in RESERVED:
        made = f"{made}-service"
    first = made
    while made in others:
        made, number = f"{first[: LONGEST_PART - 3]}-{number}", number + 1
    return made
