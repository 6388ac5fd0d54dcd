"""A service in ECS Express Mode: one public HTTP container, and everything around it made by ECS in this account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import ecs_tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.errors import AwsError
from wizard.kinds._express import GONE, deregister, described, settings
from wizard.kinds._express_rules import monthly_usd_of, problems_of
from wizard.kinds._named import ignoring
from wizard.kinds._rollout_status import STATUS_ACTIONS, status_of
from wizard.kinds._service import last_part

NOT_YET = ("Unable to assume", "Role is not valid", "service linked role")


class ExpressService(Kind):
    """ECS makes the load balancer, its certificate, target groups, security groups and alarms, and they are its own:
    nobody else may touch them. An update is a canary deployment, which `status` follows like that of any service.
    """

    name = "express_service"
    title = "ECS Express service"
    identity = Identity.NAMED
    found_by = frozenset({"name", "cluster"})
    immutable = frozenset({"name", "cluster", "infrastructure_role"})
    uses = frozenset(
        {"cluster", "role", "log_group", "secret", "subnet", "security_group", "internet_gateway", "route_table"}
    )
    leaves_behind = "its task definitions are INACTIVE; AWS keeps them and charges nothing"
    poll_seconds = 10
    settling = (
        *(
            Settling(verb, "InvalidParameterException", words, 240)
            for verb in ("create", "update")
            for words in NOT_YET
        ),
        Settling("create", "ClusterNotFoundException", "", 240),
        Settling("create", "InvalidParameterException", "still Draining", 900),
        Settling("update", "ServiceNotActiveException", "", 60),
        Settling("update", "AddressNotKnown", "", 600),
        Settling("delete", "InvalidParameterException", "deployments are active", 1200),
    )
    iam = {
        "read": ("ecs:DescribeExpressGatewayService", "ecs:DescribeServices", *STATUS_ACTIONS),
        "create": ("ecs:CreateExpressGatewayService", "ecs:TagResource", "iam:PassRole"),
        "update": ("ecs:UpdateExpressGatewayService", "iam:PassRole"),
        "delete": ("ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition", "ecs:DeleteExpressGatewayService"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, the sizes of Fargate, and the bounds of the scaling."""
        return problems_of(properties)

    def create_seconds(self, properties: Properties) -> float:
        """2-5 minutes; a first one brings its load balancer, which takes half of that."""
        return 300

    def update_seconds(self, properties: Properties) -> float:
        """8-12 minutes: a canary bakes for three, then everything for three more."""
        return 600

    def delete_seconds(self, properties: Properties) -> float:
        """Several minutes: tasks drain, then the surroundings go."""
        return 180

    def limit_seconds(self, properties: Properties) -> float:
        """A canary bakes twice for three minutes; ECS's own verdict usually comes sooner."""
        return 2400

    def monthly_usd(self, properties: Properties) -> float | None:
        """Its fewest tasks with their public addresses, and the load balancer."""
        return monthly_usd_of(properties)

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """A cluster may be given by name or ARN, lists have no order, sizes are text there."""
        if name == "cluster":
            return last_part(desired) == last_part(actual)
        if name in ("cpu", "memory"):
            return str(desired) == str(actual)
        if name in ("subnets", "security_groups"):
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """Two calls for each: what it is, and how its rollout stands."""
        places: dict[str, str] = {}
        for address, properties in wanted.items():
            cluster, name = properties.get("cluster"), properties.get("name")
            if isinstance(cluster, str) and isinstance(name, str):
                places[_arn(context, cluster, name)] = address
        for address, arn in context.index.arns(self.name).items():
            places.setdefault(arn, address)
        found = (described(context, arn, address, wanted.get(address, {})) for arn, address in places.items())
        return [live for live in found if live]

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything but its own address goes into the one call, which starts the first deployment."""
        try:
            context.aws.write(
                "ecs",
                "create_express_gateway_service",
                serviceName=properties["name"],
                cluster=properties["cluster"],
                infrastructureRoleArn=properties["infrastructure_role"],
                tags=ecs_tag_list(context.scope.tags(address)),
                **settings(properties, frozenset(properties), ""),
            )
        except AwsError as error:
            # A service has this name: the read that follows says whose.
            if "not idempotent" not in error.message:
                raise
        return _arn(context, properties["cluster"], properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only what changed; it supersedes a deployment that is under way."""
        if "environment_with_url" in changed and not live.attributes["url"]:
            raise AwsError("ecs:UpdateExpressGatewayService", "AddressNotKnown", "ECS has not given it an address yet")
        wanted = settings(properties, changed, live.attributes["url"])
        context.aws.write("ecs", "update_express_gateway_service", serviceArn=live.id, **wanted)

    def delete(self, context: Context, live: Live) -> None:
        """Its task definitions first: they are found through it only."""
        if live.attributes["status"] == "ACTIVE":
            deregister(context, live.attributes["family"])
            with ignoring(*GONE):
                context.aws.write("ecs", "delete_express_gateway_service", serviceArn=live.id)

    def is_on_its_way(self, live: Live) -> bool:
        """A rollout that nobody has seen the end of."""
        return bool(live.attributes["rollout"] == "IN_PROGRESS")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """Where the rollout of the task definition stands that ECS registered for what is wanted."""
        return status_of(context.aws, live, {**properties, "task_definition": live.attributes["task_definition"]})


def _arn(context: Context, cluster: str, name: str) -> str:
    return context.scope.arn("ecs", f"service/{last_part(cluster)}/{name}")
