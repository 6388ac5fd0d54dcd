"""Aurora PostgreSQL Serverless v2: its capacity follows the load; in private subnets, encrypted, TLS demanded."""

from __future__ import annotations

from wizard.blueprint.model import AuroraPostgres
from wizard.options import databases
from wizard.options.databases import POSTGRES, Engine
from wizard.options.registry import Option
from wizard.options.site import Site


def expand(site: Site, name: str, choice: AuroraPostgres) -> Site:
    """Add the cluster and its instances."""
    own = {
        "database": choice.name,
        "min_capacity": choice.min_acu,
        "max_capacity": choice.max_acu,
        "log_exports": ["postgresql"],
    }
    engine = Engine("aurora-postgresql", POSTGRES, {"rds.force_ssl": "1"}, "db.serverless", own, logs=True)
    return databases.cluster(site, name, choice, engine)


OPTION = Option("database", AuroraPostgres, expand)
