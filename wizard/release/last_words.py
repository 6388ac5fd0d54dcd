"""The last lines that a container wrote, from CloudWatch Logs."""

from __future__ import annotations

from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AwsError

LINES = 5
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
        events = aws.read(
            "logs",
            "get_log_events",
            logGroupName=options["awslogs-group"],
            logStreamName=f"{options['awslogs-stream-prefix']}/{container}/{task}",
            limit=LINES,
            startFromHead=False,
        )["events"]
    except AwsError:
        # Lines of a log only help to understand; the failure is reported without them too.
        return ()
    return tuple(event["message"].rstrip() for event in events)
