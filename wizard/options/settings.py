"""Settings inside a served choice that no option makes yet: refused at once, never left out silently.

The option that learns to make one removes its row here.
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.blueprint.model import S3, Alb, Blueprint, EcsFargate, NewVpc
from wizard.options.refusal import unserved

Row = tuple[bool, str, str, str]
"""Whether it is asked for, its path in the blueprint, what it is, and what to write instead."""


def refuse_unserved(blueprint: Blueprint) -> None:
    """Raise UsageError for the first setting that no option makes."""
    for asked, place, what, nearest in (*_sections(blueprint), *_services(blueprint), *_data(blueprint)):
        if asked:
            raise unserved(place, what, nearest)


def _sections(blueprint: Blueprint) -> Iterator[Row]:
    watch, harden, ingress, network = (
        blueprint.observability,
        blueprint.hardening,
        blueprint.ingress,
        blueprint.network,
    )
    yield (
        isinstance(network, NewVpc) and network.flow_logs_days is not None,
        "network.flow_logs_days",
        "a record of network traffic",
        "Leave `flow_logs_days` out.",
    )
    yield isinstance(ingress, Alb) and ingress.waf, "ingress.waf", "AWS WAF", "Set `waf: false`."
    yield watch.alarms is not None, "observability.alarms", "alarms", "Set `alarms: false`."
    yield watch.email is not None, "observability.email", "e-mail about alarms", "Leave `email` out."
    yield watch.budget_usd is not None, "observability.budget_usd", "a budget", "Leave `budget_usd` out."
    yield harden.preset != "none", "hardening.preset", f"the preset {harden.preset}", "Set `preset: none`."
    yield harden.cloudtrail, "hardening.cloudtrail", "CloudTrail", "Set `cloudtrail: false`."
    yield harden.kms, "hardening.kms", "an own KMS key", "Set `kms: false`: AWS's own keys encrypt at no cost."
    yield blueprint.delivery.github is not None, "delivery.github", "the role for GitHub", "Leave `github` out."


def _services(blueprint: Blueprint) -> Iterator[Row]:
    for name, service in blueprint.services.items():
        if not isinstance(service, EcsFargate):
            continue
        place = f"services.{name}"
        strategy = service.deploy.strategy
        yield (
            service.autoscaling is not None,
            f"{place}.autoscaling",
            "autoscaling",
            "Leave `autoscaling` out and set `count`.",
        )
        yield service.migrate is not None, f"{place}.migrate", "a migration step", "Run it at the container's start."
        yield strategy != "rolling", f"{place}.deploy.strategy", f"`{strategy}`", "Set `strategy: rolling`."


def _data(blueprint: Blueprint) -> Iterator[Row]:
    for name, secret in blueprint.secrets.items():
        yield (
            secret.store == "ssm" and secret.existing_arn is None,
            f"secrets.{name}.store",
            "an SSM parameter",
            "Set `store: secrets-manager`.",
        )
    for name, storage in blueprint.storage.items():
        if not isinstance(storage, S3):
            continue
        place = f"storage.{name}"
        yield storage.encryption == "kms", f"{place}.encryption", "an own KMS key", "Set `encryption: sse-s3`."
        yield (
            any(rule.old_versions_after_days for rule in storage.lifecycle),
            f"{place}.lifecycle",
            "removal of old versions",
            "Leave `old_versions_after_days` out.",
        )
