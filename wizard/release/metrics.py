"""A few numbers over the last hours, for small charts: CPU, memory, requests, errors, slowness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wizard.engine.kind import Calls

IAM_ACTIONS = ("cloudwatch:GetMetricData",)
PERIOD_S = 300
POINTS = 36
"""Three hours of five minutes each."""


@dataclass(frozen=True)
class Series:
    """One metric, oldest first; None where AWS has no point."""

    title: str
    unit: str
    values: tuple[float | None, ...]

    @property
    def last(self) -> float | None:
        """The newest point there is."""
        return next((value for value in reversed(self.values) if value is not None), None)


@dataclass(frozen=True)
class _Wanted:
    id: str
    title: str
    unit: str
    namespace: str
    metric: str
    statistic: str
    dimensions: Mapping[str, str]


def read_metrics(aws: Calls, cluster: str, service: str, groups: Iterable[str], now: datetime) -> list[Series]:
    """All of them by one call."""
    wanted = [*_of_service(cluster, service), *_of_groups(list(groups))]
    end = now.replace(second=0, microsecond=0)
    start = end - timedelta(seconds=PERIOD_S * POINTS)
    answer = aws.read(
        "cloudwatch",
        "get_metric_data",
        StartTime=start,
        EndTime=end,
        ScanBy="TimestampAscending",
        MetricDataQueries=[_query(each) for each in wanted],
    )
    found: dict[str, dict[int, float]] = {}
    for result in answer["MetricDataResults"]:
        points = found.setdefault(result["Id"], {})
        for at, value in zip(result["Timestamps"], result["Values"], strict=True):
            points[int((at - start).total_seconds() // PERIOD_S)] = value
    return [
        Series(each.title, each.unit, tuple(found.get(each.id, {}).get(number) for number in range(POINTS)))
        for each in wanted
    ]


def _of_service(cluster: str, service: str) -> list[_Wanted]:
    where = {"ClusterName": cluster, "ServiceName": service}
    return [
        _Wanted("cpu", "CPU", "%", "AWS/ECS", "CPUUtilization", "Average", where),
        _Wanted("memory", "memory", "%", "AWS/ECS", "MemoryUtilization", "Average", where),
    ]


def _of_groups(groups: list[str]) -> list[_Wanted]:
    """Of the first target group; the name that CloudWatch wants is the end of its ARN."""
    if not groups:
        return []
    where = {"TargetGroup": groups[0].rpartition(":")[2]}
    return [
        _Wanted("requests", "requests", "", "AWS/ApplicationELB", "RequestCount", "Sum", where),
        _Wanted("errors", "5xx", "", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", where),
        _Wanted("slowness", "answer time", "s", "AWS/ApplicationELB", "TargetResponseTime", "Average", where),
    ]


def _query(wanted: _Wanted) -> dict[str, Any]:
    metric = {
        "Namespace": wanted.namespace,
        "MetricName": wanted.metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in wanted.dimensions.items()],
    }
    return {"Id": wanted.id, "MetricStat": {"Metric": metric, "Period": PERIOD_S, "Stat": wanted.statistic}}
