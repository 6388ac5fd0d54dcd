"""Drafts: unfinished walks, kept under `PILOTAGE_HOME` and found again after a crash. No secret is in them."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wizard.home import home
from wizard.walk.answers import Answers
from wizard.walk.reading import Unreadable, read_app
from wizard.walk.reading.finding import App
from wizard.walk.situation import NOTHING_READ
from wizard.walk.walk import REVIEW, Walk

FORM = 1
LARGEST = 1024 * 1024
_ID = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True)
class Draft:
    """A walk that waits to be carried on."""

    id: str
    name: str
    saved_at: datetime
    at: str
    answered: int


class Drafts:
    """The drafts of this machine. A draft that cannot be read is passed over, never fatal."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or home() / "drafts"

    def save(self, walk: Walk) -> bool:
        """Keep a walk, whole or not at all; False when the disk does not let us."""
        record = {
            "form": FORM,
            "id": walk.id,
            "at": walk.at,
            "region": walk.region,
            "folder": str(Path.cwd()),
            "saved_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "name": walk.situation.name,
            "answers": walk.given.to_record(),
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(walk.id, json.dumps(record, indent=1))
        except OSError:
            return False
        return True

    def _write(self, id: str, text: str) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=f".{id}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._folder / f"{id}.json")
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def all(self) -> list[Draft]:
        """Every draft, the newest first."""
        try:
            paths = [path for path in self._folder.glob("*.json") if _ID.fullmatch(path.stem)]
        except OSError:
            return []
        found = (self._draft(path.stem) for path in paths)
        return sorted((each for each in found if each), key=lambda each: (each.saved_at, each.id), reverse=True)

    def _draft(self, id: str) -> Draft | None:
        record = self._record(id)
        if record is None:
            return None
        try:
            saved = datetime.fromisoformat(str(record["saved_at"]))
            answered = len(Answers.from_record(record["answers"]).given)
            return Draft(id, str(record["name"]), saved.astimezone(UTC), str(record["at"]), answered)
        except (KeyError, ValueError):
            return None

    def _record(self, id: str) -> Mapping[str, Any] | None:
        try:
            with (self._folder / f"{id}.json").open("rb") as file:
                record = json.loads(file.read(LARGEST))
        except (OSError, ValueError):
            return None
        return record if isinstance(record, dict) and record.get("form") == FORM else None

    def open(self, id: str) -> Walk | None:
        """Carry a draft on; None when it is gone or cannot be read. Values of secrets must be given again."""
        record = self._record(id) if _ID.fullmatch(id) else None
        if record is None:
            return None
        try:
            answers = Answers.from_record(record["answers"])
        except (KeyError, ValueError):
            return None
        read = _read_again(answers.text("app"), str(record.get("folder", "")))
        if not read.form:
            return Walk(answers.without("app"), "app", str(record.get("region", "")), id=id)
        walk = Walk(answers, "app", str(record.get("region", "")), read, id=id)
        at = str(record.get("at", "app"))
        known = {step.id for step in walk.steps()} | {REVIEW}
        return walk.go(at) if at in known else walk

    def remove(self, id: str) -> None:
        """Forget a draft that is finished or not wanted; nothing happens when it is gone."""
        if _ID.fullmatch(id):
            try:
                (self._folder / f"{id}.json").unlink(missing_ok=True)
            except OSError:
                return


def _read_again(where: str, folder: str) -> App:
    """The application as it is now; nothing when it is not there any more. A relative path is that of then."""
    if not where:
        return NOTHING_READ
    there = Path(folder) / where
    for place in (where, str(there)) if folder == str(Path.cwd()) else (str(there), where):
        try:
            return read_app(place)
        except Unreadable:
            continue
    return NOTHING_READ
