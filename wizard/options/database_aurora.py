"""Aurora PostgreSQL Serverless v2: its capacity follows the load; in private subnets, encrypted, TLS demanded."""

from __future__ import annotations

from wizard.blueprint.model import AuroraPostgres
from wizard.engine.graph import Resource
from wizard.options import databases
from wizard.options.databases import POSTGRES
from wizard.options.passwords import password_of
from wizard.options.registry import Option
from wizard.options.site import Site

_ENGINE = "aurora-postgresql"


def expand(site: Site, name: str, choice: AuroraPostgres) -> Site:
    """Add the cluster, its instances, and its password."""
    its_group, rules = databases.doors(site, POSTGRES)
    subnets = databases.subnet_group(site)
    family = f"{_ENGINE}{choice.version}"
    settings = databases.parameter_group(site, family, {"rds.force_ssl": "1"}, cluster=True)
    password = password_of(site, "database", "database")
    cluster = Resource(
        "db_cluster",
        name,
        {
            "name": site.name("database"),
            "engine": _ENGINE,
            "version": choice.version,
            "username": choice.user,
            "password": password.ref("value"),
            "subnet_group": subnets.ref("name"),
            "security_groups": [its_group.ref("id")],
            "kms_key": site.key if choice.kms or site.sealed else None,
            "encrypted": True,
            "deletion_protection": choice.deletion_protection,
            "backup_days": choice.backup_days,
            "parameter_group": settings.ref("name"),
            "database": choice.name,
            "min_capacity": choice.min_acu,
            "max_capacity": choice.max_acu,
            "log_exports": ["postgresql"],
        },
    )
    instances = databases.instances(site, cluster, _ENGINE, "db.serverless", choice.instances)
    told = databases.composed(cluster, POSTGRES, choice.name, choice.user, password.ref("value"))
    return site.plus(
        its_group,
        *rules,
        subnets,
        settings,
        password,
        cluster,
        *instances,
        secrets={**site.secrets, password.name: password.ref("arn")},
        composed={**site.composed, **told},
        placeholders=databases.known(site, cluster, POSTGRES, choice.name, choice.user),
        database=cluster.ref("id"),
        database_ready=tuple(instance.ref("id") for instance in instances),
    )


OPTION = Option("database", AuroraPostgres, expand)
