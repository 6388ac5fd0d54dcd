"""Domain names and record values by meaning: case, the trailing dot and Route 53's escapes say nothing."""

from __future__ import annotations

import re
from typing import Any

DOMAIN = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?", re.IGNORECASE)
"""Labels of up to 63 letters, digits and hyphens; a star only as the whole first label."""
DOMAIN_LIMIT = 253


def fqdn(name: str) -> str:
    """A name as compared: lower case, with the trailing dot, and `\\052` written as the `*` that it means."""
    plain = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), name)
    return plain.lower().rstrip(".") + "."


def same_name(one: Any, other: Any) -> bool:
    """Whether two names are the same name."""
    return isinstance(one, str) and isinstance(other, str) and fqdn(one) == fqdn(other)


def value(text: str) -> str:
    """A record's value as compared: quoted text to the letter, everything else as a name or an address."""
    return text if text.startswith('"') else text.lower().rstrip(".")


def domain_problems(field: str, name: Any) -> list[str]:
    """What makes a name no domain name."""
    if not isinstance(name, str):
        return []
    if not DOMAIN.fullmatch(name) or len(name.rstrip(".")) > DOMAIN_LIMIT:
        return [f"{field}: {name!r} is not a domain name"]
    return []
