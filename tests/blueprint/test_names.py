"""Names in AWS follow from the blueprint alone, and are such that AWS takes them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.blueprint.samples import BLUEPRINTS
from wizard.blueprint.document import load
from wizard.blueprint.environments import resolve
from wizard.blueprint.model import NameRules
from wizard.blueprint.names import PART_KINDS, Names, shorten

ACCOUNT = "123456789012"


def names_of(starter: str, env: str | None = None) -> Names:
    blueprint, name = resolve(load(BLUEPRINTS / f"{starter}.yaml"), env)
    return Names(blueprint.name, name, ACCOUNT, blueprint.region, blueprint.names)


@pytest.mark.parametrize("env", ["dev", "prod"])
def test_fasttriage_is_called_as_its_document_says(env: str) -> None:
    names = names_of("fasttriage", env)
    expected = {
        "vpc": f"fasttriage-{env}-vpc",
        "cluster": f"fasttriage-{env}-cluster",
        "alb": f"fasttriage-{env}-alb",
        "repository.backend": "fasttriage-backend",
        "repository.llm-worker": "fasttriage-llm-worker",
        "log_group.backend": f"/ecs/fasttriage-{env}-backend",
        "log_group.worker": f"/ecs/fasttriage-{env}-worker",
    }
    assert {part: names.of(part) for part in expected} == expected
    assert re.fullmatch(rf"fasttriage-{env}-artifacts-[0-9a-f]{{8}}", names.of("bucket.artifacts"))


def test_carepolicy_is_called_as_its_document_says() -> None:
    names = names_of("carepolicy-hub")
    expected = {
        "repository.carepolicy-hub": "carepolicy-hub",
        "secret.secret-key": "carepolicy-hub/secret-key",
        "secret.groq-api-key": "carepolicy-hub/groq-api-key",
        "secret.google-client-id": "carepolicy-hub/google-client-id",
        "log_group.carepolicy-hub": "/ecs/carepolicy-hub",
    }
    assert {part: names.of(part) for part in expected} == expected


def test_the_most_exact_rule_wins() -> None:
    rules = NameRules(pattern="{app}-{env}-{part}", parts={"service": "{pattern}-svc", "service.web": "{app}-front"})
    names = Names("shop", "dev", ACCOUNT, "us-east-1", rules)
    assert names.of("service.web") == "shop-front"
    assert names.of("service.job") == "shop-dev-job-svc"
    assert names.of("security_group.alb") == "shop-dev-alb-sg"


def test_the_suffix_of_a_bucket_tells_accounts_and_regions_apart_and_is_repeatable() -> None:
    def bucket(account: str, region: str) -> str:
        return Names("shop", "dev", account, region, NameRules()).of("bucket.files")

    assert bucket(ACCOUNT, "us-east-1") == bucket(ACCOUNT, "us-east-1")
    assert len({bucket(ACCOUNT, "us-east-1"), bucket(ACCOUNT, "eu-west-1"), bucket("0" * 12, "us-east-1")}) == 3


def test_a_long_bucket_name_keeps_its_suffix() -> None:
    names = Names("a" * 24, "production", ACCOUNT, "us-east-1", NameRules())
    name = names.of(f"bucket.{'b' * 40}")
    assert len(name) <= 63
    assert name.endswith(names.suffix)


LOWER = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=24)


@given(app=LOWER, env=LOWER.map(lambda each: each[:12]), part=LOWER, kind=st.sampled_from(sorted(PART_KINDS)))
def test_every_derived_name_is_one_that_aws_accepts(app: str, env: str, part: str, kind: str) -> None:
    rule = PART_KINDS[kind]
    name = Names(app, env, ACCOUNT, "us-east-1", NameRules()).of(f"{kind}.{part}")
    assert len(name) <= rule.limit
    assert re.fullmatch(rule.allowed, name)


@given(one=st.text("abc-", min_size=40, max_size=60), other=st.text("abc-", min_size=40, max_size=60))
def test_shortened_names_stay_apart(one: str, other: str) -> None:
    assert (shorten(one, 32) == shorten(other, 32)) == (one == other)
    assert len(shorten(one, 32)) <= 32


def test_a_limit_can_be_tighter_than_the_one_of_the_kind() -> None:
    names = Names("shop", "dev", ACCOUNT, "us-east-1", NameRules())
    assert len(names.of("role.something-rather-long-indeed", limit=20)) == 20
