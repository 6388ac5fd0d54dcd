"""What exists in the services that watch over others and that moto does not list for the tagging API."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from wizard.sandbox import moto_state, user_pools
from wizard.sandbox.catalogue.entry import Entry, tag_map
from wizard.sandbox.world import ACCOUNT, DEFAULT_REGION


def entries(region: str) -> Iterator[Entry]:
    """Web ACLs, trails, user pools with their clients and domains, subscriptions; no ARN where there are no tags."""
    if _asked("wafv2"):
        walls = moto_state.wafv2(region)
        for acl in walls.wacls.values():
            tags = tag_map(walls.tagging_service.get_tag_dict_for_resource(acl.arn))
            yield Entry("wafv2", "webacl", acl.arn, acl.name, region, acl.arn, tags)
    if _asked("cloudtrail"):
        trails = moto_state.cloudtrail(region)
        for trail in trails.trails.values():
            tags = tag_map(trails.tagging_service.get_tag_dict_for_resource(trail.arn))
            yield Entry("cloudtrail", "trail", trail.arn, trail.trail_name, region, trail.arn, tags)
    if _asked("sns"):
        for subscription in moto_state.sns(region).subscriptions.values():
            yield Entry("sns", "subscription", subscription.arn, subscription.endpoint, region)
    yield from _people(region)


def _people(region: str) -> Iterator[Entry]:
    for pool in user_pools.pools(region):
        tags = tag_map(pool.shown["UserPoolTags"])
        yield Entry("cognito-idp", "userpool", pool.id, pool.shown["Name"], region, pool.arn, tags)
        for id_, client in pool.clients.items():
            yield Entry("cognito-idp", "client", f"{pool.id}/{id_}", client["ClientName"], region)
    for domain in user_pools.domains(region):
        yield Entry("cognito-idp", "domain", domain.name, domain.name, region)


def global_entries() -> Iterator[Entry]:
    """Budgets."""
    if not _asked("budgets"):
        return
    for name, budget in moto_state.budgets().budgets[ACCOUNT].items():
        arn = f"arn:aws:budgets::{ACCOUNT}:budget/{name}"
        tags = tag_map(getattr(budget, "sandbox_tags", {}))
        yield Entry("budgets", "budget", arn, name, DEFAULT_REGION, arn, tags)


def _asked(service: str) -> bool:
    """Whether anybody asked this service for anything: loading moto's part for it takes a while."""
    return f"moto.{service}.models" in sys.modules
