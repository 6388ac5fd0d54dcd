"""The real engine over all kinds of the network and the edge together: made, seen as made, removed."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.kinds.cases import network as world
from tests.kinds.driver import DEPLOYMENT, Account
from wizard.engine.apply import apply_plan, remove_all
from wizard.engine.events import EventStream
from wizard.engine.graph import Graph, Resource
from wizard.engine.journal import Journal
from wizard.engine.plan import Action, Plan, make_plan
from wizard.engine.site import Site
from wizard.engine.values import SecretInput, Sensitive
from wizard.kinds.registry import all_kinds

READS = 24
"""Calls that a plan of this network may take: one a kind, and those that AWS answers one resource at a time."""


def no_secret(_wanted: SecretInput) -> Sensitive | None:
    return None


def network() -> Graph:
    """Two zones, NAT, HTTPS with a validated certificate, a rule to a target group, an alias record."""
    table = Resource(
        "route_table",
        "public",
        {
            **world.TABLE.properties,
            "routes": {"0.0.0.0/0": world.GATEWAY.ref("id")},
            "subnets": [world.A.ref("id"), world.B.ref("id")],
        },
    )
    private = Resource(
        "route_table",
        "private",
        {**world.OTHER_TABLE.properties, "routes": {"0.0.0.0/0": world.NAT.ref("id")}, "subnets": [world.C.ref("id")]},
    )
    secure = {"port": 443, "protocol": "HTTPS", "tls_policy": world.TLS}
    certificate = world.issued(world.CERTIFICATE).ref("arn")
    https = Resource("listener", "https", {**world.LISTENER.properties, **secure, "certificate": certificate})
    paths = {"priority": 10, "paths": ["/api", "/api/*"], "forward": world.TARGETS.ref("arn")}
    names = {"zone": world.ZONE.ref("id"), "record": "app.example.net", "type": "A"}
    target = {"dns_name": world.BALANCER.ref("dns_name"), "zone_id": world.BALANCER.ref("zone_id")}
    ports = {"protocol": "tcp", "from_port": 8080, "to_port": 8080, "description": "load balancer to web"}
    between = {"group": world.BACK.ref("id"), "direction": "ingress", "peer": world.FRONT.ref("id")}
    endpoint = {"name": "s3", "vpc": world.VPC.ref("id"), "service": "s3", "type": "gateway"}
    return Graph.of(
        [
            *world.FRONTED,
            world.C,
            world.ADDRESS,
            world.NAT,
            table,
            private,
            world.BACK,
            Resource("security_group_rule", "web", {**between, **ports}),
            Resource("vpc_endpoint", "s3", {**endpoint, "route_tables": [private.ref("id")]}),
            world.TARGETS,
            *world.PROVED,
            world.issued(world.CERTIFICATE),
            world.LISTENER,
            https,
            Resource("listener_rule", "api", {"listener": https.ref("arn"), **paths}),
            Resource("record", "app", {**names, "alias": target}),
        ]
    )


def site(account: Account, folder: Path) -> Site:
    """A run."""
    context = account.context()
    journal = Journal(folder / "run.jsonl")
    return Site(context, all_kinds(), journal, EventStream("run1", context.clock), no_secret, threading.Event())


def plan(account: Account) -> Plan:
    return make_plan(network(), all_kinds(), account.context(), no_secret)


def test_a_network_is_made_seen_as_made_with_few_reads_and_removed_without_a_trace(
    account: Account, tmp_path: Path
) -> None:
    world.make_zone(account.aws)
    outcome, lives = apply_plan(network(), plan(account), site(account, tmp_path / "apply"))
    assert outcome.errors == {}
    before = len(account.calls)
    again = plan(account)
    assert [change.address for change in again.changes if change.action is not Action.NO_OP] == []
    assert len(account.calls) - before <= READS
    made = {address: live for address, live in lives.items() if live.owner == DEPLOYMENT}
    outcome, kept = remove_all(site(account, tmp_path / "destroy"), made)
    assert (outcome.errors, kept) == ({}, {})
    kinds = {address.split(".")[0] for address in made}
    assert [live for kind in kinds for live in all_kinds()[kind].read_many(account.context(), {})] == []
