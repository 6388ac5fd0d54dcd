"""Clusters, task definitions, one-off tasks, interfaces and tags of the sandbox's ECS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.sandbox.ecs_account import REGISTRY, Account, fresh_account, task_definition
from wizard.sandbox import ecs
from wizard.sandbox.handling import Refused

account = fresh_account

WEB = {"name": "web", "image": "public.ecr.aws/nginx/nginx:1"}
TAG = [{"key": "pilotage:deployment", "value": "app/main"}]


def test_creating_a_cluster_again_returns_it(account: Account) -> None:
    first = account.call("CreateCluster", clusterName="blue", tags=TAG)["cluster"]
    again = account.call("CreateCluster", clusterName="blue")["cluster"]
    assert again["clusterArn"] == first["clusterArn"]
    found = account.call("DescribeClusters", clusters=["blue", "red"], include=["TAGS"])
    assert found["clusters"][0]["tags"] == TAG
    assert found["failures"][0]["reason"] == "MISSING"


def test_a_cluster_is_deleted_only_when_empty_and_stays_visible_as_inactive(account: Account) -> None:
    account.create(account.register())
    with pytest.raises(Refused, match="ClusterContainsServicesException"):
        account.call("DeleteCluster", cluster="main")
    account.call("DeleteService", cluster="main", service="app", force=True)
    account.wait(120)
    account.call("DeleteCluster", cluster="main")
    assert account.call("DescribeClusters", clusters=["main"])["clusters"][0]["status"] == "INACTIVE"
    assert account.call("ListClusters")["clusterArns"] == []


def test_a_capacity_provider_must_belong_to_the_cluster(account: Account) -> None:
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    params: dict[str, Any] = {
        "cluster": "main",
        "serviceName": "spot",
        "taskDefinition": account.register(),
        "networkConfiguration": account.network(),
        "capacityProviderStrategy": strategy,
    }
    with pytest.raises(Refused, match="not associated with the cluster"):
        account.call("CreateService", **params)
    account.call(
        "PutClusterCapacityProviders",
        cluster="main",
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[],
    )
    assert account.call("CreateService", **params)["service"]["capacityProviderStrategy"] == strategy
    account.wait(30)
    assert account.tasks(name="spot")[0]["capacityProviderName"] == "FARGATE_SPOT"


def test_revisions_count_up_and_are_never_used_twice(account: Account) -> None:
    first, second = account.register(), account.register()
    assert (first[-5:], second[-5:]) == ("app:1", "app:2")
    account.call("DeregisterTaskDefinition", taskDefinition=second)
    account.call("DeleteTaskDefinitions", taskDefinitions=[second])
    assert account.register().endswith("app:3")
    with pytest.raises(Refused, match="Unable to describe task definition"):
        account.call("DescribeTaskDefinition", taskDefinition=second)


def test_a_family_means_its_latest_active_revision(account: Account) -> None:
    account.register()
    second, third = account.register(), account.register()
    account.call("DeregisterTaskDefinition", taskDefinition=third)
    assert account.call("DescribeTaskDefinition", taskDefinition="app")["taskDefinition"]["taskDefinitionArn"] == second
    inactive = account.call("DescribeTaskDefinition", taskDefinition="app:3")["taskDefinition"]
    assert inactive["status"] == "INACTIVE"
    assert inactive["deregisteredAt"]


def test_revisions_are_listed_by_exact_family_in_either_order_and_in_pages(account: Account) -> None:
    for _ in range(3):
        account.register()
    account.call("RegisterTaskDefinition", **task_definition(WEB, family="app2"))
    newest = account.call("ListTaskDefinitions", familyPrefix="app", sort="DESC", maxResults=2)
    assert [arn[-5:] for arn in newest["taskDefinitionArns"]] == ["app:3", "app:2"]
    rest = account.call("ListTaskDefinitions", familyPrefix="app", sort="DESC", nextToken=newest["nextToken"])
    assert [arn[-5:] for arn in rest["taskDefinitionArns"]] == ["app:1"]
    assert account.call("ListTaskDefinitionFamilies", familyPrefix="app")["families"] == ["app", "app2"]


def test_a_registered_definition_is_read_back_whole(account: Account) -> None:
    container = WEB | {
        "secrets": [{"name": "A", "valueFrom": "/a"}],
        "healthCheck": {"command": ["CMD", "true"], "interval": 10},
        "readonlyRootFilesystem": True,
        "user": "1000",
    }
    account.call("RegisterTaskDefinition", **task_definition(container, tags=TAG, ephemeralStorage={"sizeInGiB": 30}))
    answer = account.call("DescribeTaskDefinition", taskDefinition="app", include=["TAGS"])
    found = answer["taskDefinition"]
    assert answer["tags"] == TAG
    assert {key: found["containerDefinitions"][0][key] for key in container} == container
    assert found["ephemeralStorage"] == {"sizeInGiB": 30}
    assert "FARGATE" in found["compatibilities"]
    assert {"name": "ecs.capability.secrets.ssm.environment-variables"} in found["requiresAttributes"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"cpu": "300"}, "No Fargate configuration exists for given values: 300 CPU, 512 memory"),
        ({"cpu": "8192", "memory": "17408"}, "No Fargate configuration exists"),
        ({"networkMode": "bridge"}, "Fargate only supports network mode 'awsvpc'"),
        ({"memory": ""}, "requires that 'memory' be defined"),
        ({"containerDefinitions": [WEB, WEB]}, "unique"),
        ({"containerDefinitions": [WEB | {"essential": False}]}, "at least one essential container"),
        ({"executionRoleArn": "arn:aws:iam::123456789012:role/nobody"}, "Role is not valid"),
        ({"executionRoleArn": "", "containerDefinitions": [WEB | {"image": f"{REGISTRY}/app:1"}]}, "ECR images"),
        ({"ephemeralStorage": {"sizeInGiB": 500}}, "between 21 and 200"),
    ],
)
def test_a_definition_that_aws_refuses_is_refused(account: Account, change: dict[str, Any], refusal: str) -> None:
    with pytest.raises(Refused, match=refusal) as refused:
        account.call("RegisterTaskDefinition", **task_definition(WEB) | change)
    assert refused.value.code == "ClientException"


@pytest.mark.parametrize(("cpu", "memory"), [("256", "512"), (".25 vCPU", "1 GB"), ("32768", "61440")])
def test_sizes_of_fargate_are_accepted(account: Account, cpu: str, memory: str) -> None:
    answer = account.call("RegisterTaskDefinition", **task_definition(WEB, cpu=cpu, memory=memory))
    assert answer["taskDefinition"]["cpu"] == cpu


@pytest.mark.parametrize(("tag", "exit_code"), [("v1", 0), ("v1-crash", 1)])
def test_a_one_off_task_runs_and_exits(account: Account, tag: str, exit_code: int) -> None:
    definition = account.register(account.push(tag))
    task = account.call(
        "RunTask",
        cluster="main",
        taskDefinition=definition,
        launchType="FARGATE",
        networkConfiguration=account.network(),
        overrides={"containerOverrides": [{"name": "web", "command": ["migrate"]}]},
        startedBy="pilotage",
    )["tasks"][0]
    account.wait(120)
    found = account.call("DescribeTasks", cluster="main", tasks=[task["taskArn"]])["tasks"][0]
    assert (found["lastStatus"], found["stopCode"]) == ("STOPPED", "EssentialContainerExited")
    assert found["containers"][0]["exitCode"] == exit_code
    assert found["overrides"]["containerOverrides"][0]["command"] == ["migrate"]


@pytest.mark.parametrize(("tag", "word", "exit_code"), [("v2-badmigration", "upgrade", 1), ("v1", "fail", 1)])
def test_a_one_off_task_fails_by_the_tag_of_its_image_or_a_word_of_its_command(
    account: Account, tag: str, word: str, exit_code: int
) -> None:
    task = account.call("RunTask", **one_off(account, account.register(account.push(tag)), word))["tasks"][0]
    account.wait(120)
    found = account.call("DescribeTasks", cluster="main", tasks=[task["taskArn"]])["tasks"][0]
    assert found["containers"][0]["exitCode"] == exit_code


def test_the_same_token_starts_one_task_and_refuses_another_request(account: Account) -> None:
    request = one_off(account, account.register(account.push("v1")), "upgrade") | {"clientToken": "once"}
    first, second = (account.call("RunTask", **request)["tasks"][0]["taskArn"] for _ in range(2))
    assert first == second
    with pytest.raises(Refused) as refused:
        account.call("RunTask", **request | {"startedBy": "somebody"})
    assert refused.value.code == "ConflictException"


def one_off(account: Account, definition: str, word: str) -> dict[str, Any]:
    """A RunTask with a command of its own."""
    return {
        "cluster": "main",
        "taskDefinition": definition,
        "launchType": "FARGATE",
        "networkConfiguration": account.network(),
        "overrides": {"containerOverrides": [{"name": "web", "command": ["migrate", word]}]},
    }


def test_a_stopped_task_is_replaced_and_forgotten_after_an_hour(account: Account) -> None:
    account.create(account.register())
    account.seconds_until("SUCCESSFUL")
    arn = account.tasks()[0]["taskArn"]
    account.call("StopTask", cluster="main", task=arn, reason="rehearsal")
    account.wait(60)
    stopped = account.call("DescribeTasks", cluster="main", tasks=[arn])["tasks"][0]
    assert (stopped["stopCode"], stopped["stoppedReason"]) == ("UserInitiated", "rehearsal")
    assert [task["taskArn"] for task in account.tasks()] != [arn]
    assert account.service()["runningCount"] == 1
    account.wait(3700)
    assert account.call("DescribeTasks", cluster="main", tasks=[arn])["failures"][0]["reason"] == "MISSING"


def test_the_interface_of_a_task_lives_in_its_subnet_until_the_task_has_stopped(account: Account) -> None:
    account.create(account.register(), desiredCount=2)
    account.wait(60)
    shown = ecs.network_interfaces()
    assert {entry["SubnetId"] for entry in shown} == set(account.subnets)
    assert len({entry["PrivateIpAddress"] for entry in shown}) == 2
    assert all(entry["Groups"] == [{"GroupId": account.group, "GroupName": "tasks"}] for entry in shown)
    account.call("DeleteService", cluster="main", service="app", force=True)
    account.wait(10)
    assert len(ecs.network_interfaces()) == 2
    account.wait(60)
    assert ecs.network_interfaces() == []


def test_tags_can_be_added_read_and_removed_and_are_in_the_tagging_api(account: Account) -> None:
    arn = account.create(account.register(), tags=TAG)["serviceArn"]
    account.call("TagResource", resourceArn=arn, tags=[{"key": "team", "value": "blue"}])
    account.call("UntagResource", resourceArn=arn, tagKeys=["pilotage:deployment"])
    assert account.call("ListTagsForResource", resourceArn=arn)["tags"] == [{"key": "team", "value": "blue"}]
    assert {"ResourceARN": arn, "Tags": [{"Key": "team", "Value": "blue"}]} in ecs.tagged_resources()
    with pytest.raises(Refused, match="not found"):
        account.call("ListTagsForResource", resourceArn=arn + "x")


def test_the_inventory_shows_what_is_left_with_its_status(account: Account) -> None:
    account.create(account.register())
    account.call("DeleteService", cluster="main", service="app", force=True)
    account.wait(120)
    left = {(entry["type"], entry["status"]) for entry in ecs.inventory()}
    assert left >= {("cluster", "ACTIVE"), ("service", "INACTIVE"), ("task-definition", "ACTIVE")}
    ecs.reset()
    assert ecs.inventory() == []


def test_a_change_of_pace_keeps_the_times_of_what_was_before(account: Account) -> None:
    created = account.create(account.register())["createdAt"]
    account.wait(30)
    account.clock = replace(account.clock, scale=60.0)
    assert account.service()["createdAt"] == created
    account.wait(2)
    assert account.seconds_until("SUCCESSFUL") == 0
