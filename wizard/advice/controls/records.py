"""Controls about what is recorded: logs, network traffic, calls to AWS, and for how long."""

from __future__ import annotations

from typing import Any

from wizard.advice.controls.commands import BROKER, CONTAINERS, INSTANCE, LOG_GROUP
from wizard.advice.controls.control import Absent, Around, Carrier, Control, State, Verdict
from wizard.advice.controls.judging import both, is_on, known, shows, verdict
from wizard.engine.graph import Graph
from wizard.engine.kind import Live

AUDIT = "164.312(b)"
REVIEW = "164.308(a)(1)(ii)(D)"
KEPT_DAYS = 365


def _is_kept(days: Any) -> Verdict:
    if days is None:
        return Verdict(State.OK, "kept for ever")
    return verdict(days >= KEPT_DAYS, f"kept for {days} days", f"kept for {days} days, not {KEPT_DAYS}")


def _containers_log(boxes: Any) -> Verdict:
    silent = [box["name"] for box in boxes if (box.get("logConfiguration") or {}).get("logDriver") != "awslogs"]
    return verdict(not silent, "every container writes to CloudWatch", f"without a log: {', '.join(silent)}")


def _records_all(live: Live, _around: Around) -> Verdict:
    traffic, trouble = live.properties.get("traffic"), live.attributes.get("trouble")
    if trouble:
        return Verdict(State.BROKEN, f"AWS cannot deliver it: {trouble}")
    return verdict(traffic == "ALL", "all traffic is recorded", f"only {traffic} traffic is recorded")


def _no_flow_log(graph: Graph) -> Verdict:
    own = any(resource.kind == "vpc" for resource in graph.resources.values())
    if own:
        return Verdict(State.BROKEN, "the VPC of this deployment has no flow log")
    return Verdict(State.NOT_CHECKED, "the network is not made here, so neither is its record")


_NO_TRAIL = Verdict(State.NOT_CHECKED, "this deployment has no trail; another one of the account may do it")
_BROKER_LOGS = "Amazon MQ makes the log groups itself and keeps them for ever, unless somebody says otherwise"

RECORDS = (
    Control(
        "logs-written",
        "Containers, databases and brokers write their logs to CloudWatch.",
        AUDIT,
        (
            Carrier(
                "task_definition",
                shows("containers", _containers_log),
                CONTAINERS.format("logConfiguration"),
            ),
            Carrier(
                "db_instance",
                shows("log_exports", lambda logs: verdict(bool(logs), f"exports {', '.join(logs)}", "exports no log")),
                INSTANCE.format("EnabledCloudwatchLogsExports"),
            ),
            Carrier("broker", is_on("logs", "logging"), BROKER.format("Logs")),
        ),
    ),
    Control(
        "logs-kept",
        f"Logs are kept for {KEPT_DAYS} days or longer.",
        AUDIT,
        (
            Carrier("log_group", shows("retention_days", _is_kept), LOG_GROUP.format("retentionInDays")),
            Carrier(
                "broker",
                known(State.NOT_CHECKED, _BROKER_LOGS),
                "aws logs describe-log-groups --log-group-name-prefix /aws/amazonmq/broker/{id}",
            ),
        ),
    ),
    Control(
        "traffic-recorded",
        "Who talked to whom in the network is recorded (VPC flow logs).",
        REVIEW,
        (Carrier("flow_log", _records_all, "aws ec2 describe-flow-logs --filter Name=resource-id,Values={vpc}"),),
        Absent(_no_flow_log, "aws ec2 describe-flow-logs"),
    ),
    Control(
        "calls-recorded",
        "Every call to AWS is recorded in every Region (CloudTrail), in files whose change would be noticed.",
        AUDIT,
        (
            Carrier(
                "trail",
                both(
                    is_on("logging", "recording"),
                    both(is_on("log_validation", "log-file validation"), is_on("multi_region", "every Region")),
                ),
                "aws cloudtrail get-trail-status --name {name} --query IsLogging",
            ),
        ),
        Absent(lambda _graph: _NO_TRAIL, "aws cloudtrail describe-trails"),
    ),
)
