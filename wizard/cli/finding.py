"""What one check of `doctor` found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of one check. `needed` means that not even the sandbox works without it."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    needed: bool = False
