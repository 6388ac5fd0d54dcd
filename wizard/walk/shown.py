"""Answers in a word or two, as trails and tables show them."""

from __future__ import annotations

from wizard.question import Value, Variables


def shown(value: Value) -> str:
    """A value as a person reads it; of variables their number alone."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    if isinstance(value, Variables):
        parts = (
            (len(value.secret), "secret" if len(value.secret) == 1 else "secrets"),
            (len(value.generated), "made up"),
            (len(value.plain), "plain"),
        )
        return ", ".join(f"{count} {word}" for count, word in parts if count) or "none"
    return str(value) or "nothing"
