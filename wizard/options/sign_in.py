"""Sign-in at the load balancer: what the listener and its rules ask of people before they let a request through.

The load balancer is a client of the user pool beside the application's own. It needs a secret and one address to come
back to; the application's client keeps its id and its settings whether this is on or off, so switching it never locks
people out.
"""

from __future__ import annotations

from typing import Any

from wizard.aws.client_names import FRONT, name_in_front
from wizard.blueprint.checks.identity import COMES_BACK
from wizard.blueprint.model import Alb, Cognito
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.site import MAIN, Site

_HOUR = 3600


def asked_by(site: Site) -> dict[str, Any]:
    """The `sign_in` of listeners and rules; empty where everybody comes in."""
    choice = site.blueprint.identity
    if not isinstance(choice, Cognito) or not choice.in_front:
        return {}
    return {
        "pool": Ref(f"user_pool.{MAIN}", "arn"),
        "client": Ref(f"user_pool_client.{FRONT}", "client_id"),
        "domain": Ref(f"user_pool_domain.{MAIN}", "domain"),
        "seconds": choice.session_hours * _HOUR,
    }


def client_of(site: Site, choice: Alb, pool: Resource) -> Resource:
    """The load balancer as a client of the pool."""
    name = name_in_front(site.name("user_pool"))
    back = [f"https://{choice.host}{COMES_BACK}"]
    properties = {"name": name, "pool": pool.ref("id"), "callback_urls": back, "secret": True}
    return Resource("user_pool_client", FRONT, properties)
