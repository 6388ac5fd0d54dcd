"""The answer to a choice that no option serves yet: what, why, what is safe, and the nearest choice that works."""

from __future__ import annotations

from wizard.errors import UsageError


def unserved(place: str, what: str, nearest: str) -> UsageError:
    """The refusal of the choice at `place`, a path in the blueprint."""
    return UsageError(
        f"`{place}`: {what} cannot be made by this version of Pilotage",
        evidence="The blueprint is well-formed, but nothing in this version knows how to make, read or remove it, and "
        "leaving it out silently would give you something else than you asked for.",
        safe="AWS was not called. Whatever runs already is as it was.",
        next_step=nearest,
    )
