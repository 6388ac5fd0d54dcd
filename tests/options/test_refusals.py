"""A choice that nothing serves yet is refused in four parts, before anything is made."""

from __future__ import annotations

import pytest

from tests.options.starters import expansion, graph, starter, written
from wizard.blueprint.model import Right
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


def refusal(extra: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        expand(expansion(written(BASE + extra)))
    return caught.value


@pytest.mark.parametrize(
    ("extra", "what", "nearest"),
    [
        ("storage: {files: {kind: efs, to_ia_after_days: 30}}", "storage.files.to_ia_after_days", "to_ia_after_days"),
        ("secrets: {key: {store: ssm, optional: true}}", "secrets.key.optional", "secrets-manager"),
        ("database: {kind: rds-postgres, max_storage_gib: 100}", "database.max_storage_gib", "storage_gib"),
        ("database: {kind: aurora-postgres, password: rotated}", "database.password", "password: generated"),
        (
            "storage: {files: {kind: s3, lifecycle: [{old_versions_after_days: 30}]}}",
            "storage.files.lifecycle",
            "old_versions_after_days",
        ),
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


@pytest.mark.parametrize(
    ("setting", "place"),
    [
        ("services.backend.deploy.strategy=canary", "services.backend.deploy.strategy"),
        ("services.backend.migrate={container: backend, command: [migrate]}", "services.backend.migrate"),
    ],
)
def test_settings_inside_a_served_choice_are_not_left_out_silently(setting: str, place: str) -> None:
    with pytest.raises(UsageError, match=place):
        graph("fasttriage", "dev", setting)


def test_a_right_to_what_this_deployment_does_not_have_is_refused() -> None:
    blueprint = starter("fasttriage", "dev")
    right = Right(to="broker", allow=("send",))
    services = {name: each.model_copy(update={"rights": (right,)}) for name, each in blueprint.services.items()}
    with pytest.raises(UsageError, match="a right to `broker`") as caught:
        expand(expansion(blueprint.model_copy(update={"services": services}), "dev"))
    assert "artifacts" in caught.value.next_step


def test_every_option_serves_a_known_section_and_no_two_serve_the_same_choice() -> None:
    served = [(option.section, option.kind) for option in all_options()]
    assert len(served) == len(set(served))
    assert {section for section, _ in served} <= set(SECTIONS)
