"""What the sandbox tells of an account's limits: AWS's defaults, and the vCPUs that really run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.validate import ParamValidator

from tests.sandbox.ecs_account import ACCOUNT, MODELS, REGION, Account, fresh_account
from wizard.advice.preflight.quotas import QUOTAS
from wizard.sandbox import quotas
from wizard.sandbox.handling import HANDLERS, Call, Refused

account = fresh_account
NOW = datetime.now(UTC)


def asked(account: Account, service: str, operation: str, **params: Any) -> dict[str, Any]:
    """A handler's answer, held against botocore's model."""

    def moto() -> dict[str, Any]:
        return {"Label": "moto's", "Datapoints": []}

    answer = HANDLERS[service, operation](Call(service, operation, params, ACCOUNT, REGION, account.clock, moto))
    shape = MODELS.get_service_model(service).operation_model(operation).output_shape
    assert not ParamValidator().validate(answer, shape).has_errors()
    return answer


def vcpus(account: Account, metric: dict[str, Any]) -> float:
    dimensions = [{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()]
    params = {"Namespace": metric["MetricNamespace"], "MetricName": metric["MetricName"], "Dimensions": dimensions}
    span = {"StartTime": NOW - timedelta(hours=1), "EndTime": NOW, "Period": 300, "Statistics": ["Maximum"]}
    points = asked(account, "cloudwatch", "GetMetricStatistics", **params, **span)["Datapoints"]
    return max((point["Maximum"] for point in points), default=0.0)


def test_every_quota_that_a_preflight_asks_for_has_the_default_of_aws(account: Account) -> None:
    for quota in QUOTAS:
        told = asked(account, "service-quotas", "GetServiceQuota", ServiceCode=quota.service, QuotaCode=quota.code)
        assert told["Quota"]["Value"] == quota.default, quota.name
    with pytest.raises(Refused, match="NoSuchResourceException"):
        asked(account, "service-quotas", "GetServiceQuota", ServiceCode="vpc", QuotaCode="L-00000000")


def test_the_vcpus_in_use_are_those_of_the_tasks_that_run(account: Account) -> None:
    told = asked(account, "service-quotas", "GetServiceQuota", ServiceCode="fargate", QuotaCode="L-3032A538")
    metric = told["Quota"]["UsageMetric"]
    assert vcpus(account, metric) == 0.0
    account.create(account.register(), desiredCount=2)
    account.wait(120)
    assert account.service()["runningCount"] == 2
    assert vcpus(account, metric) == 0.5
    assert vcpus(account, {**metric, "MetricDimensions": {**metric["MetricDimensions"], "Class": quotas.SPOT}}) == 0.0


def test_another_metric_is_motos_to_tell(account: Account) -> None:
    answer = asked(account, "cloudwatch", "GetMetricStatistics", Namespace="AWS/ECS", MetricName="CPUUtilization")
    assert answer["Label"] == "moto's"


def test_the_account_has_the_paid_plan(account: Account) -> None:
    assert asked(account, "freetier", "GetAccountPlanState")["accountPlanType"] == "PAID"
