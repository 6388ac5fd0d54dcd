"""What every database server of a deployment has around it: where it stands, who reaches it, and who is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.passwords import kept
from wizard.options.site import MAIN, Site
from wizard.options.told import told_of
from wizard.options.traffic import group, let_in, let_out


@dataclass(frozen=True)
class Protocol:
    """How a database is spoken to."""

    title: str
    scheme: str
    port: int
    query: str = ""
    """What follows the name in an address."""


POSTGRES = Protocol("PostgreSQL", "postgresql", 5432)
MONGODB = Protocol("MongoDB", "mongodb", 27017, "?tls=true&replicaSet=rs0&readPreference=primary&retryWrites=false")
"""DocumentDB knows no retryable writes, and a driver that follows the replica set finds the writer after a failover."""


def doors(site: Site, protocol: Protocol) -> tuple[Resource, list[Resource]]:
    """The database's security group, and the rules that let in exactly the services that are told of it."""
    its_group = group(site, "database", "Database")
    ours = its_group.ref("id")
    rules = []
    for service in told_of(site, "database"):
        theirs = site.groups[service]
        rules += [
            let_in(f"database-from-{service}", ours, protocol.port, theirs, f"{protocol.title}, from {service}"),
            let_out(f"{service}-to-database", theirs, protocol.port, ours, f"{protocol.title}, to the database"),
        ]
    return its_group, rules


def subnet_group(site: Site) -> Resource:
    """The private subnets, in which AWS picks a place and a place to fail over to."""
    properties = {
        "name": site.name("subnet_group"),
        "description": f"Private subnets of {site.deployment}",
        "subnets": list(site.network.private_subnets),
    }
    return Resource("db_subnet_group", MAIN, properties)


def parameter_group(site: Site, family: str, parameters: Mapping[str, str], *, cluster: bool) -> Resource:
    """Settings of the server. A family is one major version, so each has a group of its own."""
    properties = {
        "name": site.name(f"parameter_group.{family.replace('.', '-')}"),
        "family": family,
        "parameters": dict(parameters),
        "cluster": cluster,
    }
    return Resource("db_parameter_group", MAIN, properties)


def known(site: Site, server: Resource, protocol: Protocol, name: str, user: str) -> dict[str, Any]:
    """The placeholders by which environment values name the database."""
    return {
        **site.placeholders,
        "database.host": server.ref("host"),
        "database.port": str(protocol.port),
        "database.name": name,
        "database.user": user,
    }


def composed(server: Resource, protocol: Protocol, name: str, user: str, password: Ref) -> dict[str, Any]:
    """The values of secrets that hold the password, or the user beside it."""
    uri = text(
        f"{protocol.scheme}://{{user}}:{{password}}@{{host}}:{{port}}/{{name}}{protocol.query}",
        user=user,
        password=password,
        host=server.ref("host"),
        port=str(protocol.port),
        name=name,
    )
    return {"database-uri": uri, "database-username": kept(user), "database-password": password}


def instances(site: Site, cluster: Resource, engine: str, size: str, count: int) -> list[Resource]:
    """The instances of a cluster. AWS spreads them over the zones of the subnet group and lets one of them write."""
    return [
        Resource(
            "db_cluster_instance",
            str(number),
            {
                "name": site.name(f"database.{number}"),
                "cluster": cluster.ref("id"),
                "engine": engine,
                "instance_class": size,
            },
        )
        for number in range(1, count + 1)
    ]
