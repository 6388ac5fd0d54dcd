"""What every run that changes something shares: its announcement, lock, folder, journal and logbook entry."""

from __future__ import annotations

import getpass
import platform
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from os import getpid
from typing import Any

from wizard.aws.lock import DeploymentLock, Holder
from wizard.aws.logbook import Logbook
from wizard.deployment.opening import DEPLOYMENT_RECORD, Deployment
from wizard.deployment.runs import Runs
from wizard.engine.events import Event, EventStream, EventType
from wizard.engine.journal import Journal
from wizard.engine.step import Site
from wizard.home import home


@dataclass(frozen=True)
class OpenRun:
    """A run that holds the lock and has its journal."""

    site: Site
    record: Callable[[dict[str, Any]], None]


class Buffer:
    """Keeps the events before there is a journal, then hands them on."""

    def __init__(self, events: EventStream) -> None:
        self._kept: list[Event] = []
        self._sink: Callable[[Event], None] = self._kept.append
        events.subscribe(lambda event: self._sink(event))

    def pour_into(self, journal: Journal) -> None:
        """From now on every event goes to the journal."""
        for event in self._kept:
            journal.record(event)
        self._kept.clear()
        self._sink = journal.record

    def stop(self) -> None:
        """Keep nothing more."""
        self._sink = lambda event: None


def announce(deployment: Deployment, events: EventStream, command: str) -> None:
    """The first event of a run: who, where, what."""
    identity = deployment.connection.identity
    events.publish(
        EventType.RUN_START,
        message=f"{command} {deployment.name} in {identity.place}",
        detail={
            "command": command,
            "deployment": deployment.name,
            "account": identity.account,
            "region": identity.region,
            "sandbox": identity.sandbox,
            "caller": identity.arn,
            "blueprint": deployment.digest[:12],
        },
    )


@contextmanager
def opened_run(
    deployment: Deployment,
    events: EventStream,
    buffer: Buffer,
    command: str,
    stopping: threading.Event,
    may_delete_data: bool,
) -> Iterator[OpenRun]:
    """Lock, folder, journal and logbook entry of a run, given back in the end whatever happens."""
    connection = deployment.connection
    clock, logbook = connection.clock, connection.logbook()
    runs = Runs(home())
    now = clock.now().isoformat(timespec="seconds")
    who = connection.identity.arn.split(":")[-1]
    holder = Holder(events.run, who, platform.node(), getpid(), now, command)
    is_new = logbook.open()
    lock = DeploymentLock(logbook, home() / "locks", deployment.name, holder, clock, stopping.set)
    lock.acquire()
    try:
        intents = runs.open_intents(deployment.name, connection.identity.account)
        run_folder = runs.folder(events.run)
        run_folder.write_request(
            {
                "command": command,
                "deployment": deployment.name,
                "account": connection.identity.account,
                "may_delete_data": may_delete_data,
                **deployment.record(),
            }
        )
        journal = Journal(run_folder.journal, intents)
        buffer.pour_into(journal)
        entry = _entry(deployment, events.run, who, now, command)
        clerk = ThreadPoolExecutor(1, thread_name_prefix="logbook")
        begun = clerk.submit(_begin_record, logbook, deployment, entry, is_new)
        site = Site(
            deployment.context(events.run),
            deployment.kinds,
            journal,
            events,
            deployment.secrets,
            stopping,
            may_delete_data,
        )

        def record(ending: dict[str, Any]) -> None:
            begun.result()
            ended = {"ended_at": clock.now().isoformat(timespec="seconds"), **ending}
            _write_entry(logbook, deployment, entry | ended)
            events.publish(
                EventType.RUN_COMPLETE,
                message=ending["verdict"],
                verdict=ending["verdict"],
                exit_code=ending["exit_code"],
                detail={name: ending[name] for name in ("counts", "kept") if name in ending},
            )

        try:
            yield OpenRun(site, record)
        finally:
            buffer.stop()
            journal.close()
            clerk.shutdown()
    finally:
        lock.release()


def _begin_record(logbook: Logbook, deployment: Deployment, entry: dict[str, Any], is_new: bool) -> None:
    """What the logbook is told at the start of a run; beside the run, because nothing in it waits for this."""
    if is_new:
        logbook.furnish()
    _write_entry(logbook, deployment, entry)
    logbook.put(deployment.name, DEPLOYMENT_RECORD, deployment.record())


def _entry(deployment: Deployment, run: str, who: str, at: str, command: str) -> dict[str, Any]:
    return {
        "run": run,
        "deployment": deployment.name,
        "command": command,
        "who": who or getpass.getuser(),
        "host": platform.node(),
        "started_at": at,
        "verdict": "running",
        "tag": deployment.request.tag,
        "blueprint": deployment.digest[:12],
    }


def _write_entry(logbook: Logbook, deployment: Deployment, entry: dict[str, Any]) -> None:
    logbook.put(deployment.name, f"runs/{entry['run']}.json", entry)
