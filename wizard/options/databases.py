"""What every database server of a deployment has around it: where it stands, who reaches it, and who is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.blueprint.model import AuroraPostgres, DocumentDb, RdsPostgres
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.passwords import kept, password_of
from wizard.options.site import MAIN, Site, Value
from wizard.options.told import told_of
from wizard.options.traffic import group, let_in, let_out

_ROTATION = (
    "RDS changes the password every seven days. A container learns it at its start: one that connects anew after a "
    "change is refused until it is started again, so start the service again after each change, or read the secret "
    "at each new connection"
)


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


def own_log(site: Site, of: str) -> list[Resource]:
    """The log group that RDS writes the log of an instance or a cluster to, where the own key encrypts everything.

    RDS would make one that keeps everything for ever, under AWS's key.
    """
    if not site.sealed:
        return []
    properties = {
        "name": f"/aws/rds/{of}/{site.name('database')}/postgresql",
        "retention_days": site.blueprint.observability.log_days,
        **site.seal(),
    }
    return [Resource("log_group", "database", properties)]


def password_for(site: Site, choice: RdsPostgres | AuroraPostgres | DocumentDb) -> Resource | None:
    """The secret with the password; None when AWS keeps and rotates one itself."""
    return None if choice.password == "rotated" else password_of(site, "database", "database")


def login(site: Site, choice: RdsPostgres | AuroraPostgres | DocumentDb, password: Resource | None) -> dict[str, Any]:
    """The properties by which a server gets its user and password."""
    return {
        "username": choice.user,
        "password": password.ref("value") if password else None,
        "managed_password": password is None,
        "secret_key": site.key if password is None and site.sealed else None,
    }


def told(
    site: Site,
    server: Resource,
    protocol: Protocol,
    choice: RdsPostgres | AuroraPostgres | DocumentDb,
    password: Resource | None,
) -> Site:
    """The site that knows the server: by the placeholders of environment values, and by what secrets can hold."""
    site = site.plus(
        placeholders={
            **site.placeholders,
            "database.host": server.ref("host"),
            "database.port": str(protocol.port),
            "database.name": choice.name,
            "database.user": choice.user,
        },
        database=server.ref("id"),
    )
    if password is None:
        note = {"database_password": _ROTATION, "database_secret": server.ref("secret_arn")}
        return site.plus(secrets={**site.secrets, **_managed(site, server)}, outputs=note)
    composed = _composed(server, protocol, choice.name, choice.user, password.ref("value"))
    return site.plus(
        secrets={**site.secrets, password.name: password.ref("arn")}, composed={**site.composed, **composed}
    )


def _managed(site: Site, server: Resource) -> dict[str, Value]:
    """The blueprint's secrets for user and password are keys of the one secret that RDS keeps."""
    keys = {"database-username": "username", "database-password": "password"}
    return {
        name: text(f"{{secret}}:{keys[secret.composed]}::", secret=server.ref("secret_arn"))
        for name, secret in site.blueprint.secrets.items()
        if secret.composed in keys
    }


def _composed(server: Resource, protocol: Protocol, name: str, user: str, password: Ref) -> dict[str, Any]:
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


@dataclass(frozen=True)
class Engine:
    """What tells one kind of cluster from another."""

    name: str
    protocol: Protocol
    parameters: Mapping[str, str]
    instance_class: str
    own: Mapping[str, Any]
    """Properties that only clusters of this engine have."""
    logs: bool = False
    """Whether it writes a log of its own to CloudWatch."""


def cluster(site: Site, name: str, choice: AuroraPostgres | DocumentDb, engine: Engine) -> Site:
    """Add a cluster of Aurora or DocumentDB, its instances, what is around it, and its password unless AWS keeps it."""
    its_group, rules = doors(site, engine.protocol)
    subnets = subnet_group(site)
    settings = parameter_group(site, f"{engine.name}{choice.version}", engine.parameters, cluster=True)
    password = password_for(site, choice)
    properties: dict[str, Any] = {
        "name": site.name("database"),
        "engine": engine.name,
        "version": choice.version,
        **login(site, choice, password),
        "subnet_group": subnets.ref("name"),
        "security_groups": [its_group.ref("id")],
        "kms_key": site.key if choice.kms or site.sealed else None,
        "encrypted": True,
        "deletion_protection": choice.deletion_protection,
        "backup_days": choice.backup_days,
        "parameter_group": settings.ref("name"),
        **engine.own,
    }
    logs = own_log(site, "cluster") if engine.logs else []
    server = Resource("db_cluster", name, properties, needs=tuple(each.ref("name") for each in logs))
    nodes = instances(site, server, engine.name, engine.instance_class, choice.instances)
    site = site.plus(
        its_group,
        *rules,
        subnets,
        settings,
        *([password] if password else []),
        *logs,
        server,
        *nodes,
        database_ready=tuple(node.ref("id") for node in nodes),
    )
    return told(site, server, engine.protocol, choice, password)


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
                # DocumentDB has no such choice: its instances are never public.
                **({} if engine == "docdb" else {"public": False}),
            },
        )
        for number in range(1, count + 1)
    ]
