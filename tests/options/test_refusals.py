"""A choice that nothing serves yet is refused in four parts, before anything is made."""

from __future__ import annotations

import pytest

from tests.options.starters import expansion, graph, written
from wizard.errors import UsageError
from wizard.options import expand
from wizard.options.registry import SECTIONS, all_options

BASE = """
blueprint: 1
name: shop
region: us-east-1
network: {kind: new-vpc, tasks: public}
services:
  web:
    containers:
      web: {image: "ghcr.io/owner/shop:1", port: 8080}
"""


def refusal(extra: str, *, without: str = "") -> UsageError:
    assert without in BASE
    with pytest.raises(UsageError) as caught:
        expand(expansion(written(BASE.replace(without, "") + extra)))
    return caught.value


@pytest.mark.parametrize(
    ("extra", "what", "nearest"),
    [
        ("database: {kind: rds-postgres}", "database.kind", "kind: external"),
        ("database: {kind: documentdb}", "database.kind", "kind: external"),
        ("broker: {kind: sqs}", "broker.kind", "kind: amazon-mq"),
        ("storage: {files: {kind: efs}}", "storage.files.kind", "kind: s3"),
        ("identity: {kind: cognito}", "identity.kind", "Remove"),
        ("observability: {alarms: true}", "observability.alarms", "alarms: false"),
        ("observability: {budget_usd: 50}", "observability.budget_usd", "budget_usd"),
        ("hardening: {cloudtrail: true}", "hardening.cloudtrail", "cloudtrail: false"),
        ("storage: {files: {kind: s3, encryption: kms}}", "storage.files.encryption", "sse-s3"),
        ("secrets: {key: {store: ssm}}", "secrets.key.store", "secrets-manager"),
        ("delivery: {github: {repository: owner/shop}}", "delivery.github", "github"),
    ],
)
def test_what_cannot_be_made_is_named_with_the_reason_and_the_nearest_choice(
    extra: str, what: str, nearest: str
) -> None:
    error = refusal(extra)
    assert what in error.summary
    assert error.evidence
    assert "AWS was not called" in error.safe
    assert nearest in error.next_step
    assert error.exit_code == 2


def test_a_network_that_is_left_out_is_the_default_vpc_which_is_not_served() -> None:
    error = refusal("", without="network: {kind: new-vpc, tasks: public}\n")
    assert "network.kind" in error.summary
    assert "kind: new-vpc" in error.next_step
    assert "kind: existing-vpc" in error.next_step


@pytest.mark.parametrize(
    ("setting", "place"),
    [
        ("services.backend.deploy.strategy=canary", "services.backend.deploy.strategy"),
        ("services.backend.autoscaling={max: 3, cpu: 70}", "services.backend.autoscaling"),
        ("ingress.waf=true", "ingress.waf"),
        ("network.flow_logs_days=30", "network.flow_logs_days"),
    ],
)
def test_settings_inside_a_served_choice_are_not_left_out_silently(setting: str, place: str) -> None:
    with pytest.raises(UsageError, match=place):
        graph("fasttriage", "dev", setting)


def test_a_right_to_what_is_no_bucket_is_refused() -> None:
    with pytest.raises(UsageError, match="a right to `bedrock`") as caught:
        graph("fasttriage", "dev", "services.worker.rights=[{to: bedrock, allow: [invoke]}]")
    assert "artifacts" in caught.value.next_step


def test_every_option_serves_a_known_section_and_no_two_serve_the_same_choice() -> None:
    served = [(option.section, option.kind) for option in all_options()]
    assert len(served) == len(set(served))
    assert {section for section, _ in served} <= set(SECTIONS)
