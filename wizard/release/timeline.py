"""What happened around a service, in order: deployments, alarms, scaling, changed secrets, trouble with tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AwsError

IAM_ACTIONS = (
    "cloudwatch:DescribeAlarmHistory",
    "application-autoscaling:DescribeScalingActivities",
    "secretsmanager:ListSecrets",
)
MOST = 100
TROUBLE = ("unable to", "unhealthy", "failed", "was stopped")


@dataclass(frozen=True)
class Moment:
    """Something that happened."""

    at: datetime
    kind: str
    """`deploy`, `alarm`, `scaling`, `secret` or `event`."""
    words: str


def read_timeline(
    aws: Calls, service: Mapping[str, Any], past: Iterable[Moment], secrets: Iterable[str], since: datetime
) -> list[Moment]:
    """Everything since then, oldest first; three calls beside the deployments, which the caller has.

    What AWS refuses to tell is left out: a timeline with a gap is better than none at three in the morning.
    """
    found = [each for each in past if each.at >= since]
    found += [each for each in _events(service) if each.at >= since]
    for read in (_alarms, _scaling):
        with suppress(AwsError):
            found += read(aws, service, since)
    with suppress(AwsError):
        found += _secrets(aws, frozenset(secrets), since)
    return sorted(found, key=lambda each: each.at)[-MOST:]


def _events(service: Mapping[str, Any]) -> Iterator[Moment]:
    name = service.get("serviceName", "")
    for event in service.get("events") or ():
        words = event.get("message", "").removeprefix(f"(service {name}) ")
        if any(sign in words for sign in TROUBLE):
            yield Moment(event["createdAt"], "event", words)


def _alarms(aws: Calls, service: Mapping[str, Any], since: datetime) -> list[Moment]:
    answer = aws.read(
        "cloudwatch", "describe_alarm_history", HistoryItemType="StateUpdate", StartDate=since, MaxRecords=MOST
    )
    name = service.get("serviceName", "")
    found = []
    for item in answer["AlarmHistoryItems"]:
        told = json.loads(item.get("HistoryData") or "{}")
        if name and name not in f"{item.get('AlarmName', '')}{item.get('HistoryData', '')}":
            continue
        state = told.get("newState", {}).get("stateValue", item.get("HistorySummary", ""))
        found.append(Moment(item["Timestamp"], "alarm", f"{item['AlarmName']} {state}"))
    return found


def _scaling(aws: Calls, service: Mapping[str, Any], since: datetime) -> list[Moment]:
    cluster = service.get("clusterArn", "").rpartition("/")[2]
    answer = aws.read(
        "application-autoscaling",
        "describe_scaling_activities",
        ServiceNamespace="ecs",
        ResourceId=f"service/{cluster}/{service.get('serviceName', '')}",
    )
    return [
        Moment(each["StartTime"], "scaling", each.get("Description", "").rstrip("."))
        for each in answer["ScalingActivities"]
        if each["StartTime"] >= since
    ]


def _secrets(aws: Calls, wanted: frozenset[str], since: datetime) -> list[Moment]:
    """Secrets that its tasks read and whose value changed: tasks that run still have the old one."""
    if not wanted:
        return []
    found = []
    for secret in aws.pages("secretsmanager", "list_secrets", "SecretList"):
        changed = secret.get("LastChangedDate")
        if changed and changed >= since and any(each.startswith(secret["ARN"]) for each in wanted):
            found.append(Moment(changed, "secret", f"{secret['Name']} changed"))
    return found


def secrets_of(definition: Mapping[str, Any]) -> list[str]:
    """ARNs of the secrets that a task definition reads."""
    return [
        each.get("valueFrom", "")
        for container in definition.get("containerDefinitions") or ()
        for each in container.get("secrets") or ()
    ]
