"""A practice account read through boto3 alone, in the words of the systems' documents.

Nothing here knows how Pilotage works: no graph, no option, no kind. What a test learns is what AWS would tell anybody.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

REGION = "us-east-1"
Facts = dict[str, Any]


class Account:
    """One account at one endpoint."""

    def __init__(self, url: str) -> None:
        self._url = url
        keys = {"aws_access_key_id": "reader", "aws_secret_access_key": "reader"}
        self._session = boto3.session.Session(region_name=REGION, **keys)

    @functools.cache  # noqa: B019 - one account lives as long as the tests of a worker
    def client(self, service: str) -> Any:
        """The client of a service."""
        config = Config(retries={"total_max_attempts": 2})
        return self._session.client(service, endpoint_url=self._url, config=config)

    def every(self, service: str, operation: str, key: str, **asked: Any) -> list[Any]:
        """Everything that a list operation has, over all pages."""
        client = self.client(service)
        if not client.can_paginate(operation):
            return list(getattr(client, operation)(**asked)[key])
        return [item for page in client.get_paginator(operation).paginate(**asked) for item in page[key]]

    def the(self, service: str, operation: str, key: str, **asked: Any) -> Facts:
        """The one thing that a list operation has."""
        (one,) = self.every(service, operation, key, **asked)
        return dict(one)


@dataclass(frozen=True)
class Secret:
    """Where a container's secret comes from: the store, the name there, and the key inside a JSON secret."""

    store: str
    name: str
    key: str = ""


def secret_of(arn: str) -> Secret:
    """What a `valueFrom` of a task definition points to."""
    service, rest = arn.split(":")[2], arn.split(":", 5)[5]
    if service == "ssm":
        return Secret("ssm", rest.removeprefix("parameter"))
    name, _, inside = rest.removeprefix("secret:").partition(":")
    return Secret(service, name.rpartition("-")[0], inside.split(":")[0])


def service(account: Account, cluster: str, name: str) -> Facts:
    """An ECS service."""
    (found,) = account.client("ecs").describe_services(cluster=cluster, services=[name])["services"]
    return dict(found)


def services(account: Account, cluster: str) -> set[str]:
    """The names of the services of a cluster."""
    arns = account.every("ecs", "list_services", "serviceArns", cluster=cluster)
    return {arn.rpartition("/")[2] for arn in arns}


def task_of(account: Account, service: Mapping[str, Any]) -> Facts:
    """The task definition that a service runs."""
    arn = service["taskDefinition"]
    return dict(account.client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"])


def containers(task: Mapping[str, Any]) -> dict[str, Facts]:
    """The containers of a task definition by name."""
    return {each["name"]: each for each in task["containerDefinitions"]}


def environment(container: Mapping[str, Any]) -> dict[str, str]:
    """The plain variables of a container."""
    return {each["name"]: each["value"] for each in container.get("environment", [])}


def secrets(container: Mapping[str, Any]) -> dict[str, Secret]:
    """The secret variables of a container, and where each comes from."""
    return {each["name"]: secret_of(each["valueFrom"]) for each in container.get("secrets", [])}


def role_name(arn: str) -> str:
    """The name of a role in its ARN."""
    return arn.rpartition("/")[2]


def network_of(service: Mapping[str, Any]) -> Facts:
    """Subnets, security groups and public address of a service's tasks."""
    return dict(service["networkConfiguration"]["awsvpcConfiguration"])


def secret_names(account: Account) -> set[str]:
    """The names in Secrets Manager."""
    return {each["Name"] for each in account.every("secretsmanager", "list_secrets", "SecretList")}


def secret_value(account: Account, name: str) -> str:
    """A secret's value; tests look at its form only."""
    return str(account.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


def secret_arn(account: Account, name: str) -> str:
    """The ARN of a secret."""
    return str(account.client("secretsmanager").describe_secret(SecretId=name)["ARN"])


def repositories(account: Account) -> dict[str, Facts]:
    """The image repositories by name."""
    return {each["repositoryName"]: each for each in account.every("ecr", "describe_repositories", "repositories")}


def log_groups(account: Account) -> dict[str, Facts]:
    """The log groups by name."""
    return {each["logGroupName"]: each for each in account.every("logs", "describe_log_groups", "logGroups")}


def alarms(account: Account) -> list[Facts]:
    """The alarms on single metrics."""
    return account.every("cloudwatch", "describe_alarms", "MetricAlarms")


def watches(account: Account, metric: str, **dimensions: str) -> list[Facts]:
    """The alarms on a metric, or on the sum of several of that name, whose dimensions include these."""
    return [alarm for alarm in alarms(account) if any(_is(each, metric, dimensions) for each in _looked_at(alarm))]


def _looked_at(alarm: Mapping[str, Any]) -> list[Facts]:
    if "MetricName" in alarm:
        return [dict(alarm)]
    return [each["MetricStat"]["Metric"] for each in alarm["Metrics"] if "MetricStat" in each]


def _is(metric: Mapping[str, Any], name: str, dimensions: Mapping[str, str]) -> bool:
    has = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
    return metric["MetricName"] == name and dimensions.items() <= has.items()
