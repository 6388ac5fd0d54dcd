"""The run's diary on disk: every event, and an intent before each change that AWS is asked for.

One file a run, one JSON object a line with its checksum, written whole and synced before the call leaves. After a
crash the intents without an outcome say where to look; AWS says what is true. A torn last line is dropped. No secret
is ever in it: intents hold addresses, verbs, tokens and times only.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wizard.engine.events import Event
from wizard.errors import NeedsPerson

RESERVE_BYTES = 256 * 1024


@dataclass(frozen=True)
class Intent:
    """A change that AWS was, or was about to be, asked for."""

    number: int
    address: str
    verb: str
    generation: int
    token: str
    """The client token of a create: sent again, it makes nothing twice."""
    at: str
    """Wall-clock time, RFC 3339."""

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Intent:
        """Read what any version of Pilotage wrote; what it did not write is empty."""
        return cls(
            int(record.get("number", 0)),
            str(record["address"]),
            str(record.get("verb", "")),
            int(record.get("generation", 1)),
            str(record.get("token", "")),
            str(record["at"]),
        )

    def age(self, now: datetime) -> float:
        """Real seconds since it was written."""
        return max(0.0, (now - datetime.fromisoformat(self.at)).total_seconds())


class Journal:
    """Appends to one run's file. Safe to use from several threads."""

    def __init__(self, path: Path, unsettled: Mapping[str, Intent] | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = threading.Lock()
        self._number = 0
        self._unsettled: dict[str, Intent] = dict(unsettled or {})
        self._reserve = path.with_suffix(".reserve")
        try:
            self._reserve.write_bytes(b"\0" * RESERVE_BYTES)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            _sync_folder(path.parent)
            for intent in self._unsettled.values():
                self._append({"intent": asdict(intent)}, sync=True)
        except OSError as error:
            raise _cannot_write(path, error) from error

    def record(self, event: Event) -> None:
        """Write an event down; a listener of the stream. Not synced: losing the last one loses nothing."""
        self._append({"event": event.as_json()}, sync=False)

    def intend(self, address: str, verb: str, generation: int, token: str, at: datetime) -> Intent:
        """Put on disk that a change is about to be asked for; returns only when it is safe there."""
        with self._lock:
            self._number += 1
            intent = Intent(self._number, address, verb, generation, token, at.isoformat())
            self._unsettled[address] = intent
        self._append({"intent": asdict(intent)}, sync=True)
        return intent

    def settle(self, address: str, outcome: str, id: str = "") -> None:
        """Put on disk what became of the last intent for an address: `done`, `failed` or `adopted`."""
        with self._lock:
            self._unsettled.pop(address, None)
        self._append({"settled": {"address": address, "outcome": outcome, "id": id}}, sync=True)

    def unsettled(self, address: str) -> Intent | None:
        """The intent for an address whose outcome nobody knows."""
        return self._unsettled.get(address)

    def close(self) -> None:
        """The run is over; the room kept for a full disk is given back."""
        self._reserve.unlink(missing_ok=True)
        os.close(self._file)

    def _append(self, record: dict[str, Any], *, sync: bool) -> None:
        body = json.dumps(record, separators=(",", ":"), default=str)
        line = f"{zlib.crc32(body.encode()):08x} {body}\n".encode()
        try:
            with self._lock:
                os.write(self._file, line)
            if sync:
                os.fsync(self._file)
        except OSError as error:
            self._reserve.unlink(missing_ok=True)
            raise _cannot_write(self.path, error) from error


def _cannot_write(path: Path, error: OSError) -> NeedsPerson:
    return NeedsPerson(
        "the journal cannot be written, so no further change is asked of AWS",
        evidence=f"{path}: {error.strerror or error}",
        safe="everything done so far is recorded; nothing was sent without a record",
        next_step="make room (or set PILOTAGE_HOME to a folder that can be written), then run the same command again",
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole record of a journal, in order; stops at the first that is torn or does not match its checksum."""
    with path.open("rb") as file:
        for line in file:
            checksum, _, body = line.rstrip(b"\n").partition(b" ")
            if not line.endswith(b"\n") or checksum.decode("ascii", "replace") != f"{zlib.crc32(body):08x}":
                return
            yield json.loads(body)


def unsettled_intents(path: Path) -> dict[str, Intent]:
    """The intents of a journal that have no outcome, by address."""
    open_intents: dict[str, Intent] = {}
    for record in read_records(path):
        if "intent" in record:
            intent = Intent.from_record(record["intent"])
            open_intents[intent.address] = intent
        elif "settled" in record:
            open_intents.pop(record["settled"]["address"], None)
    return open_intents
