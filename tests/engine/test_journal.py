"""The journal survives what kills a run: torn lines, foreign lines, a full disk."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wizard.engine.events import Event, EventType
from wizard.engine.journal import Journal, read_records, unsettled_intents
from wizard.engine.values import Sensitive
from wizard.errors import NeedsPerson

NOW = datetime(2026, 11, 26, 3, 12, tzinfo=UTC)


def test_an_intent_is_on_disk_before_it_is_settled_and_gone_after(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    journal.intend("vpc.main", "create", 1, "token", NOW)
    journal.intend("bucket.a", "update", 1, "token", NOW)
    assert set(unsettled_intents(journal.path)) == {"vpc.main", "bucket.a"}
    journal.settle("vpc.main", "done", "vpc-1")
    assert set(unsettled_intents(journal.path)) == {"bucket.a"}


def test_a_torn_last_line_is_dropped_and_what_stands_before_it_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    journal.intend("vpc.main", "create", 1, "token", NOW)
    journal.intend("subnet.a", "create", 1, "token", NOW)
    whole = journal.path.read_bytes()
    for cut in range(1, 40):
        journal.path.write_bytes(whole[:-cut])
        assert set(unsettled_intents(journal.path)) == {"vpc.main"}


def test_a_changed_line_ends_the_reading(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    journal.intend("vpc.main", "create", 1, "token", NOW)
    journal.path.write_bytes(journal.path.read_bytes().replace(b"vpc.main", b"vpc.evil"))
    assert list(read_records(journal.path)) == []


def test_the_next_runs_journal_carries_the_open_intents_on(tmp_path: Path) -> None:
    first = Journal(tmp_path / "1.jsonl")
    first.intend("vpc.main", "create", 1, "token", NOW)
    second = Journal(tmp_path / "2.jsonl", unsettled_intents(first.path))
    carried = second.unsettled("vpc.main")
    assert carried is not None and carried.at == NOW.isoformat()
    assert set(unsettled_intents(second.path)) == {"vpc.main"}


def test_without_room_on_disk_no_change_is_asked_of_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "j.jsonl")

    def full(handle: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(NeedsPerson) as caught:
        journal.intend("vpc.main", "create", 1, "token", NOW)
    assert "No space left" in caught.value.evidence and "make room" in caught.value.next_step
    assert not (tmp_path / "j.reserve").exists()


def test_a_secret_in_an_event_is_written_as_a_word(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    canary = Sensitive("f" * 64, lambda: "canary-value")
    journal.record(Event(1, "r", NOW, EventType.OUTPUTS, detail={"uri": canary, "deep": [{"x": canary}]}))
    written = journal.path.read_text()
    assert "canary" not in written and "(secret)" in written
