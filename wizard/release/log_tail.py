"""What the containers of a service write, from CloudWatch Logs: a stretch of time, or as it comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wizard.engine.clock import Clock
from wizard.engine.kind import Calls
from wizard.errors import NeedsPerson
from wizard.release.finding import Found
from wizard.release.service_ref import Platform
from wizard.release.standing import primary_of

POLL_SECONDS = 2.0
OVERLAP_MS = 10_000
"""CloudWatch Logs shows lines a few seconds late and not always in order, so each look begins a little earlier."""
BUSY_LINES, BUSY_OVERLAP_MS = 500, 2_000
"""More lines than so many in one look would be read five times over: the overlap is shorter then."""
REMEMBERED = 20_000
PATTERN_MARKS = '"'
IAM_ACTIONS = ("ecs:DescribeTaskDefinition", "logs:FilterLogEvents")


@dataclass(frozen=True)
class LogLine:
    """One line, with where it comes from."""

    at: datetime
    container: str
    task: str
    text: str


@dataclass(frozen=True)
class Source:
    """A log group, and the beginning of the names of the streams in it that belong to one container."""

    group: str
    container: str
    prefix: str = ""


def sources_of(aws: Calls, found: Found) -> tuple[Source, ...]:
    """Where the containers of a service write; raises `NeedsPerson` when none writes to CloudWatch Logs."""
    if found.ref.platform is Platform.APP_RUNNER:
        name, unique = found.ref.arn.split("/")[-2:]
        return (Source(f"/aws/apprunner/{name}/{unique}/application", "app"),)
    definition = primary_of(found.shown).get("taskDefinition") or found.shown.get("taskDefinition", "")
    answer = aws.read("ecs", "describe_task_definition", taskDefinition=definition)
    containers = answer["taskDefinition"]["containerDefinitions"]
    sources = tuple(source for one in containers if (source := _source(one)))
    if not sources:
        raise NeedsPerson(
            f"no container of {found.ref.title} writes to CloudWatch Logs",
            evidence="none has the log driver awslogs",
            safe="nothing was changed",
            next_step=f"aws ecs describe-task-definition --task-definition {definition.rpartition('/')[2]}",
        )
    return sources


def _source(container: Mapping[str, Any]) -> Source | None:
    log = container.get("logConfiguration") or {}
    options = log.get("options") or {}
    if log.get("logDriver") != "awslogs" or not options.get("awslogs-group"):
        return None
    prefix = options.get("awslogs-stream-prefix", "")
    return Source(options["awslogs-group"], container["name"], f"{prefix}/{container['name']}/" if prefix else "")


def lines(
    aws: Calls, sources: Sequence[Source], since: datetime, contains: str = "", most: int = 10_000
) -> list[LogLine]:
    """The lines since then, oldest first. A batch of calls for each container; at most so many of the oldest."""
    found: list[tuple[LogLine, str]] = []
    for source in sources:
        found += _events(aws, source, int(since.timestamp() * 1000), contains, most)
    return [line for line, _ in sorted(found, key=lambda each: each[0].at)]


def follow(
    aws: Calls, sources: Sequence[Source], since: datetime, clock: Clock, stopping: threading.Event, contains: str = ""
) -> Iterator[LogLine]:
    """Lines as they come, until `stopping`; each once. A call for each container every two seconds."""
    start = int(since.timestamp() * 1000)
    seen: dict[str, None] = {}
    busy = False
    while True:
        fresh: list[tuple[LogLine, str]] = []
        overlap = BUSY_OVERLAP_MS if busy else OVERLAP_MS
        for source in sources:
            fresh += [each for each in _events(aws, source, start, contains, REMEMBERED) if each[1] not in seen]
        for line, unique in sorted(fresh, key=lambda each: each[0].at):
            seen[unique] = None
            start = max(start, int(line.at.timestamp() * 1000) - overlap)
            yield line
        busy = len(fresh) > BUSY_LINES
        while len(seen) > REMEMBERED:
            del seen[next(iter(seen))]
        if stopping.is_set():
            return
        clock.sleep(POLL_SECONDS)


def _events(aws: Calls, source: Source, start: int, contains: str, most: int) -> list[tuple[LogLine, str]]:
    wanted: dict[str, Any] = {"logGroupName": source.group, "startTime": start}
    if source.prefix:
        wanted["logStreamNamePrefix"] = source.prefix
    if contains:
        # In quotes it is taken as it is, also with characters that mean something in a filter pattern.
        escaped = contains.replace("\\", "\\\\").replace(PATTERN_MARKS, f"\\{PATTERN_MARKS}")
        wanted["filterPattern"] = f"{PATTERN_MARKS}{escaped}{PATTERN_MARKS}"
    found = []
    for event in aws.pages("logs", "filter_log_events", "events", **wanted):
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        stream = str(event.get("logStreamName", ""))
        line = LogLine(at, source.container, stream.rpartition("/")[2], str(event["message"]).rstrip("\n"))
        found.append((line, f"{stream}|{event.get('eventId') or (event['timestamp'], event['message'])}"))
        if len(found) >= most:
            break
    return found
