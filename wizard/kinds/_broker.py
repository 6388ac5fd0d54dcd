"""A broker as DescribeBroker shows it, in our shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from wizard.engine.kind import Context, Live
from wizard.kinds._named import ignoring, owner_of

MODES = {"single": "SINGLE_INSTANCE", "cluster": "CLUSTER_MULTI_AZ"}
GONE = ("NotFoundException", "ForbiddenException")
"""Amazon MQ forbids reading a broker that is gone (reliability.md §1e)."""


def describe(context: Context, id_: str) -> Mapping[str, Any] | None:
    """What DescribeBroker answers; None when the broker is gone."""
    with ignoring(*GONE):
        return context.aws.read("mq", "describe_broker", BrokerId=id_)
    return None


def live(broker: Mapping[str, Any], address: str) -> Live:
    """A `Live` of what DescribeBroker answers."""
    name, state = broker["BrokerName"], broker["BrokerState"]
    modes = {theirs: ours for ours, theirs in MODES.items()}
    properties = {
        "name": name,
        "mode": modes.get(broker["DeploymentMode"], broker["DeploymentMode"]),
        # What waits for the next reboot counts as set, or it would be set again and again.
        "instance": broker.get("PendingHostInstanceType") or broker["HostInstanceType"],
        "version": broker.get("PendingEngineVersion") or broker["EngineVersion"],
        "storage_gib": broker.get("PendingStorageSize") or broker.get("StorageSize"),
        "subnets": sorted(broker.get("SubnetIds") or ()),
        "security_groups": sorted(broker.get("PendingSecurityGroups") or broker.get("SecurityGroups") or ()),
        "logs": broker.get("Logs", {}).get("General", False),
        "public": broker.get("PubliclyAccessible", False),
        "user": next((user["Username"] for user in broker.get("Users") or ()), None),
    }
    if state == "DELETION_IN_PROGRESS":
        # On its way out: as a whole it is not what is wanted, so a plan replaces it.
        properties = {"name": name}
    attributes = {"id": broker["BrokerId"], "arn": broker["BrokerArn"], "name": name, "status": state}
    return Live(
        address, broker["BrokerId"], properties, attributes | _endpoint(broker), owner_of(broker.get("Tags") or {})
    )


def _endpoint(broker: Mapping[str, Any]) -> dict[str, Any]:
    """Host and port as AWS gives them, once there are any; a cluster's first instance has the address of all."""
    for instance in broker.get("BrokerInstances") or ():
        for endpoint in instance.get("Endpoints") or ():
            parts = urlsplit(endpoint)
            if parts.scheme == "amqps" and parts.hostname:
                return {"endpoint": endpoint, "host": parts.hostname, "port": parts.port or 5671}
    return {}
