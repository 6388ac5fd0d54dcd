"""PostgreSQL on Amazon RDS: in private subnets, encrypted, reached over TLS by the services that are told of it."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import RdsPostgres
from wizard.engine.graph import Resource
from wizard.engine.values import text
from wizard.options import databases
from wizard.options.databases import POSTGRES
from wizard.options.passwords import password_of
from wizard.options.registry import Option
from wizard.options.site import Site, Value

_ROTATION = (
    "RDS changes the password every seven days. A container learns it at its start: one that connects anew after a "
    "change is refused until it is started again, so start the service again after each change, or read the secret "
    "at each new connection"
)


def expand(site: Site, name: str, choice: RdsPostgres) -> Site:
    """Add the instance with what is around it, and its password unless RDS keeps it."""
    its_group, rules = databases.doors(site, POSTGRES)
    subnets = databases.subnet_group(site)
    settings = databases.parameter_group(site, f"postgres{choice.version}", {"rds.force_ssl": "1"}, cluster=False)
    password = None if choice.password == "rotated" else password_of(site, "database", "database")
    properties: dict[str, Any] = {
        "name": site.name("database"),
        "engine": "postgres",
        "version": choice.version,
        "instance_class": choice.class_,
        "storage_gib": choice.storage_gib,
        "multi_az": choice.multi_az,
        "username": choice.user,
        "password": password.ref("value") if password else None,
        "managed_password": password is None,
        "database": choice.name,
        "subnet_group": subnets.ref("name"),
        "security_groups": [its_group.ref("id")],
        "kms_key": site.key if choice.kms or site.sealed else None,
        "encrypted": True,
        "deletion_protection": choice.deletion_protection,
        "backup_days": choice.backup_days,
        "parameter_group": settings.ref("name"),
        "lifecycle_support": "disabled",
        "performance_insights": False,
        "log_exports": ["postgresql"],
    }
    server = Resource("db_instance", name, properties)
    site = site.plus(
        its_group,
        *rules,
        subnets,
        settings,
        *([password] if password else []),
        server,
        placeholders=databases.known(site, server, POSTGRES, choice.name, choice.user),
        database=server.ref("id"),
    )
    if password is None:
        note = {"database_password": _ROTATION, "database_secret": server.ref("secret_arn")}
        return site.plus(secrets={**site.secrets, **_managed(site, server)}, outputs=note)
    return site.plus(
        secrets={**site.secrets, password.name: password.ref("arn")},
        composed={
            **site.composed,
            **databases.composed(server, POSTGRES, choice.name, choice.user, password.ref("value")),
        },
    )


def _managed(site: Site, server: Resource) -> dict[str, Value]:
    """The blueprint's secrets for user and password are keys of the one secret that RDS keeps."""
    keys = {"database-username": "username", "database-password": "password"}
    return {
        name: text(f"{{secret}}:{keys[secret.composed]}::", secret=server.ref("secret_arn"))
        for name, secret in site.blueprint.secrets.items()
        if secret.composed in keys
    }


OPTION = Option("database", RdsPostgres, expand)
