"""What an alarm looks at, between our shape and CloudWatch's: one metric, or its sum over several things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Properties

STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_SUM = "sum"


def requested(properties: Properties) -> dict[str, Any]:
    """The parameters of PutMetricAlarm; with several dimensions, their sum, in which no value counts as none."""
    dimensions = properties.get("dimensions") or {}
    if not isinstance(dimensions, list):
        statistic = properties["statistic"]
        return {
            "Namespace": properties["namespace"],
            "MetricName": properties["metric"],
            "Dimensions": _listed(dimensions),
            "Period": properties["period"],
            "Statistic" if statistic in STATISTICS else "ExtendedStatistic": statistic,
        }
    ids = [f"m{number}" for number in range(1, len(dimensions) + 1)]
    metrics = [
        {"Id": id, "ReturnData": False, "MetricStat": _statistic(properties, where)}
        for id, where in zip(ids, dimensions, strict=True)
    ]
    expression = "+".join(f"FILL({id},0)" for id in ids)
    return {"Metrics": [*metrics, {"Id": _SUM, "Expression": expression, "ReturnData": True}]}


def _statistic(properties: Properties, where: Mapping[str, str]) -> dict[str, Any]:
    metric = {"Namespace": properties["namespace"], "MetricName": properties["metric"], "Dimensions": _listed(where)}
    return {"Metric": metric, "Period": properties["period"], "Stat": properties["statistic"]}


def _listed(where: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in sorted(where.items())]


def described(item: Mapping[str, Any]) -> dict[str, Any]:
    """What DescribeAlarms tells about the metric, in the shape of the desired properties."""
    parts = [one["MetricStat"] for one in item.get("Metrics") or () if "MetricStat" in one]
    if not parts:
        return {
            "namespace": item.get("Namespace"),
            "metric": item.get("MetricName"),
            "dimensions": _mapped(item),
            "statistic": item.get("Statistic") or item.get("ExtendedStatistic"),
            "period": item.get("Period"),
        }
    first = parts[0]
    return {
        "namespace": first["Metric"].get("Namespace"),
        "metric": first["Metric"].get("MetricName"),
        "dimensions": [_mapped(part["Metric"]) for part in parts],
        "statistic": first.get("Stat"),
        "period": first.get("Period"),
    }


def _mapped(metric: Mapping[str, Any]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in metric.get("Dimensions", ())}
