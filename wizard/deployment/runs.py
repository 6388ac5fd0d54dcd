"""Runs on this machine: a folder each with the journal, the request and the blueprint that it carried out."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wizard.engine.journal import Intent, read_records, unsettled_intents


def new_run_id() -> str:
    """A name that sorts by time: `20261126-005312-3fa9`."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


@dataclass(frozen=True)
class RunFolder:
    """One run's files."""

    path: Path

    @property
    def run(self) -> str:
        """The run's id."""
        return self.path.name

    @property
    def journal(self) -> Path:
        """Events and intents."""
        return self.path / "journal.jsonl"

    def request(self) -> dict[str, Any]:
        """What was asked for; empty when the folder is not whole."""
        file = self.path / "request.json"
        if not file.is_file():
            return {}
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found

    def write_request(self, request: dict[str, Any]) -> None:
        """Put down what is asked for, before anything is done."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "request.json").write_text(json.dumps(request, indent=1, sort_keys=True), encoding="utf-8")

    def last_event(self) -> dict[str, Any]:
        """The last event of the journal; empty when there is none."""
        last: dict[str, Any] = {}
        if self.journal.is_file():
            for record in read_records(self.journal):
                last = record.get("event", last)
        return last

    def is_finished(self) -> bool:
        """Whether the run came to an end that needs no carrying on."""
        last = self.last_event()
        return last.get("type") == "run_complete" and last.get("exit_code") == 0


class Runs:
    """All run folders of this home."""

    def __init__(self, home: Path) -> None:
        self.root = home / "runs"

    def folder(self, run: str) -> RunFolder:
        """The folder of one run; it need not exist."""
        return RunFolder(self.root / run)

    def of(self, deployment: str = "") -> list[RunFolder]:
        """Runs, newest first, of one deployment or of all."""
        if not self.root.is_dir():
            return []
        folders = [RunFolder(path) for path in sorted(self.root.iterdir(), reverse=True) if path.is_dir()]
        return [folder for folder in folders if not deployment or folder.request().get("deployment") == deployment]

    def unfinished(self) -> RunFolder | None:
        """The newest run that did not come to an end, if no later run of its deployment did."""
        ended: set[str] = set()
        for folder in self.of():
            deployment = str(folder.request().get("deployment", ""))
            if deployment in ended or not deployment:
                continue
            if not folder.is_finished():
                return folder
            ended.add(deployment)
        return None

    def open_intents(self, deployment: str, account: str) -> dict[str, Intent]:
        """Intents of the deployment's last run here whose outcome nobody knows."""
        for folder in self.of(deployment):
            if folder.request().get("account") == account and folder.journal.is_file():
                return unsettled_intents(folder.journal)
        return {}
