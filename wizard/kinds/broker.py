"""A RabbitMQ broker of Amazon MQ: private, TLS only, one user that is made with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Settling, State, Status
from wizard.errors import AwsError
from wizard.kinds._broker import GONE, MODES, describe, live
from wizard.kinds._broker_rules import broker_problems, insist_on_password, monthly_usd
from wizard.kinds._named import addresses_by_name, ignoring, token_for


class Broker(Kind):
    """CreatorRequestId makes the create safe to repeat. The password is only ever in that one call."""

    name = "broker"
    title = "Amazon MQ broker"
    identity = Identity.TOKENED
    found_by = frozenset({"name"})
    immutable = frozenset({"name", "mode", "user", "subnets"})
    uses = frozenset({"subnet", "security_group"})
    data = True
    poll_seconds = 15
    settling = (
        Settling("create", "BadRequestException", "service linked role", 120),
        Settling("create", "BadRequestException", "service-linked role", 120),
        Settling("update", "BadRequestException", "state", 600),
        Settling("delete", "BadRequestException", "state", 1800),
        Settling("delete", "ConflictException", "", 1800),
    )
    iam = {
        "read": ("mq:ListBrokers", "mq:DescribeBroker"),
        "create": (
            "mq:CreateBroker",
            "mq:CreateTags",
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ec2:CreateVpcEndpoint",
            "iam:CreateServiceLinkedRole",
        ),
        "update": ("mq:UpdateBroker", "mq:RebootBroker"),
        "delete": ("mq:DeleteBroker", "ec2:DeleteNetworkInterface", "ec2:DeleteVpcEndpoints"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name, user, versions, sizes, subnets."""
        return broker_problems(properties)

    def create_seconds(self, properties: Properties) -> float:
        """15-20 minutes; a cluster 20-30."""
        return 1500 if properties.get("mode") == "cluster" else 1080

    def delete_seconds(self, properties: Properties) -> float:
        """5-10 minutes."""
        return 360

    def monthly_usd(self, properties: Properties) -> float | None:
        """The instances, and their disks when it is said how large they are."""
        return monthly_usd(properties.get("instance"), properties.get("mode"), properties.get("storage_gib"))

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """AWS never shows user and password of RabbitMQ, and answers the full version to a major.minor."""
        if name == "password":
            return True
        if name == "user":
            return actual in (None, desired)
        if name == "version":
            return actual == desired or str(actual).startswith(f"{desired}.")
        if name in ("subnets", "security_groups"):
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """A DescribeBroker for each; ListBrokers only when the index does not know them all, or knows them wrongly."""
        addresses = addresses_by_name(wanted)
        indexed = {arn.rpartition(":")[2]: address for address, arn in context.index.arns(self.name).items()}
        found = [
            live(broker, addresses.get(broker["BrokerName"], address))
            for id_, address in indexed.items()
            if (broker := describe(context, id_))
        ]
        known = {one.attributes["name"] for one in found}
        if not addresses.keys() <= known:
            for summary in context.aws.pages("mq", "list_brokers", "BrokerSummaries"):
                name, id_ = summary["BrokerName"], summary["BrokerId"]
                if name in addresses.keys() - known and (broker := describe(context, id_)):
                    found.append(live(broker, addresses[name]))
        return sorted(found, key=lambda one: one.attributes["name"] not in addresses)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything at once: nothing but size, version, groups and logs can be changed later."""
        password = properties["password"].reveal()
        insist_on_password(password, address)
        try:
            answer = context.aws.write(
                "mq",
                "create_broker",
                BrokerName=properties["name"],
                CreatorRequestId=token_for(token, sorted(properties["subnets"]), sorted(properties["security_groups"])),
                EngineType="RABBITMQ",
                EngineVersion=properties["version"],
                DeploymentMode=MODES[properties["mode"]],
                HostInstanceType=properties["instance"],
                PubliclyAccessible=False,
                AutoMinorVersionUpgrade=True,
                SubnetIds=list(properties["subnets"]),
                SecurityGroups=list(properties["security_groups"]),
                Logs={"General": bool(properties.get("logs"))},
                Users=[{"Username": properties["user"], "Password": password}],
                Tags=context.scope.tags(address),
                **({"StorageSize": properties["storage_gib"]} if properties.get("storage_gib") else {}),
            )
        except AwsError as error:
            if error.code != "ConflictException":
                raise
            return str(properties["name"])
        return str(answer["BrokerId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Changes of RabbitMQ take effect with a reboot; logs at once."""
        names = {
            "instance": "HostInstanceType",
            "version": "EngineVersion",
            "security_groups": "SecurityGroups",
            "storage_gib": "StorageSize",
        }
        settings: dict[str, Any] = {names[key]: properties[key] for key in changed if key in names}
        needs_reboot = bool(settings)
        if "logs" in changed:
            settings["Logs"] = {"General": bool(properties["logs"])}
        if not settings:
            return
        context.aws.write("mq", "update_broker", BrokerId=live.id, **settings)
        if needs_reboot:
            context.aws.write("mq", "reboot_broker", BrokerId=live.id)

    def delete(self, context: Context, live: Live) -> None:
        """Its network interfaces stay until it is gone."""
        if live.attributes["status"] == "DELETION_IN_PROGRESS":
            return
        with ignoring(*GONE):
            context.aws.write("mq", "delete_broker", BrokerId=live.id)

    def is_on_its_way(self, live: Live) -> bool:
        """In creation, rebooting, or failed."""
        return bool(live.attributes["status"] != "RUNNING")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """RUNNING is ready; a broker whose creation failed can only be deleted."""
        broker = context.aws.read("mq", "describe_broker", BrokerId=live.id)
        state = broker["BrokerState"]
        if state == "RUNNING":
            return READY
        detail = {"state": state}
        if state in ("CREATION_FAILED", "DELETION_IN_PROGRESS"):
            return Status(State.FAILED, f"the broker is in {state}", detail, corpse=True)
        if state == "CRITICAL_ACTION_REQUIRED":
            asked = ", ".join(str(one.get("ActionRequiredName")) for one in broker.get("ActionsRequired") or ())
            return Status(State.FAILED, f"the broker waits for an action of its owner: {asked}", detail)
        return Status(State.PENDING, f"the broker is in {state}", detail)
