"""Secrets in Secrets Manager or SSM: given by a person, made up once, or composed from what this deployment makes."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.checks.data import source_of
from wizard.blueprint.model import Secret
from wizard.blueprint.names import Names
from wizard.engine.graph import Resource
from wizard.engine.values import SecretInput
from wizard.options.refusal import unserved
from wizard.options.site import Site, Value


def add(site: Site) -> Site:
    """Add the secrets that the blueprint names and no earlier step made."""
    made: list[Resource] = []
    secrets: dict[str, Value] = dict(site.secrets)
    for name, secret in site.blueprint.secrets.items():
        if name in secrets:
            continue
        if secret.existing_arn is not None:
            secrets[name] = secret.existing_arn
            continue
        if secret.optional and not _has_value(site, name, secret):
            continue
        resource = stored(site, name, secret, _value(site, name, secret), f"{name} of {site.deployment}")
        made.append(resource)
        secrets[name] = resource.ref("arn")
    return site.plus(*made, secrets=secrets)


def stored(site: Site, name: str, secret: Secret, value: Any, description: str) -> Resource:
    """A value where the blueprint wants it: a secret of Secrets Manager, or a parameter of SSM."""
    return Resource(
        kind_of(secret),
        name,
        {
            "name": aws_name(site.expansion.names, name, secret),
            "value": value,
            "description": description,
            **site.seal(),
        },
    )


def kind_of(secret: Secret) -> str:
    """The kind of resource that keeps it."""
    return "parameter" if secret.store == "ssm" else "secret"


def aws_name(names: Names, name: str, secret: Secret) -> str:
    """Its name in AWS."""
    return secret.aws_name or names.of(f"{kind_of(secret)}.{name}")


def _has_value(site: Site, name: str, secret: Secret) -> bool:
    """An optional secret exists while a value is given or AWS still holds the one that was."""
    given, present = site.expansion.given_secrets, site.expansion.present_secrets
    return source_of(name, secret) in given or aws_name(site.expansion.names, name, secret) in present


def _value(site: Site, name: str, secret: Secret) -> Any:
    if secret.composed is None:
        return SecretInput(source_of(name, secret), secret.generate.length if secret.generate else None)
    if secret.composed not in site.composed:
        raise unserved(
            f"secrets.{name}.composed",
            f"`{secret.composed}` of a part that this deployment does not have",
            f"Remove `composed` and give the value as {source_of(name, secret)}.",
        )
    return site.composed[secret.composed]
