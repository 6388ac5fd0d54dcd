"""Deployments of the sandbox fail as on AWS: each cause in its own words, the circuit breaker, rollback and stop."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.ecs_account import ACCOUNT, REGION, REGISTRY, Account, fresh_account, trust
from wizard.sandbox.handling import Refused

account = fresh_account

COUNT_OF_TWO = {"type": "COUNT", "value": 2}


def breaker(**more: Any) -> dict[str, Any]:
    return {"deploymentCircuitBreaker": {"enable": True, "rollback": True, **more}}


def running_service(account: Account, group: str | None = None, **more: Any) -> str:
    """A service that runs the healthy image v1; returns the ARN of its task definition."""
    definition = account.register(account.push("v1"))
    account.create(definition, group=group, **more)
    account.seconds_until("SUCCESSFUL")
    return definition


def first_stopped(account: Account) -> dict[str, Any]:
    """The first task of the newest deployment that stopped."""
    for _ in range(200):
        if stopped := [task for task in account.tasks("STOPPED") if task["lastStatus"] == "STOPPED"]:
            return stopped[0]
        account.wait(5)
    raise AssertionError("no task stopped")


@pytest.mark.parametrize(
    ("tag", "code", "exit_code", "words"),
    [
        ("v2-crash", "EssentialContainerExited", 1, "Essential container in task exited"),
        ("v2-oom", "EssentialContainerExited", 137, "Essential container in task exited"),
        ("v2-badarch", "TaskFailedToStart", None, "does not contain descriptor matching platform 'linux/amd64'"),
    ],
)
def test_a_failing_image_trips_the_circuit_breaker_and_the_service_rolls_back(
    account: Account, tag: str, code: str, exit_code: int | None, words: str
) -> None:
    good = running_service(account)
    account.update(taskDefinition=account.register(account.push(tag)))
    task = first_stopped(account)
    assert (task["stopCode"], task["containers"][0].get("exitCode")) == (code, exit_code)
    assert words in task["stoppedReason"]
    account.seconds_until("ROLLBACK_SUCCESSFUL")
    deployment = account.deployment()
    assert deployment["deploymentCircuitBreaker"] == {"status": "TRIGGERED", "failureCount": 3, "threshold": 3}
    assert deployment["rollback"]["serviceRevisionArn"] == account.deployment(index=1)["targetServiceRevision"]["arn"]
    assert account.service()["taskDefinition"] == good
    assert {task["taskDefinitionArn"] for task in account.tasks()} == {good}
    assert any("deployment failed: tasks failed to start." in event for event in account.events())
    assert any("rolling back to deployment" in event for event in account.events())


def test_out_of_memory_is_said_on_the_container(account: Account) -> None:
    account.create(account.register(account.push("v1-oom")))
    assert first_stopped(account)["containers"][0]["reason"].startswith("OutOfMemoryError")


def test_the_old_task_serves_all_through_a_failed_deployment(account: Account) -> None:
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=15)
    running_service(account, group)
    account.update(taskDefinition=account.register(account.push("v2-crash")))
    while account.deployment()["status"] != "ROLLBACK_SUCCESSFUL":
        assert any(entry["TargetHealth"]["State"] == "healthy" for entry in account.target_health(group))
        account.wait(5)


def test_an_image_that_is_not_there_is_named(account: Account) -> None:
    running_service(account)
    image = f"{REGISTRY}/app:gone"
    account.update(taskDefinition=account.register(image))
    task = first_stopped(account)
    assert task["stoppedReason"].endswith(f"failed to resolve ref {image}: {image}: not found")
    assert task["containers"][0]["reason"].startswith("CannotPullContainerError")
    account.seconds_until("ROLLBACK_SUCCESSFUL")


def test_a_digest_behaves_as_the_tags_that_it_has(account: Account) -> None:
    image = account.push("v1-crash")
    digest = account.aws("ecr").describe_images(repositoryName="app")["imageDetails"][0]["imageDigest"]
    account.create(account.register(f"{image.rpartition(':')[0]}@{digest}"))
    assert first_stopped(account)["stopCode"] == "EssentialContainerExited"


def test_an_image_that_fails_its_health_checks_is_replaced_after_the_grace_period(account: Account) -> None:
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=15, UnhealthyThresholdCount=2)
    running_service(account, group, healthCheckGracePeriodSeconds=90)
    account.update(taskDefinition=account.register(account.push("v2-unhealthy")))
    account.wait(100)
    bad = [entry["TargetHealth"] for entry in account.target_health(group) if "Reason" in entry["TargetHealth"]]
    assert bad == [
        {
            "State": "unhealthy",
            "Reason": "Target.ResponseCodeMismatch",
            "Description": "Health checks failed with these codes: [503]",
        }
    ]
    assert "Task failed ELB health checks" in first_stopped(account)["stoppedReason"]
    account.seconds_until("ROLLBACK_SUCCESSFUL")
    assert any("is unhealthy in (target-group" in event for event in account.events())


def test_a_failing_container_health_check_stops_the_task(account: Account) -> None:
    check = {"command": ["CMD", "true"], "interval": 10, "retries": 2}
    account.create(account.register(account.push("v1-unhealthy"), healthCheck=check))
    task = first_stopped(account)
    assert task["stoppedReason"] == "Task failed container health checks"
    assert task["healthStatus"] == "UNHEALTHY"


def test_a_slow_image_is_healthy_in_the_end(account: Account) -> None:
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=15)
    account.create(account.register(account.push("v1-slow")), group=group)
    assert account.seconds_until("SUCCESSFUL") > 300


def test_the_threshold_can_be_a_count_and_is_never_below_three_by_default(account: Account) -> None:
    running_service(account, deploymentConfiguration=breaker(thresholdConfiguration=COUNT_OF_TWO))
    assert account.deployment()["deploymentCircuitBreaker"]["threshold"] == 2
    account.update(taskDefinition=account.register(account.push("v2-crash")))
    two = account.seconds_until("ROLLBACK_SUCCESSFUL")
    account.update(deploymentConfiguration=breaker(), taskDefinition=account.register(f"{REGISTRY}/app:v2-crash"))
    assert account.deployment()["deploymentCircuitBreaker"]["threshold"] == 3
    assert account.seconds_until("ROLLBACK_SUCCESSFUL") > two


def test_a_first_deployment_has_nothing_to_roll_back_to(account: Account) -> None:
    account.create(account.register(account.push("v1-crash")))
    account.seconds_until("ROLLBACK_FAILED")
    assert account.service()["deployments"][0]["rolloutState"] == "FAILED"
    assert "no completed service revision" in account.deployment()["statusReason"]
    account.update(taskDefinition=account.register(account.push("v2")))
    account.seconds_until("SUCCESSFUL")


def test_without_rollback_the_breaker_stops_the_deployment_and_leaves_the_old_task(account: Account) -> None:
    good = running_service(account, deploymentConfiguration=breaker(rollback=False))
    account.update(taskDefinition=account.register(account.push("v2-crash")))
    account.seconds_until("STOPPED")
    account.wait(600)
    assert [task["taskDefinitionArn"] for task in account.tasks()] == [good]
    assert account.service()["deployments"][0]["rolloutState"] == "FAILED"


def test_without_breaker_tasks_are_tried_again_ever_more_slowly(account: Account) -> None:
    account.create(account.register(account.push("v1-crash")), deploymentConfiguration={})
    account.wait(3000)
    failed = account.service()["deployments"][0]["failedTasks"]
    assert account.deployment()["status"] == "IN_PROGRESS"
    assert 4 <= failed <= 12
    assert any("unable to consistently start tasks" in event for event in account.events())


def test_a_deployment_in_flight_can_be_stopped_with_a_rollback(account: Account) -> None:
    good = running_service(account, deploymentConfiguration={})
    account.update(taskDefinition=account.register(account.push("v2-slow")))
    account.wait(60)
    arn = account.deployment()["serviceDeploymentArn"]
    account.call("StopServiceDeployment", serviceDeploymentArn=arn, stopType="ROLLBACK")
    assert account.deployment()["status"] == "ROLLBACK_REQUESTED"
    with pytest.raises(Refused, match="ConflictException"):
        account.call("StopServiceDeployment", serviceDeploymentArn=arn, stopType="ROLLBACK")
    account.wait(5)
    assert account.deployment()["status"] == "ROLLBACK_IN_PROGRESS"
    account.seconds_until("ROLLBACK_SUCCESSFUL")
    assert [task["taskDefinitionArn"] for task in account.tasks()] == [good]


def test_a_finished_or_unknown_deployment_cannot_be_stopped(account: Account) -> None:
    running_service(account)
    with pytest.raises(Refused, match="ConflictException"):
        account.call("StopServiceDeployment", serviceDeploymentArn=account.deployment()["serviceDeploymentArn"])
    with pytest.raises(Refused, match="ServiceDeploymentNotFoundException"):
        account.call("StopServiceDeployment", serviceDeploymentArn="arn:aws:ecs:us-east-1:1:service-deployment/a/b/c")


def test_a_rollback_to_an_image_that_is_gone_fails(account: Account) -> None:
    running_service(account)
    account.aws("ecr").batch_delete_image(repositoryName="app", imageIds=[{"imageTag": "v1"}])
    account.update(taskDefinition=account.register(account.push("v2-crash")), desiredCount=2)
    account.seconds_until("ROLLBACK_FAILED")


def test_an_alarm_rolls_the_deployment_back(account: Account) -> None:
    alarm = {"alarmNames": ["errors"], "enable": True, "rollback": True}
    account.aws("cloudwatch").put_metric_alarm(
        AlarmName="errors",
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=1,
        Period=60,
        MetricName="m",
        Namespace="n",
        Statistic="Sum",
    )
    running_service(account, deploymentConfiguration={"alarms": alarm})
    account.update(taskDefinition=account.register(account.push("v2")))
    account.wait(30)
    account.aws("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="rehearsal")
    account.wait(30)
    assert account.deployment()["alarms"]["triggeredAlarmNames"] == ["errors"]
    assert account.deployment()["rollback"]["reason"].endswith("alarm detected.")


def test_a_secret_that_does_not_exist_keeps_the_task_from_starting(account: Account) -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:nope-AbCdEf"
    account.create(account.register(secrets=[{"name": "TOKEN", "valueFrom": secret}]))
    task = first_stopped(account)
    assert task["stoppedReason"].startswith("ResourceInitializationError: unable to pull secrets or registry auth: ")
    assert secret in task["stoppedReason"]


def test_secrets_are_read_by_json_key_and_parameters_by_name(account: Account) -> None:
    arn = account.aws("secretsmanager").create_secret(Name="db", SecretString=json.dumps({"url": "x"}))["ARN"]
    account.aws("ssm").put_parameter(Name="/app/token", Value="x", Type="SecureString")
    secrets = [{"name": "URL", "valueFrom": f"{arn}:url::"}, {"name": "TOKEN", "valueFrom": "/app/token"}]
    account.create(account.register(secrets=secrets))
    account.seconds_until("SUCCESSFUL")
    account.update(taskDefinition=account.register(secrets=[{"name": "URL", "valueFrom": f"{arn}:host::"}]))
    assert "did not contain json key host" in first_stopped(account)["stoppedReason"]


def test_a_missing_log_group_or_an_untrusted_role_keeps_the_task_from_starting(account: Account) -> None:
    account.aws("logs").delete_log_group(logGroupName="/app")
    account.create(account.register())
    assert "The specified log group does not exist" in first_stopped(account)["stoppedReason"]
    account.aws("iam").update_assume_role_policy(
        RoleName="execution", PolicyDocument=json.dumps(trust("lambda.amazonaws.com"))
    )
    account.create(account.register(), name="other")
    account.wait(60)
    assert "ECS was unable to assume the role" in account.tasks("STOPPED", "other")[0]["stoppedReason"]


def test_a_crash_leaves_its_traceback_in_the_log(account: Account) -> None:
    account.create(account.register(account.push("v1-crash")))
    task = first_stopped(account)
    stream = f"web/web/{task['taskArn'].rpartition('/')[2]}"
    events = account.aws("logs").get_log_events(logGroupName="/app", logStreamName=stream)["events"]
    assert events[0]["message"].startswith("Traceback")
