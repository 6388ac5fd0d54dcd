"""A repository that several environments share: the first makes it, the last one out may delete it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kinds.driver import Account, Builder
from wizard.engine.graph import Resource
from wizard.engine.kind import Live
from wizard.engine.world import owned
from wizard.kinds.registry import all_kinds

KIND = all_kinds()["repository"]
WANTED = Resource(
    "repository",
    "api",
    {"name": "shop/api", "scan_on_push": True, "immutable_tags": False, "encryption": "aes256", "user": True},
)


def use(account: Account, deployment: str) -> Live:
    return Builder(account, account.context(deployment)).converge(WANTED)


def leave(account: Account, deployment: str) -> None:
    builder = Builder(account, account.context(deployment))
    (live,) = builder.look(KIND, WANTED.address, WANTED.properties)
    builder.remove(KIND, live)


def tags(account: Account) -> dict[str, str]:
    arn = f"arn:aws:ecr:us-east-1:{account.id}:repository/shop/api"
    found = account.aws.read("ecr", "list_tags_for_resource", resourceArn=arn)["tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def exists(account: Account) -> bool:
    found = account.aws.read("ecr", "describe_repositories")["repositories"]
    return "shop/api" in [one["repositoryName"] for one in found]


def changes(account: Account, deployment: str) -> list[str]:
    before = len(account.calls)
    use(account, deployment)
    return [call.operation for call in account.calls[before:] if call.mutating]


def test_the_first_environment_makes_it_with_its_mark_in_the_create_call(account: Account) -> None:
    assert changes(account, "shop/dev") == ["CreateRepository"]
    assert tags(account)["pilotage:used-by:dev"] == "shop/dev"


def test_the_second_environment_only_adds_its_mark(account: Account) -> None:
    use(account, "shop/dev")
    assert changes(account, "shop/prod") == ["TagResource"]
    assert tags(account)["pilotage:deployment"] == "shop/dev"
    assert changes(account, "shop/prod") == []


def test_before_it_uses_it_the_second_environment_sees_the_first_as_owner(account: Account) -> None:
    use(account, "shop/dev")
    (live,) = KIND.read_many(account.context("shop/prod"), {WANTED.address: WANTED.properties})
    assert live.owner == "shop/dev"
    assert owned(KIND, live, "shop/prod")


@pytest.mark.parametrize(("leaver", "stayer"), [("shop/dev", "shop/prod"), ("shop/prod", "shop/dev")])
def test_whoever_leaves_first_takes_only_its_mark_and_the_other_owns_it(
    account: Account, leaver: str, stayer: str
) -> None:
    use(account, "shop/dev")
    use(account, "shop/prod")
    leave(account, leaver)
    assert exists(account)
    assert tags(account)["pilotage:deployment"] == stayer
    assert changes(account, stayer) == []
    assert account.context(stayer).index.arns("repository").keys() == {WANTED.address}


def test_the_last_one_out_deletes_it_with_its_images(account: Account) -> None:
    use(account, "shop/dev")
    use(account, "shop/prod")
    manifest = '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []}'
    account.aws.write("ecr", "put_image", repositoryName="shop/api", imageTag="v1", imageManifest=manifest)
    leave(account, "shop/dev")
    leave(account, "shop/prod")
    assert not exists(account)


def test_another_application_may_not_touch_it(account: Account) -> None:
    use(account, "shop/dev")
    (live,) = KIND.read_many(account.context("bank/dev"), {WANTED.address: WANTED.properties})
    assert not owned(KIND, live, "bank/dev")


def test_one_absent_repository_does_not_hide_the_others(account: Account) -> None:
    use(account, "shop/dev")
    other: dict[str, Any] = {**WANTED.properties, "name": "shop/web"}
    wanted = {WANTED.address: WANTED.properties, "repository.web": other}
    assert [live.address for live in KIND.read_many(account.context(), wanted)] == [WANTED.address]


@pytest.mark.parametrize("name", ["Shop/api", "shop//api", "s", "shop/-api"])
def test_names_that_aws_refuses_are_problems(name: str) -> None:
    assert KIND.problems({"name": name})
