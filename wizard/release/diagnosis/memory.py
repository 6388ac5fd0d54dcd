"""Causes that lie in memory: of a container, of the whole task, of a language's own heap."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, log_says, says

MORE = "raise memory of the service in the blueprint, then: pilotage replay FILE   (at once: {rollback})"

RULES: tuple[Rule, ...] = (
    Rule(
        "out of memory",
        says(r"OutOfMemory(?:Error)?:? ?(?:container)?"),
        "the container {container} needed more memory than it may use{ended}",
        MORE,
        final=True,
    ),
    Rule(
        "out of memory in the application",
        log_says(
            r"JavaScript heap out of memory",
            r"java\.lang\.OutOfMemoryError",
            r"^MemoryError\b|: MemoryError|numpy.*MemoryError",
            r"Cannot allocate memory",
            r"was sent SIGKILL! Perhaps out of memory",
            r"fatal error: (?:runtime: )?out of memory",
            r"DefaultCPUAllocator: (?:not enough|can't allocate) memory",
            r"Allowed memory size of \d+ bytes exhausted",
        ),
        "the application in {container} ran out of memory{ended}",
        MORE,
        final=True,
    ),
)
