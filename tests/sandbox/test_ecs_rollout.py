"""Services of the sandbox roll out as on AWS: tasks come up, targets turn healthy, old tasks go only then."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ecs_account import Account, fresh_account
from wizard.sandbox.handling import Refused

account = fresh_account


def ready_targets(account: Account, group: str) -> int:
    return sum(entry["TargetHealth"]["State"] == "healthy" for entry in account.target_health(group))


def test_a_first_deployment_behind_a_load_balancer_succeeds_within_three_minutes(account: Account) -> None:
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=30)
    account.create(account.register(), group=group, healthCheckGracePeriodSeconds=60)
    assert account.deployment()["status"] == "PENDING"
    assert 120 <= account.seconds_until("SUCCESSFUL") < 180
    service = account.service()
    assert [service[key] for key in ("runningCount", "pendingCount", "desiredCount")] == [1, 0, 1]
    assert [entry["rolloutState"] for entry in service["deployments"]] == ["COMPLETED"]
    assert account.events()[0] == "(service app) has reached a steady state."


def test_even_with_the_default_health_check_it_takes_less_than_three_minutes(account: Account) -> None:
    account.create(account.register(), group=account.target_group())
    assert account.seconds_until("SUCCESSFUL") < 180


def test_a_worker_without_load_balancer_succeeds_after_about_ninety_seconds(account: Account) -> None:
    account.create(account.register())
    assert 80 <= account.seconds_until("SUCCESSFUL") <= 100


def test_a_task_passes_through_its_states_and_its_target_with_it(account: Account) -> None:
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=30)
    account.create(account.register(), group=group)
    seen: list[tuple[str, tuple[str, ...]]] = []
    for _ in range(120):
        account.wait(1)
        for task in account.tasks():
            targets = tuple(
                entry["TargetHealth"].get("Reason", entry["TargetHealth"]["State"])
                for entry in account.target_health(group)
            )
            if not seen or seen[-1] != (task["lastStatus"], targets):
                seen.append((task["lastStatus"], targets))
    assert seen == [
        ("PROVISIONING", ()),
        ("PENDING", ()),
        ("ACTIVATING", ()),
        ("RUNNING", ("Elb.RegistrationInProgress",)),
        ("RUNNING", ("Elb.InitialHealthChecking",)),
        ("RUNNING", ("healthy",)),
    ]


def test_an_update_keeps_the_old_tasks_until_the_new_ones_are_healthy(account: Account) -> None:
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=15)
    account.create(account.register(), group=group, desiredCount=2)
    account.seconds_until("SUCCESSFUL")
    second = account.register()
    account.update(taskDefinition=second)
    states = set()
    while account.deployment()["status"] != "SUCCESSFUL":
        assert ready_targets(account, group) >= 2
        states |= {(entry["status"], entry["taskDefinition"][-5:]) for entry in account.service()["deployments"]}
        account.wait(5)
    assert states == {("PRIMARY", "app:2"), ("ACTIVE", "app:1")}
    assert {task["taskDefinitionArn"] for task in account.tasks()} == {second}
    assert account.service()["taskDefinition"] == second


@pytest.mark.parametrize(("minimum", "maximum"), [(100, 200), (50, 100), (50, 150), (0, 100)])
def test_the_bounds_of_the_deployment_configuration_hold_all_the_time(
    account: Account, minimum: int, maximum: int
) -> None:
    bounds = {"minimumHealthyPercent": minimum, "maximumPercent": maximum}
    account.create(account.register(), desiredCount=4, deploymentConfiguration=bounds)
    account.seconds_until("SUCCESSFUL")
    account.update(taskDefinition=account.register())
    while account.deployment()["status"] != "SUCCESSFUL":
        tasks = account.tasks()
        assert sum(task["lastStatus"] == "RUNNING" for task in tasks) >= 4 * minimum / 100
        assert len(tasks) <= 4 * maximum / 100
        account.wait(5)


def test_a_changed_count_only_scales(account: Account) -> None:
    account.create(account.register())
    account.seconds_until("SUCCESSFUL")
    account.update(desiredCount=3)
    account.wait(120)
    assert account.service()["runningCount"] == 3
    account.update(desiredCount=1)
    account.wait(120)
    assert account.service()["runningCount"] == 1
    assert len(account.call("ListServiceDeployments", cluster="main", service="app")["serviceDeployments"]) == 1


def test_the_same_task_definition_deploys_again_only_when_forced(account: Account) -> None:
    definition = account.register()
    account.create(definition)
    account.seconds_until("SUCCESSFUL")
    account.update(taskDefinition=definition)
    assert account.deployment()["status"] == "SUCCESSFUL"
    account.update(forceNewDeployment=True)
    assert account.deployment()["status"] == "PENDING"
    assert account.seconds_until("SUCCESSFUL") > 60


def test_a_newer_deployment_supersedes_the_one_in_flight(account: Account) -> None:
    account.create(account.register())
    account.seconds_until("SUCCESSFUL")
    account.update(taskDefinition=account.register())
    account.wait(20)
    third = account.register()
    account.update(taskDefinition=third)
    assert account.deployment(index=1)["status"] == "STOPPED"
    assert "superseded" in account.deployment(index=1)["statusReason"]
    account.seconds_until("SUCCESSFUL")
    assert [task["taskDefinitionArn"] for task in account.tasks()] == [third]


def test_a_deleted_service_drains_then_is_inactive_and_its_name_is_free(account: Account) -> None:
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=15)
    definition = account.register()
    account.create(definition, group=group)
    account.seconds_until("SUCCESSFUL")
    with pytest.raises(Refused, match="scaled above 0"):
        account.call("DeleteService", cluster="main", service="app")
    account.call("DeleteService", cluster="main", service="app", force=True)
    account.wait(5)
    assert account.service()["status"] == "DRAINING"
    assert [entry["TargetHealth"]["State"] for entry in account.target_health(group)] == ["draining"]
    with pytest.raises(Refused, match="still Draining"):
        account.create(definition)
    account.wait(60)
    assert account.service()["status"] == "INACTIVE"
    assert account.call("ListServices", cluster="main")["serviceArns"] == []
    assert account.create(definition)["status"] == "ACTIVE"


def test_a_second_service_of_the_same_name_is_refused_unless_the_token_is_the_same(account: Account) -> None:
    definition = account.register()
    first = account.create(definition, clientToken="one")
    assert account.create(definition, clientToken="one")["serviceArn"] == first["serviceArn"]
    with pytest.raises(Refused, match="Creation of service was not idempotent"):
        account.create(definition, clientToken="other")


def test_every_setting_of_a_service_is_read_back(account: Account) -> None:
    group = account.target_group()
    settings: dict[str, Any] = {
        "healthCheckGracePeriodSeconds": 90,
        "enableExecuteCommand": True,
        "enableECSManagedTags": True,
        "propagateTags": "SERVICE",
        "availabilityZoneRebalancing": "DISABLED",
        "platformVersion": "1.4.0",
        "tags": [{"key": "pilotage:run", "value": "r1"}],
        "deploymentConfiguration": {
            "maximumPercent": 150,
            "minimumHealthyPercent": 50,
            "strategy": "ROLLING",
            "bakeTimeInMinutes": 0,
            "deploymentCircuitBreaker": {
                "enable": True,
                "rollback": True,
                "thresholdConfiguration": {"type": "COUNT", "value": 2},
            },
        },
    }
    account.create(account.register(), group=group, **settings)
    found = account.service()
    assert {key: found[key] for key in settings} == settings
    account.wait(5)
    assert {
        tag["key"]
        for tag in account.call(
            "DescribeTasks", cluster="main", tasks=[account.tasks()[0]["taskArn"]], include=["TAGS"]
        )["tasks"][0]["tags"]
    } == {"pilotage:run", "aws:ecs:clusterName", "aws:ecs:serviceName"}


def test_deployments_are_listed_newest_first_in_pages_and_by_status(account: Account) -> None:
    account.create(account.register())
    for _ in range(2):
        account.seconds_until("SUCCESSFUL")
        account.update(forceNewDeployment=True)
    first = account.call("ListServiceDeployments", cluster="main", service="app", maxResults=2)
    assert [entry["status"] for entry in first["serviceDeployments"]] == ["PENDING", "SUCCESSFUL"]
    rest = account.call("ListServiceDeployments", cluster="main", service="app", nextToken=first["nextToken"])
    assert len(rest["serviceDeployments"]) == 1
    done = account.call("ListServiceDeployments", cluster="main", service="app", status=["SUCCESSFUL"])
    assert len(done["serviceDeployments"]) == 2


def test_a_revision_keeps_the_digest_that_its_tag_had(account: Account) -> None:
    image = account.push("v1")
    account.create(account.register(image))
    arn = account.deployment()["targetServiceRevision"]["arn"]
    revision = account.call("DescribeServiceRevisions", serviceRevisionArns=[arn])["serviceRevisions"][0]
    assert revision["containerImages"][0]["image"] == image
    assert revision["containerImages"][0]["imageDigest"].startswith("sha256:")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"cluster": "nowhere"}, "Cluster not found"),
        ({"taskDefinition": "app:99"}, "TaskDefinition not found"),
        (
            {"launchType": "FARGATE", "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]},
            "both a launch type",
        ),
        ({"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0"]}}}, "'subnet-0' does not exist"),
        ({"networkConfiguration": {}}, "Network Configuration must be provided"),
        ({"healthCheckGracePeriodSeconds": 60}, "only valid for services configured to use load balancers"),
    ],
)
def test_what_contradicts_itself_or_is_not_there_is_refused(
    account: Account, change: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        account.create(account.register(), **change)


def test_a_target_group_without_listener_or_a_wrong_port_is_refused(account: Account) -> None:
    definition = account.register()
    loose = account.aws("elbv2").create_target_group(
        Name="loose", Protocol="HTTP", Port=80, VpcId=account.vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    with pytest.raises(Refused, match="does not have an associated load balancer"):
        account.create(definition, group=loose)
    balancer = {"targetGroupArn": account.target_group(), "containerName": "web", "containerPort": 81}
    with pytest.raises(Refused, match="did not have a container port 81"):
        account.create(definition, loadBalancers=[balancer])


def test_a_service_that_codedeploy_deploys_is_not_updated_by_ecs(account: Account) -> None:
    account.create(account.register(), deploymentController={"type": "CODE_DEPLOY"}, deploymentConfiguration={})
    with pytest.raises(Refused, match="Use AWS CodeDeploy"):
        account.update(taskDefinition=account.register())


def test_the_history_goes_with_the_service(account: Account) -> None:
    account.create(account.register())
    arn = account.deployment()["serviceDeploymentArn"]
    account.call("DeleteService", cluster="main", service="app", force=True)
    account.wait(120)
    answer = account.call("DescribeServiceDeployments", serviceDeploymentArns=[arn])
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]
    with pytest.raises(Refused, match="ServiceNotFoundException"):
        account.call("ListServiceDeployments", cluster="main", service="app")


def test_an_inactive_task_definition_cannot_be_deployed(account: Account) -> None:
    first = account.register()
    account.create(account.register())
    account.call("DeregisterTaskDefinition", taskDefinition=first)
    with pytest.raises(Refused, match="TaskDefinition is inactive"):
        account.update(taskDefinition=first)
