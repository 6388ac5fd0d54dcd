"""PostgreSQL on Amazon RDS: in private subnets, encrypted, reached over TLS by the services that are told of it."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import RdsPostgres
from wizard.engine.graph import Resource
from wizard.options import databases
from wizard.options.databases import POSTGRES
from wizard.options.registry import Option
from wizard.options.site import Site


def expand(site: Site, name: str, choice: RdsPostgres) -> Site:
    """Add the instance with what is around it, and its password unless RDS keeps it."""
    its_group, rules = databases.doors(site, POSTGRES)
    subnets = databases.subnet_group(site)
    settings = databases.parameter_group(site, f"postgres{choice.version}", {"rds.force_ssl": "1"}, cluster=False)
    password = databases.password_for(site, choice)
    properties: dict[str, Any] = {
        "name": site.name("database"),
        "engine": "postgres",
        "version": choice.version,
        "instance_class": choice.class_,
        "storage_gib": choice.storage_gib,
        "max_storage_gib": choice.max_storage_gib or 0,
        "multi_az": choice.multi_az,
        **databases.login(site, choice, password),
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
        "public": False,
    }
    logs = databases.own_log(site, "instance")
    server = Resource("db_instance", name, properties, needs=tuple(each.ref("name") for each in logs))
    site = site.plus(its_group, *rules, subnets, settings, *([password] if password else []), *logs, server)
    return databases.told(site, server, POSTGRES, choice, password)


OPTION = Option("database", RdsPostgres, expand)
