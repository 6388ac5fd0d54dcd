"""Passwords of what a deployment makes: made up once, kept in a secret, and part of the addresses that services get."""

from __future__ import annotations

import hashlib

from wizard.blueprint.model import Secret
from wizard.engine.graph import Resource
from wizard.engine.values import SecretInput, Sensitive
from wizard.options.secrets import stored
from wizard.options.site import Site

_LENGTH = 32
"""Letters and digits only: no service refuses these, and an address need not escape them."""


def password_of(site: Site, part: str, title: str) -> Resource:
    """The secret with the password of a part: the blueprint's own for it, where it has one.

    A second copy would cost and could differ.
    """
    declared = site.blueprint.secrets.items()
    name = next((name for name, secret in declared if secret.composed == f"{part}-password"), f"{part}-password")
    value = SecretInput(f"{part.upper()}_PASSWORD", _LENGTH)
    secret = site.blueprint.secrets.get(name, Secret())
    return stored(site, name, secret, value, f"Password of the {title} of {site.deployment}")


def kept(value: str) -> Sensitive:
    """A plain value in the form that a secret takes."""
    return Sensitive(hashlib.sha256(value.encode()).hexdigest(), lambda: value)
