"""Who may talk to whom: the rules of security groups, one resource each."""

from __future__ import annotations

from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.site import Site, Value

ANYWHERE = "0.0.0.0/0"


def group(site: Site, name: str, description: str, *, all_out: bool = False) -> Resource:
    """A security group that lets nothing in and, unless all may go out, nothing out until rules say so."""
    return Resource(
        "security_group",
        name,
        {
            "name": site.name(f"security_group.{name}"),
            "description": f"{description}, {site.deployment}",
            "vpc": site.network.vpc,
            "allow_all_egress": all_out,
            "foreign_rules": [],
        },
    )


def let_in(name: str, into: Ref, port: int, peer: Value, description: str) -> Resource:
    """A rule that lets TCP in on one port."""
    return _rule("ingress", name, into, port, peer, description)


def let_out(name: str, out_of: Ref, port: int, peer: Value, description: str) -> Resource:
    """A rule that lets TCP out to one port."""
    return _rule("egress", name, out_of, port, peer, description)


def _rule(direction: str, name: str, group: Ref, port: int, peer: Value, description: str) -> Resource:
    return Resource(
        "security_group_rule",
        name,
        {
            "group": group,
            "direction": direction,
            "protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "peer": peer,
            "description": description,
        },
    )


def rules_about(site: Site, group: Ref) -> tuple[Ref, ...]:
    """Every rule on a group and every rule of another group that names it: without them its members are cut off."""
    return tuple(
        resource.ref("id")
        for resource in site.resources
        if resource.kind == "security_group_rule"
        and group in (resource.properties["group"], resource.properties["peer"])
    )
