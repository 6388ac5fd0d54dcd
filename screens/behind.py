"""Work behind a screen: it must not hold up a key, and ends with the screen that began it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode


def behind(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, object]], *, group: str = "default", exclusive: bool = False
) -> None:
    """Begin it. An `exclusive` one takes the place of what goes on in its group.

    The work is called, not handed over as a coroutine: one that is put off before it began leaves nothing behind.
    """
    called: Any = work
    node.run_worker(called, group=group, exclusive=exclusive)
