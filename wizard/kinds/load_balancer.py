"""An Application Load Balancer: the public or internal front of the services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Settling, State, Status
from wizard.errors import AwsError
from wizard.kinds import _balancer, _elb, prices


class LoadBalancer(Kind):
    """Found by its name, which is unique in account and Region. It is gone when its network interfaces are."""

    name = "load_balancer"
    title = "Application Load Balancer"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name", "scheme"})
    handed_over = frozenset({"subnets"})
    uses = frozenset({"subnet", "security_group", "internet_gateway"})
    poll_seconds = 10
    settling = (
        Settling("create", "SubnetNotFound", "", 120),
        Settling("create", "InvalidSubnet", "", 120),
        Settling("create", "InvalidSecurityGroup", "", 120),
        Settling("delete", "ResourceInUse", "", 300),
    )
    iam = {
        "read": (
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeTags",
            "ec2:DescribeNetworkInterfaces",
        ),
        "create": (
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:DescribeLoadBalancers",
        ),
        "update": (
            "elasticloadbalancing:SetSubnets",
            "elasticloadbalancing:SetSecurityGroups",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
        ),
        "delete": (
            "elasticloadbalancing:DeleteLoadBalancer",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
        ),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: the name, two subnets at least, the idle timeout."""
        found = _elb.name_problems(properties.get("name"))
        name, subnets = properties.get("name"), properties.get("subnets")
        if isinstance(name, str) and name.startswith("internal-"):
            found.append(f"name: a load balancer's name must not begin with internal-, as {name} does")
        if isinstance(subnets, list) and len(subnets) < 2:
            found.append("subnets: an Application Load Balancer needs two in different Availability Zones")
        timeout = properties.get("idle_timeout")
        if isinstance(timeout, int) and not 1 <= timeout <= 4000:
            found.append(f"idle_timeout: 1 to 4000 seconds, not {timeout}")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """Seen: 2:15 to 3:10."""
        return 160

    def delete_seconds(self, properties: Properties) -> float:
        """It goes at once, its network interfaces within a minute or two."""
        return 60

    def monthly_usd(self, properties: Properties) -> float | None:
        """A fixed price, and a public address in each subnet when it faces the internet; capacity units on top."""
        subnets = properties.get("subnets")
        addresses = len(subnets) if isinstance(subnets, list) else 2
        public = addresses if properties.get("scheme") != "internal" else 0
        return prices.balancer_month(public)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe of all: naming one that does not exist would make AWS refuse the whole call."""
        by_name = {properties.get("name"): address for address, properties in wanted.items()}
        ours = set(context.index.arns(self.name).values())
        items = {
            item["LoadBalancerArn"]: item
            for item in context.aws.pages("elbv2", "describe_load_balancers", "LoadBalancers")
            if item["LoadBalancerName"] in by_name or item["LoadBalancerArn"] in ours
        }
        tags = _elb.tags_of(context, items)
        found = [self._live(context, item, by_name, tags.get(arn, {}), wanted) for arn, item in items.items()]
        return [*_elb.relevant(context, found, wanted), *_balancer.lingering(context, ours - items.keys())]

    def _live(
        self,
        context: Context,
        item: Mapping[str, Any],
        by_name: Mapping[Any, str],
        tags: Mapping[str, str],
        wanted: Mapping[str, Properties],
    ) -> Live:
        arn, address = item["LoadBalancerArn"], by_name.get(item["LoadBalancerName"])
        properties = {
            "name": item["LoadBalancerName"],
            "scheme": item.get("Scheme", ""),
            "subnets": sorted(zone["SubnetId"] for zone in item.get("AvailabilityZones", ())),
            "security_groups": sorted(item.get("SecurityGroups", ())),
        }
        asked = wanted.get(address or "", {})
        if any(asked.get(name) is not None for name in _balancer.SETTINGS):
            properties |= _balancer.settings_of(context, arn)
        attributes = {
            "dns_name": item.get("DNSName", ""),
            "zone_id": item.get("CanonicalHostedZoneId", ""),
            "full_name": _elb.full_name(arn),
            "state": item.get("State", {}).get("Code", ""),
        }
        return _elb.live(arn, address, tags, properties, attributes)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The same name with the same settings gives the one that exists, ours or not: the next read tells whose."""
        try:
            answer = context.aws.write(
                "elbv2",
                "create_load_balancer",
                Name=properties["name"],
                Type="application",
                Scheme=properties["scheme"],
                Subnets=properties["subnets"],
                SecurityGroups=properties["security_groups"],
                Tags=tag_list(context.scope.tags(address)),
            )
        except AwsError as error:
            if error.code != "DuplicateLoadBalancerName":
                raise
            answer = context.aws.read("elbv2", "describe_load_balancers", Names=[properties["name"]])
        return str(answer["LoadBalancers"][0]["LoadBalancerArn"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Subnets, security groups and attributes have a call each."""
        if "subnets" in changed:
            context.aws.write("elbv2", "set_subnets", LoadBalancerArn=live.id, Subnets=properties["subnets"])
        if "security_groups" in changed:
            groups = properties["security_groups"]
            context.aws.write("elbv2", "set_security_groups", LoadBalancerArn=live.id, SecurityGroups=groups)
        if settings := {name: properties[name] for name in sorted(changed & _balancer.SETTINGS.keys())}:
            _balancer.set_settings(context, live.id, settings)

    def delete(self, context: Context, live: Live) -> None:
        """Deletion protection is turned off when it is what stands in the way: consent was asked for before."""
        try:
            context.aws.write("elbv2", "delete_load_balancer", LoadBalancerArn=live.id)
        except AwsError as error:
            if _elb.is_missing(error):
                return
            if error.code != "OperationNotPermitted":
                raise
            _balancer.set_settings(context, live.id, {"deletion_protection": False})
            context.aws.write("elbv2", "delete_load_balancer", LoadBalancerArn=live.id)

    def is_on_its_way(self, live: Live) -> bool:
        """Not usable yet."""
        return bool(live.attributes["state"] == "provisioning")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`provisioning` for two or three minutes."""
        if live.attributes["state"] == "deleting":
            return Status(State.FAILED, "an earlier load balancer of this name is still being removed", corpse=True)
        if live.attributes["state"] in _balancer.USABLE:
            return READY
        return _balancer.progress(context, live.id)

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """The order of ids means nothing."""
        if name in ("subnets", "security_groups"):
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)
