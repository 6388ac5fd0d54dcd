"""Path patterns of a load balancer: which of two takes all that the other takes, and whose a path is.

In a pattern of Elastic Load Balancing `*` is any number of characters and `?` is exactly one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from wizard.blueprint.model import Route

EVERYTHING = "/*"
_ANYTHING = ("", "\0" * 200)
"""What a `*` may stand for: nothing, or more than `?` could match within the 128 characters of a pattern."""


def takes(pattern: str, path: str) -> bool:
    """Whether a pattern takes every request that `path`, itself a pattern, takes."""
    return all(fnmatchcase(path.replace("*", each), pattern) for each in _ANYTHING)


def route_of(routes: Sequence[Route], path: str) -> Route | None:
    """The route that answers all of a path, in the order in which a listener asks; None when no single one does."""
    ordered = sorted(routes, key=lambda route: route.path == EVERYTHING)
    return next((route for route in ordered if takes(route.path, path)), None)
