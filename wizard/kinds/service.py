"""An ECS service on Fargate. Whether it is ready is the truth about its rollout, never a count of tasks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import ecs_tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.errors import AwsError
from wizard.kinds import _balancers, _strategy, prices
from wizard.kinds._fargate import task_monthly_usd
from wizard.kinds._named import ignoring, token_for
from wizard.kinds._rollout_status import STATUS_ACTIONS, status_of
from wizard.kinds._service import FAILED, capacity, last_part, settings
from wizard.kinds._service_reading import described, live

BATCH = 10
"""How many services DescribeServices takes."""
ROLES = ("verify that the ECS service role being passed has the proper permissions", "Unable to assume role")
BALANCER = "does not have an associated load balancer"
GONE = ("ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException")


class Service(Kind):
    """CreateService is idempotent by token; an update starts a service deployment that `status` follows."""

    name = "service"
    title = "ECS service"
    identity = Identity.TOKENED
    found_by = frozenset({"name", "cluster"})
    immutable = frozenset({"name", "cluster"})
    uses = frozenset(
        {
            "cluster",
            "task_definition",
            "target_group",
            "listener",
            "listener_rule",
            "alarm",
            "role",
            "log_group",
            "secret",
            "subnet",
            "security_group",
            "nat_gateway",
            "route_table",
            "vpc_endpoint",
        }
    )
    settling = (
        Settling("create", "ClusterNotFoundException", "", 240),
        Settling("create", "InvalidParameterException", "Unable to assume the service linked role", 240),
        Settling("create", "InvalidParameterException", "still Draining", 600),
        *(Settling(verb, "InvalidParameterException", role, 240) for verb in ("create", "update") for role in ROLES),
        *(Settling(verb, "InvalidParameterException", BALANCER, 240) for verb in ("create", "update")),
        Settling("update", "ServiceNotActiveException", "", 60),
        Settling("delete", "InvalidParameterException", "cannot be stopped while deployments are active", 1200),
        Settling("delete", "DependencyViolation", "has a dependent object", 1200),
    )
    iam = {
        "read": ("ecs:DescribeServices", *STATUS_ACTIONS),
        "create": ("ecs:CreateService", "ecs:TagResource", "iam:PassRole"),
        "update": ("ecs:UpdateService", "iam:PassRole"),
        "delete": ("ecs:DeleteService",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, and settings that exclude each other."""
        found = []
        name = properties.get("name")
        if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
            found.append(f"the service name {name!r} must be 1-255 letters, digits, - or _")
        found += _strategy.problems(properties)
        if properties.get("grace_seconds") and not properties.get("load_balancers"):
            found.append("a grace period for health checks needs a load balancer; containers have startPeriod instead")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """2-5 minutes behind a load balancer. A first version has none to take over from, so nothing is shifted."""
        return 180 if properties.get("load_balancers") else 120

    def update_seconds(self, properties: Properties) -> float:
        """A new version comes up like the first one; then requests are shifted and the old one waits."""
        return self.create_seconds(properties) + _strategy.shift_seconds(properties)

    def delete_seconds(self, properties: Properties) -> float:
        """1-6 minutes, mostly draining."""
        return 120

    def limit_seconds(self, properties: Properties) -> float:
        """AWS's own verdict usually comes sooner: the circuit breaker ends a rollout that cannot succeed."""
        return 1800 + float(properties.get("grace_seconds") or 0) + _strategy.shift_seconds(properties)

    def monthly_usd(self, properties: Properties) -> float | None:
        """Its tasks, when `size` says how big one is: cpu, memory, architecture; a public address costs extra."""
        size, count = properties.get("size"), properties.get("count", properties.get("start_count"))
        if not isinstance(size, Mapping):
            return None
        one = task_monthly_usd(
            int(size["cpu"]), int(size["memory"]), size.get("architecture", "X86_64"), spot=bool(properties.get("spot"))
        )
        public_ip = prices.monthly(prices.PUBLIC_ADDRESS_HOUR) if properties.get("public_ip") else 0.0
        return round((count if isinstance(count, int) else 1) * (one + public_ip), 2)

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """A cluster may be given by name or ARN; lists have no order.

        `size` is only there for the price, `start_count` for the first tasks of a service that scales afterwards.
        """
        if name in ("size", "start_count"):
            return True
        if name == "cluster":
            return last_part(desired) == last_part(actual)
        if name == "breaker":
            return _strategy.same_breaker(desired, actual)
        if name == "alarms":
            return _strategy.same_alarms(desired, actual)
        if name in ("subnets", "security_groups"):
            return sorted(desired) == sorted(actual or ())
        if name == "load_balancers":
            return _balancers.same(desired, actual)
        return bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeServices for ten services of a cluster, tags included; INACTIVE is gone."""
        places: dict[tuple[str, str], str] = {}
        for address, properties in wanted.items():
            cluster, name = properties.get("cluster"), properties.get("name")
            if isinstance(cluster, str) and isinstance(name, str):
                places[(last_part(cluster), name)] = address
        for address, arn in context.index.arns(self.name).items():
            *_, cluster, name = arn.split("/")
            places.setdefault((cluster, name), address)
        clusters: dict[str, list[str]] = defaultdict(list)
        for cluster, name in places:
            clusters[cluster].append(name)
        found = []
        for cluster, names in clusters.items():
            for start in range(0, len(names), BATCH):
                for service in described(context, cluster, names[start : start + BATCH]):
                    found.append(live(service, places[(cluster, service["serviceName"])]))
        # Of two with one address the wanted one comes first.
        first = {properties.get("name") for properties in wanted.values()}
        return sorted(found, key=lambda one: one.attributes["name"] not in first)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything goes into the one call, which starts the first service deployment."""
        how = capacity(spot=True) if properties.get("spot") else {"launchType": "FARGATE"}
        cluster, name = properties["cluster"], properties["name"]
        try:
            context.aws.write(
                "ecs",
                "create_service",
                cluster=cluster,
                serviceName=name,
                clientToken=token_for(token, properties["task_definition"], sorted(properties["subnets"])),
                enableECSManagedTags=True,
                propagateTags="SERVICE",
                tags=ecs_tag_list(context.scope.tags(address)),
                **{"desiredCount": properties.get("start_count", 1)}
                | settings(properties, frozenset(properties))
                | how,
            )
        except AwsError as error:
            # Somebody's service has this name: the read that follows says whose.
            if "not idempotent" not in error.message:
                raise
        return context.scope.arn("ecs", f"service/{last_part(cluster)}/{name}")

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only what changed; a version whose rollout failed is started again, and so is one on other capacity."""
        again = {"forceNewDeployment": True} if FAILED in live.properties["task_definition"] else {}
        if "spot" in changed:
            again = {"forceNewDeployment": True, **capacity(spot=properties["spot"])}
        cluster, name = live.properties["cluster"], live.attributes["name"]
        wanted = settings(properties, changed, live.properties) | again
        context.aws.write("ecs", "update_service", cluster=cluster, service=name, **wanted)

    def delete(self, context: Context, live: Live) -> None:
        """Its tasks drain; it is gone when ECS calls it INACTIVE."""
        if live.attributes["status"] == "DRAINING":
            return
        cluster, name = live.properties["cluster"], live.attributes["name"]
        with ignoring(*GONE):
            context.aws.write("ecs", "delete_service", cluster=cluster, service=name, force=True)

    def is_on_its_way(self, live: Live) -> bool:
        """A rollout that nobody has seen the end of."""
        return bool(live.attributes["rollout"] == "IN_PROGRESS")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """Where the rollout of the wanted task definition stands: three calls while under way, four in a shift."""
        return status_of(context.aws, live, properties)
