"""A Cognito user pool for the application's users, with a sign-in page, and a client for each that sends them there."""

from __future__ import annotations

from wizard.blueprint.model import Alb, Cognito
from wizard.engine.graph import Resource
from wizard.options.registry import Option
from wizard.options.sign_in import client_of
from wizard.options.site import Site

_PASSWORD_LENGTH = 12
_MFA = {"off": "OFF", "optional": "OPTIONAL", "required": "ON"}


def expand(site: Site, name: str, choice: Cognito) -> Site:
    """Add the pool, its clients, and the domain of its sign-in page."""
    ingress = site.blueprint.ingress
    url = f"https://{ingress.host}" if isinstance(ingress, Alb) else ""
    pool = Resource(
        "user_pool",
        name,
        {
            "name": site.name("user_pool"),
            "mfa": _MFA[choice.mfa],
            "password_length": _PASSWORD_LENGTH,
            "deletion_protection": site.blueprint.hardening.deletion_protection,
            "self_sign_up": choice.self_sign_up,
        },
    )
    client = Resource(
        "user_pool_client",
        name,
        {
            "name": site.name("user_pool"),
            "pool": pool.ref("id"),
            "callback_urls": [f"{url}{path}" for path in choice.callback_paths] if url else [],
            "secret": False,
        },
    )
    # The domain is one name among those of all accounts of a Region.
    domain = f"{site.name('user_pool')}-{site.expansion.names.suffix}".lower()
    page = Resource("user_pool_domain", name, {"domain": domain, "pool": pool.ref("id")})
    in_front = [client_of(site, ingress, pool)] if choice.in_front and isinstance(ingress, Alb) else []
    return site.plus(
        pool,
        client,
        *in_front,
        page,
        placeholders={**site.placeholders, "user_pool.id": pool.ref("id"), "user_pool.client": client.ref("client_id")},
        outputs={"sign_in": f"https://{domain}.auth.{site.expansion.region}.amazoncognito.com"},
    )


OPTION = Option("identity", Cognito, expand)
