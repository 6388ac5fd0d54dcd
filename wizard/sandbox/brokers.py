"""Amazon MQ: a broker takes seventeen minutes to come up, has no endpoint before, and is picky about its settings."""

from __future__ import annotations

import re
import uuid
from typing import Any

from wizard.sandbox import interfaces, moto_state, tokens
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after

CREATE_SECONDS = {"SINGLE_INSTANCE": 1020.0, "CLUSTER_MULTI_AZ": 1500.0, "ACTIVE_STANDBY_MULTI_AZ": 1500.0}
DELETE_SECONDS = 300.0
REBOOT_SECONDS = 120.0
DISK_GB = 20
"""Of each node, where the request says nothing."""

RABBIT_VERSIONS = ("4.3", "4.2", "3.13")
RABBIT_INSTANCES = tuple(
    [
        f"mq.m7g.{size}"
        for size in ("medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
    ]
    + [f"mq.m5.{size}" for size in ("large", "xlarge", "2xlarge", "4xlarge")]
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,50}")
_USER = re.compile(r"[A-Za-z0-9._-]{2,100}")


def _bad(message: str) -> Refused:
    return Refused("BadRequestException", message)


@handles("mq", "CreateBroker")
def create_broker(call: Call) -> dict[str, Any]:
    """`CREATION_IN_PROGRESS` first; the same `CreatorRequestId` gives the same broker."""
    again = tokens.known(call, "CreatorRequestId", _other_request)
    if again is not None and again in moto_state.mq(call.region).brokers:
        return {"BrokerId": again, "BrokerArn": moto_state.mq(call.region).brokers[again].arn}
    _refuse(call)
    store = moto_state.mq(call.region)
    made = call.moto()
    broker = store.brokers.pop(made["BrokerId"])
    tags = store.tagger.get_tag_dict_for_resource(broker.arn)
    store.tagger.delete_all_tags_for_resource(broker.arn)
    broker.id = f"b-{uuid.uuid4()}"
    broker.arn = f"arn:aws:mq:{call.region}:{call.account}:broker:{broker.name}:{broker.id}"
    store.brokers[broker.id] = broker
    store.create_tags(broker.arn, tags)
    broker.own_configuration = None if call.params.get("Configuration") else broker.configurations["current"]["Id"]
    _place(call, broker)
    broker.state, broker.instances = "CREATION_IN_PROGRESS", []
    broker.storage = call.params.get("StorageSize") or DISK_GB
    after(CREATE_SECONDS[broker.deployment_mode], lambda: _running(call.region, broker))
    tokens.remember(call, "CreatorRequestId", broker.id)
    return {"BrokerId": broker.id, "BrokerArn": broker.arn}


def _other_request(token: str) -> Refused:
    return Refused("ConflictException", f"A broker with CreatorRequestId [{token}] and other parameters exists.", 409)


def _refuse(call: Call) -> None:
    params = call.params
    name = params["BrokerName"]
    if not _NAME.fullmatch(name):
        raise _bad(f"Broker name [{name}] is invalid. Use 1 to 50 letters, digits, hyphens and underscores.")
    if any(broker.name == name for broker in moto_state.mq(call.region).brokers.values()):
        raise Refused("ConflictException", f"A broker with the name [{name}] already exists.", 409)
    if params["EngineType"].upper() == "RABBITMQ":
        _refuse_rabbit(params)
    _refuse_network(call)


def _refuse_rabbit(params: dict[str, Any]) -> None:
    instance, version = params["HostInstanceType"], params.get("EngineVersion", RABBIT_VERSIONS[0])
    if instance not in RABBIT_INSTANCES:
        raise _bad(f"Broker engine type [RabbitMQ] does not support host instance type [{instance}].")
    if version not in RABBIT_VERSIONS:
        raise _bad(f"Broker engine version [{version}] is invalid. Valid values: [{', '.join(RABBIT_VERSIONS)}].")
    if version.startswith("4.") and not instance.startswith("mq.m7g."):
        raise _bad(f"Broker engine version [{version}] does not support host instance type [{instance}].")
    if not params.get("AutoMinorVersionUpgrade", False):
        raise _bad(f"AutoMinorVersionUpgrade must be true for RabbitMQ engine version [{version}].")
    if params["DeploymentMode"] == "ACTIVE_STANDBY_MULTI_AZ":
        raise _bad("Broker engine type [RabbitMQ] does not support deployment mode [ACTIVE_STANDBY_MULTI_AZ].")
    if params.get("StorageType", "EBS").upper() != "EBS":
        raise _bad("Broker engine type [RabbitMQ] supports only storage type [EBS].")
    if params.get("Logs", {}).get("Audit"):
        raise _bad("Broker engine type [RabbitMQ] does not support audit logs.")
    _refuse_user(params.get("Users", ()))


def _refuse_user(users: Any) -> None:
    if len(users) != 1:
        raise _bad("Broker engine type [RabbitMQ] needs exactly one user.")
    user = users[0]
    if user["Username"] == "guest" or not _USER.fullmatch(user["Username"]):
        raise _bad(
            "The user name must have 2 to 100 letters, digits, dashes, periods and underscores, and not be 'guest'."
        )
    password = user["Password"]
    if len(password) < 12 or len(set(password)) < 4 or set(password) & set(",:="):
        raise _bad(
            "The password must be at least 12 characters long, must contain at least 4 unique characters, "
            "and must not contain commas, colons, or equal signs."
        )


def _refuse_network(call: Call) -> None:
    params = call.params
    mode, subnet_ids = params["DeploymentMode"], params.get("SubnetIds", [])
    store = moto_state.ec2(call.region)
    known = {subnet.id: subnet for zone in store.subnets.values() for subnet in zone.values()}
    if missing := [subnet_id for subnet_id in subnet_ids if subnet_id not in known]:
        raise _bad(f"Subnet ids [{', '.join(missing)}] do not exist.")
    if mode == "SINGLE_INSTANCE" and len(subnet_ids) > 1:
        raise _bad(f"Deployment mode [{mode}] takes exactly 1 subnet, but {len(subnet_ids)} were given.")
    if mode == "CLUSTER_MULTI_AZ" and params["PubliclyAccessible"] and subnet_ids:
        raise _bad(f"Deployment mode [{mode}] takes no subnets when the broker is publicly accessible.")
    if mode == "ACTIVE_STANDBY_MULTI_AZ" and len(subnet_ids) not in (0, 2):
        raise _bad(f"Deployment mode [{mode}] takes exactly 2 subnets, but {len(subnet_ids)} were given.")
    subnets = [known[subnet_id] for subnet_id in subnet_ids]
    if len({subnet.availability_zone for subnet in subnets}) < len(subnets):
        raise _bad("Subnets must be in different Availability Zones.")
    vpc_ids = {subnet.vpc_id for subnet in subnets}
    for group_id in params.get("SecurityGroups", ()):
        group = store.get_security_group_from_id(group_id)
        if group is None or (vpc_ids and group.vpc_id not in vpc_ids):
            raise _bad(f"Security group [{group_id}] does not exist in the VPC of the subnets.")


def _place(call: Call, broker: Any) -> None:
    store = moto_state.ec2(call.region)
    if not call.params.get("SubnetIds"):
        count = 1 if broker.deployment_mode == "SINGLE_INSTANCE" else 3
        zones = sorted(store.get_default_subnets().items())
        broker.subnet_ids = [subnet.id for _, subnet in zones[:count]]
    broker.interface_ids = []
    if broker.publicly_accessible:
        return
    broker.interface_ids = [
        interfaces.create(
            call.region,
            subnet_id,
            description=f"Amazon MQ network interface for broker {broker.id}",
            requester="amazon-mq",
            groups=broker.security_groups or (),
        ).id
        for subnet_id in broker.subnet_ids
    ]


def _running(region: str, broker: Any) -> None:
    host = f"{broker.id}.mq.{region}.amazonaws.com"
    addresses = [moto_state.ec2(region).enis[one].private_ip_address for one in broker.interface_ids] or [None]
    rabbit = broker.engine_type.upper() == "RABBITMQ"
    count = 2 if broker.deployment_mode == "ACTIVE_STANDBY_MULTI_AZ" else 1
    endpoint = f"amqps://{host}:5671" if rabbit else f"amqp+ssl://{host}:5671"
    console = f"https://{host}" if rabbit else f"https://{host}:8162"
    broker.instances = [
        {"consoleURL": console, "endpoints": [endpoint], **({"ipAddress": address} if address else {})}
        for address in addresses[:count]
    ]
    broker.state = "RUNNING"


def _broker(call: Call) -> Any:
    broker = moto_state.mq(call.region).brokers.get(call.params["BrokerId"])
    if broker is None:
        broker_id = call.params["BrokerId"]
        raise Refused(
            "NotFoundException", f"Can't find requested broker [{broker_id}]. Make sure your broker exists.", 404
        )
    return broker


@handles("mq", "DeleteBroker")
def delete_broker(call: Call) -> dict[str, Any]:
    """`DELETION_IN_PROGRESS` for five minutes; the interfaces go a minute later."""
    broker = _broker(call)
    if broker.state in ("CREATION_IN_PROGRESS", "REBOOT_IN_PROGRESS"):
        raise _bad(f"Broker [{broker.id}] cannot be deleted while it is in state [{broker.state}].")
    if broker.state != "DELETION_IN_PROGRESS":
        broker.state = "DELETION_IN_PROGRESS"
        after(DELETE_SECONDS, lambda: _deleted(call.region, broker))
    return {"BrokerId": broker.id}


def _deleted(region: str, broker: Any) -> None:
    store = moto_state.mq(region)
    store.brokers.pop(broker.id, None)
    store.tagger.delete_all_tags_for_resource(broker.arn)
    if broker.own_configuration:
        store.configs.pop(broker.own_configuration, None)
    interfaces.vanish(region, broker.interface_ids)
    tokens.forget(broker.id)


@handles("mq", "RebootBroker")
def reboot_broker(call: Call) -> dict[str, Any]:
    """Two minutes out of service."""
    broker = _broker(call)
    if broker.state != "RUNNING":
        raise _bad(f"Broker [{broker.id}] cannot be rebooted while it is in state [{broker.state}].")
    broker.state = "REBOOT_IN_PROGRESS"
    after(REBOOT_SECONDS, lambda: _rebooted(broker))
    return {}


def _rebooted(broker: Any) -> None:
    broker.state = "RUNNING"
    broker.storage = getattr(broker, "pending_storage", None) or getattr(broker, "storage", DISK_GB)
    broker.pending_storage = None


@before("mq", "UpdateBroker", "DescribeBroker", "ListUsers", "CreateUser", "UpdateUser", "DeleteUser", "DescribeUser")
def _broker_can_do_it(call: Call) -> None:
    broker = _broker(call)
    if call.operation.endswith("User") and broker.engine_type.upper() == "RABBITMQ":
        raise _bad(f"{call.operation} is not supported for brokers of engine type [RabbitMQ].")
    if call.operation != "UpdateBroker":
        return
    if broker.state != "RUNNING":
        raise _bad(f"Broker [{broker.id}] cannot be updated while it is in state [{broker.state}].")
    store = moto_state.ec2(call.region)
    groups = [store.get_security_group_from_id(group_id) for group_id in call.params.get("SecurityGroups", ())]
    if None in groups:
        raise _bad("A security group does not exist.")
    for interface_id in broker.interface_ids if groups else ():
        store.enis[interface_id]._group_set = list(groups)


@handles("mq", "UpdateBroker")
def update_broker(call: Call) -> dict[str, Any]:
    """Another disk waits for the reboot, as all but logs and groups do."""
    answer, broker = call.moto(), _broker(call)
    if size := call.params.get("StorageSize"):
        broker.pending_storage = answer["StorageSize"] = size
    return answer


@handles("mq", "DescribeBroker")
def describe_broker(call: Call) -> dict[str, Any]:
    """With the size of its disks, which moto forgets."""
    answer, broker = call.moto(), _broker(call)
    answer["StorageSize"] = getattr(broker, "storage", DISK_GB)
    if pending := getattr(broker, "pending_storage", None):
        answer["PendingStorageSize"] = pending
    return answer


@handles("mq", "DescribeBrokerEngineTypes")
def engine_types(call: Call) -> dict[str, Any]:
    """RabbitMQ's versions; the sandbox offers no other engine to choose from."""
    wanted = call.params.get("EngineType", "RABBITMQ").upper()
    versions = [{"Name": version} for version in RABBIT_VERSIONS]
    known = [{"EngineType": "RABBITMQ", "EngineVersions": versions}] if wanted == "RABBITMQ" else []
    return {"BrokerEngineTypes": known, "MaxResults": 100}


@handles("mq", "DescribeBrokerInstanceOptions")
def instance_options(call: Call) -> dict[str, Any]:
    """Host instance types for RabbitMQ, with the versions that run on them."""
    options = []
    zones = [{"Name": f"{call.region}{letter}"} for letter in "abc"]
    for instance in RABBIT_INSTANCES:
        graviton = instance.startswith("mq.m7g.")
        versions = [version for version in RABBIT_VERSIONS if graviton or not version.startswith("4.")]
        options.append(
            {
                "AvailabilityZones": zones,
                "EngineType": "RABBITMQ",
                "HostInstanceType": instance,
                "StorageType": "EBS",
                "SupportedDeploymentModes": ["SINGLE_INSTANCE", "CLUSTER_MULTI_AZ"],
                "SupportedEngineVersions": versions,
            }
        )
    wanted = call.params.get("HostInstanceType")
    if call.params.get("EngineType", "RABBITMQ").upper() != "RABBITMQ":
        options = []
    return {
        "BrokerInstanceOptions": [one for one in options if wanted in (None, one["HostInstanceType"])],
        "MaxResults": 100,
    }
