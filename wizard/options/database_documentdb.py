"""Amazon DocumentDB, which speaks MongoDB's protocol: in private subnets, encrypted, TLS demanded."""

from __future__ import annotations

from wizard.blueprint.model import DocumentDb
from wizard.options import databases
from wizard.options.databases import MONGODB, Engine
from wizard.options.registry import Option
from wizard.options.site import Site

_CERTIFICATES = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
_TRUST = f"DocumentDB answers over TLS only: have the image trust AWS's certificates ({_CERTIFICATES})"


def expand(site: Site, name: str, choice: DocumentDb) -> Site:
    """Add the cluster and its instances."""
    engine = Engine("docdb", MONGODB, {"tls": "enabled"}, choice.class_, {})
    return databases.cluster(site, name, choice, engine).plus(outputs={"database_tls": _TRUST})


OPTION = Option("database", DocumentDb, expand)
