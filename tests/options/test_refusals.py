"""A choice that nothing serves yet is refused in four parts, before anything is made."""

from __future__ import annotations

import pytest

from tests.options.starters import expansion, starter, written
from wizard.blueprint.model import Right, Secret
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


def test_a_secret_of_a_part_that_is_not_there_is_refused_with_the_nearest_choice() -> None:
    blueprint = written(BASE + "secrets: {address: {}}")
    secrets = {"address": Secret(composed="broker-uri")}
    with pytest.raises(UsageError) as caught:
        expand(expansion(blueprint.model_copy(update={"secrets": secrets})))
    error = caught.value
    assert "secrets.address.composed" in error.summary
    assert error.evidence
    assert "AWS was not called" in error.safe
    assert "ADDRESS" in error.next_step
    assert error.exit_code == 2


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
