"""A record of the network traffic of the own VPC, in a log group of its own."""

from __future__ import annotations

from wizard.blueprint.model import NewVpc
from wizard.engine.graph import Resource
from wizard.engine.values import text
from wizard.options.granting import allow, role, trust
from wizard.options.site import MAIN, Site

_NAME = "flow-logs"


def add(site: Site) -> Site:
    """Add the log group, the role that writes to it, and the flow log."""
    network = site.blueprint.network
    if not isinstance(network, NewVpc) or network.flow_logs_days is None:
        return site
    name = site.name("flow_log")
    group = Resource(
        "log_group", _NAME, {"name": f"/vpc/{name}", "retention_days": network.flow_logs_days, **site.seal()}
    )
    streams = text(site.expansion.arn("logs", "log-group:{group}:*"), group=group.ref("name"))
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    writer = role(
        site,
        _NAME,
        "What the VPC may do to record its traffic",
        [allow("WriteFlowLogs", actions, [streams])],
        trust(
            site,
            "FlowLogsOfThisAccount",
            "vpc-flow-logs.amazonaws.com",
            site.expansion.arn("ec2", "vpc-flow-log/*"),
        ),
    )
    record = Resource(
        "flow_log",
        MAIN,
        {
            "name": name,
            "vpc": site.network.vpc,
            "log_group": group.ref("name"),
            "role": writer.ref("arn"),
            "traffic": "ALL",
        },
    )
    return site.plus(group, writer, record)
