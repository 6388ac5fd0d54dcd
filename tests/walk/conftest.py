"""The tests of the walk read no settings of the person who runs them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own."""
    home = tmp_path / "home"
    monkeypatch.setenv("PILOTAGE_HOME", str(home))
    return home
