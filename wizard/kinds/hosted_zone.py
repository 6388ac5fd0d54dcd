"""A public hosted zone of Route 53: looked up by name, because its name servers are delegated to by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, FoundKind, Live, Properties
from wizard.kinds import _dns


class HostedZone(FoundKind):
    """Private zones are passed over: the world does not see them, and neither does certificate validation."""

    name = "hosted_zone"
    title = "Hosted zone"
    iam = {"read": ("route53:ListHostedZonesByName",)}

    def problems(self, properties: Properties) -> list[str]:
        """It must be a domain name."""
        return _dns.domain_problems("name", properties.get("name"))

    def limit_seconds(self, properties: Properties) -> float:
        """It is there or it is not: a person makes it, so there is nothing to wait for."""
        return 0.0

    def monthly_usd(self, properties: Properties) -> float | None:
        """It is there already, and paid for by whoever made it."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One call for each wanted name, which lists zones from that name on."""
        found = []
        for address, properties in wanted.items():
            name = properties.get("name")
            if not isinstance(name, str):
                continue
            answer = context.aws.read("route53", "list_hosted_zones_by_name", DNSName=_dns.fqdn(name), MaxItems="100")
            zones = [one for one in answer["HostedZones"] if _dns.same_name(one["Name"], name)]
            public = [one for one in zones if not one.get("Config", {}).get("PrivateZone", False)]
            found += [self._live(context, address, zone) for zone in public[:1]]
        return found

    @staticmethod
    def _live(context: Context, address: str, zone: Mapping[str, Any]) -> Live:
        id_ = zone["Id"].removeprefix("/hostedzone/")
        arn = f"arn:{context.scope.partition}:route53:::hostedzone/{id_}"
        return Live(address, id_, {"name": _dns.fqdn(zone["Name"])}, {"id": id_, "arn": arn})

    def missing(self, properties: Properties) -> str:
        """How a person makes it."""
        name = str(properties.get("name")).rstrip(".")
        return (
            f"this account has no public hosted zone {name}; make it and point the domain's name servers at it: "
            f"aws route53 create-hosted-zone --name {name} --caller-reference {name}"
        )

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Domain names without case and dot."""
        return _dns.same_name(desired, actual)
