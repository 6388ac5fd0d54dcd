"""Amazon DocumentDB, which speaks MongoDB's protocol: in private subnets, encrypted, TLS demanded."""

from __future__ import annotations

from wizard.blueprint.model import DocumentDb
from wizard.engine.graph import Resource
from wizard.options import databases
from wizard.options.databases import MONGODB
from wizard.options.passwords import password_of
from wizard.options.registry import Option
from wizard.options.site import Site

_CERTIFICATES = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
_TRUST = f"DocumentDB answers over TLS only: have the image trust AWS's certificates ({_CERTIFICATES})"


def expand(site: Site, name: str, choice: DocumentDb) -> Site:
    """Add the cluster, its instances, and its password."""
    its_group, rules = databases.doors(site, MONGODB)
    subnets = databases.subnet_group(site)
    settings = databases.parameter_group(site, f"docdb{choice.version}", {"tls": "enabled"}, cluster=True)
    password = password_of(site, "database", "database")
    cluster = Resource(
        "db_cluster",
        name,
        {
            "name": site.name("database"),
            "engine": "docdb",
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
        },
    )
    instances = databases.instances(site, cluster, "docdb", choice.class_, choice.instances)
    told = databases.composed(cluster, MONGODB, choice.name, choice.user, password.ref("value"))
    return site.plus(
        its_group,
        *rules,
        subnets,
        settings,
        password,
        cluster,
        *instances,
        outputs={"database_tls": _TRUST},
        secrets={**site.secrets, password.name: password.ref("arn")},
        composed={**site.composed, **told},
        placeholders=databases.known(site, cluster, MONGODB, choice.name, choice.user),
        database=cluster.ref("id"),
        database_ready=tuple(instance.ref("id") for instance in instances),
    )


OPTION = Option("database", DocumentDb, expand)
