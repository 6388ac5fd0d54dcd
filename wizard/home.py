"""Where Pilotage keeps what it can lose: `PILOTAGE_HOME`, or the platform's user-state folder."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder of local state; it need not exist yet."""
    chosen = os.environ.get("PILOTAGE_HOME")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_state_path

    return user_state_path("pilotage", appauthor=False)
