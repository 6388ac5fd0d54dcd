"""Placeholders in environment values and outputs, filled from what the site knows."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.placeholders import fill
from wizard.engine.values import Ref, Text, text
from wizard.errors import UsageError
from wizard.options.site import Site


def filled(site: Site, written: str, place: str) -> str | Ref | Text:
    """The written text with its placeholders filled; what is known only after apply stays a reference.

    Raises UsageError for a placeholder that nothing in this deployment gives a value to.
    """
    parts: dict[str, Any] = {}

    def value_of(name: str) -> str:
        if name not in site.placeholders:
            raise _no_value(name, place, site)
        value = site.placeholders[name]
        if isinstance(value, str):
            return value
        # Marked with a character that no variable of a shell or template begins with.
        parts.setdefault(f"~{name}", value)
        return f"{{~{name}}}"

    template = fill(written, value_of)
    if len(parts) == 1 and template == f"{{{next(iter(parts))}}}":
        (only,) = parts.values()
        return only  # type: ignore[no-any-return]
    return text(template, **parts) if parts else template


def _no_value(name: str, place: str, site: Site) -> UsageError:
    return UsageError(
        f"`{place}`: {{{name}}} has no value in this deployment",
        evidence="Nothing that the blueprint asks for makes it.",
        safe="AWS was not called.",
        next_step=f"Use one of {', '.join('{' + each + '}' for each in sorted(site.placeholders))}.",
    )
