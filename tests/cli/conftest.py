"""What the tests of the command line share: a home of their own, no AWS, and a way to call it as a shell does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wizard.cli import main

ROOT = Path(__file__).resolve().parents[2]
STARTER = str(ROOT / "blueprints" / "fasttriage.yaml")


@dataclass(frozen=True)
class Ran:
    """What one command line did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """stdout as JSON lines; fails when one is none."""
        return [json.loads(line) for line in self.out.splitlines()]


Pilotage = Callable[..., Ran]


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No state, setting or credential of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith(("PILOTAGE_", "AWS_")) or name in ("NO_COLOR", "CI"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("PILOTAGE_HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    return home


@pytest.fixture
def pilotage(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pilotage:
    """Call the command line in this process, without a terminal."""

    def call(*arguments: str) -> Ran:
        capfd.readouterr()
        code = main(arguments)
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


def shell(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Call the command line as a process of its own."""
    command = [sys.executable, "-m", "wizard.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, cwd=ROOT, check=False, **settings
    )
