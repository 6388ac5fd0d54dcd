"""Choices about data that no starter makes, replayed whole: they stand, stay, and are what AWS shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.acceptance.practice import Finished, Practice
from tests.acceptance.test_trouble import client

SHOP = """
blueprint: 1
name: shop
region: us-east-1
network: {kind: new-vpc, nat: one}
database: {kind: aurora-postgres, password: rotated}
storage:
  objects: {kind: s3, versioning: true, lifecycle: [{old_versions_after_days: 30}]}
  files: {kind: efs, to_ia_after_days: 30}
secrets:
  user: {composed: database-username}
  password: {composed: database-password}
  token: {store: ssm, optional: true, aws_name: /shop/token}
services:
  web:
    containers:
      web:
        image: public.ecr.aws/nginx/nginx:1.29
        secrets: {DB_USER: user, DB_PASSWORD: password, TOKEN: token}
        mounts: {files: /srv}
"""


def replay(practice: Practice, file: Path, **secrets: Any) -> Finished:
    return practice.run("replay", str(file), "--sandbox", "--yes", "--json", **secrets)


def variables(practice: Practice) -> set[str]:
    ecs = client(practice, "ecs")
    task = ecs.describe_task_definition(taskDefinition="shop-main-web")["taskDefinition"]
    return {each["name"] for each in task["containerDefinitions"][0]["secrets"]}


def test_they_stand_and_stay_and_an_optional_parameter_comes_with_its_value(practice: Practice, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    first = replay(practice, file)
    assert (first.code, first.last["verdict"]) == (0, "ok"), first.stderr
    assert replay(practice, file).last["verdict"] == "no_changes"
    assert variables(practice) == {"DB_USER", "DB_PASSWORD"}
    assert_as_chosen(practice)
    with_token = replay(practice, file, PILOTAGE_SECRET_TOKEN="a-token")
    assert (with_token.code, with_token.last["verdict"]) == (0, "ok"), with_token.stderr
    assert variables(practice) == {"DB_USER", "DB_PASSWORD", "TOKEN"}
    before = practice.last_call()
    assert replay(practice, file).last["verdict"] == "no_changes", "the value that is kept is enough"
    assert not [call for call in practice.calls_since(before) if call["mutating"]]


def assert_as_chosen(practice: Practice) -> None:
    rds, efs, s3 = (client(practice, name) for name in ("rds", "efs", "s3"))
    (cluster,) = rds.describe_db_clusters()["DBClusters"]
    assert cluster["MasterUserSecret"]["SecretArn"]
    (files,) = efs.describe_file_systems()["FileSystems"]
    policies: Any = efs.describe_lifecycle_configuration(FileSystemId=files["FileSystemId"])["LifecyclePolicies"]
    assert policies == [{"TransitionToIA": "AFTER_30_DAYS"}]
    (bucket,) = [one["Name"] for one in s3.list_buckets()["Buckets"] if one["Name"].startswith("shop-")]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert {"NoncurrentDays": 30} in [rule.get("NoncurrentVersionExpiration") for rule in rules]
