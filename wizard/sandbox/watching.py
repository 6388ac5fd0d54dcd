"""What CloudWatch remembers of alarms, and the numbers that a quiet service would have: moto keeps neither.

The numbers are made up from the service's name and the time of day, so that a chart has a shape and two looks at one
moment agree; a service without running tasks has none.
"""

from __future__ import annotations

import itertools
import json
import math
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.ecs.region import region_of
from wizard.sandbox.handling import Call, handles

MOST = 100
LEVELS = {
    "CPUUtilization": (12.0, 30.0),
    "MemoryUtilization": (38.0, 8.0),
    "RequestCount": (120.0, 900.0),
    "HTTPCode_Target_5XX_Count": (0.0, 1.5),
    "TargetResponseTime": (0.04, 0.12),
}
"""The lowest value of a quiet day, and how much the busiest hour adds."""


@handles("cloudwatch", "DescribeAlarmHistory")
def describe_alarm_history(call: Call) -> dict[str, Any]:
    """State changes of one alarm or of all, newest first, within the span that is asked for."""
    params = call.params
    wanted, start, end = params.get("AlarmName"), params.get("StartDate"), params.get("EndDate")
    if params.get("HistoryItemType", "StateUpdate") != "StateUpdate":
        return {"AlarmHistoryItems": []}
    items = [
        item
        for alarm in moto_state.cloudwatch(call.region).alarms.values()
        if wanted in (None, alarm.name)
        for item in _changes(alarm)
        if (start is None or item["Timestamp"] >= start) and (end is None or item["Timestamp"] <= end)
    ]
    items.sort(key=lambda item: item["Timestamp"], reverse=params.get("ScanBy") != "TimestampAscending")
    return {"AlarmHistoryItems": items[: params.get("MaxRecords", MOST)]}


def _changes(alarm: Any) -> Iterator[dict[str, Any]]:
    """moto keeps each state with the moment at which it began; a change is two of them side by side."""
    states = [(state, moment) for _, _, _, state, moment in alarm.history]
    states.append((alarm.state_value, alarm.state_updated_timestamp))
    for (old, _), (new, moment) in itertools.pairwise(states):
        if old != new:
            told = {"version": "1.0", "oldState": {"stateValue": old}, "newState": {"stateValue": new}}
            yield {
                "AlarmName": alarm.name,
                "AlarmType": "MetricAlarm",
                "Timestamp": _aware(moment),
                "HistoryItemType": "StateUpdate",
                "HistorySummary": f"Alarm updated from {old} to {new}",
                "HistoryData": json.dumps(told),
            }


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@handles("cloudwatch", "GetMetricData")
def get_metric_data(call: Call) -> dict[str, Any]:
    """What was put by somebody comes from moto; the numbers of services are made up."""
    answer = call.moto()
    queries = {query["Id"]: query for query in call.params["MetricDataQueries"]}
    descending = call.params.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    for result in answer["MetricDataResults"]:
        stat = queries[result["Id"]].get("MetricStat")
        if stat is None or result["Values"]:
            continue
        points = list(_points(call, stat))
        points = points[::-1] if descending else points
        result["Timestamps"] = [moment for moment, _ in points]
        result["Values"] = [value for _, value in points]
    return answer


def _points(call: Call, stat: dict[str, Any]) -> Iterator[tuple[datetime, float]]:
    metric, period = stat["Metric"], int(stat["Period"])
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
    if metric["MetricName"] not in LEVELS or not _is_alive(call, dimensions):
        return
    low, span = LEVELS[metric["MetricName"]]
    seed = zlib.crc32("/".join(dimensions.values()).encode())
    start: datetime = call.params["StartTime"]
    moment = start.replace(second=0, microsecond=0)
    while moment < call.params["EndTime"]:
        wave = (1 + math.sin(moment.timestamp() / 7200 + seed % 628 / 100)) / 2
        ripple = (zlib.crc32(f"{seed}{moment:%H%M}".encode()) % 100) / 400
        yield moment, round(low + span * min(wave * 0.75 + ripple, 1.0), 3)
        moment += timedelta(seconds=period)


def _is_alive(call: Call, dimensions: dict[str, str]) -> bool:
    """Of a target group nothing is known here; a service must have tasks."""
    if "ServiceName" not in dimensions:
        return "TargetGroup" in dimensions
    tasks = region_of(call.account, call.region, call.clock).tasks.values()
    return any(
        task.service is not None
        and task.started_at is not None
        and task.stopped_at is None
        and (task.service.name, task.cluster.name) == (dimensions["ServiceName"], dimensions.get("ClusterName"))
        for task in list(tasks)
    )
