"""The last lines that a container wrote, from CloudWatch Logs."""

from __future__ import annotations

from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AwsError

LINES = 12
"""Enough for the end of a traceback, and for what an application says before it gives up."""
IAM_ACTIONS = ("ecs:DescribeTaskDefinition", "logs:GetLogEvents")


def last_lines(aws: Calls, task_definition: str, container: str, task: str) -> tuple[str, ...]:
    """The end of the log of one container of one task; empty when there is none or AWS does not show it."""
    try:
        answer = aws.read("ecs", "describe_task_definition", taskDefinition=task_definition)
        found = answer["taskDefinition"]["containerDefinitions"]
        log: dict[str, Any] = next((c.get("logConfiguration", {}) for c in found if c["name"] == container), {})
        options = log.get("options", {})
        if log.get("logDriver") != "awslogs" or "awslogs-stream-prefix" not in options:
            return ()
        return _end_of(aws, options["awslogs-group"], f"{options['awslogs-stream-prefix']}/{container}/{task}")
    except AwsError:
        # Lines of a log only help to understand; the failure is reported without them too.
        return ()


def newest_lines(aws: Calls, group: str) -> tuple[str, ...]:
    """The end of the newest stream of a log group; empty when there is none or AWS does not show it."""
    try:
        newest = {"orderBy": "LastEventTime", "descending": True, "limit": 1}
        streams = aws.read("logs", "describe_log_streams", logGroupName=group, **newest)["logStreams"]
        return _end_of(aws, group, streams[0]["logStreamName"]) if streams else ()
    except AwsError:
        return ()


def _end_of(aws: Calls, group: str, stream: str) -> tuple[str, ...]:
    end = {"limit": LINES, "startFromHead": False}
    events = aws.read("logs", "get_log_events", logGroupName=group, logStreamName=stream, **end)["events"]
    return tuple(event["message"].rstrip() for event in events)
