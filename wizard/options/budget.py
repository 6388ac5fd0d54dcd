"""A monthly budget: AWS tells when most of it is spent."""

from __future__ import annotations

from wizard.engine.graph import Resource
from wizard.options.site import MAIN, Site


def add(site: Site) -> Site:
    """Add the budget."""
    watch = site.blueprint.observability
    if watch.budget_usd is None:
        return site
    properties = {"name": site.name("budget"), "monthly_usd": watch.budget_usd, "email": watch.email}
    return site.plus(Resource("budget", MAIN, properties))
