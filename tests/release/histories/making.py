"""How a service comes to be: its configuration, and its first deployment."""

from __future__ import annotations

from typing import Any

from tests.release.histories.stage import NAME, Act, Stage
from tests.release.shop import ACCOUNT

BREAKER = {"enable": True, "rollback": True}
ROLLING: dict[str, Any] = {"deploymentCircuitBreaker": BREAKER}
NO_BREAKER: dict[str, Any] = {"deploymentCircuitBreaker": {"enable": False, "rollback": False}}
BREAKER_ONLY: dict[str, Any] = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
BLUE_GREEN: dict[str, Any] = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5, **ROLLING}
CANARY: dict[str, Any] = {
    "strategy": "CANARY",
    "canaryConfiguration": {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 4},
    "bakeTimeInMinutes": 4,
    **ROLLING,
}
LINEAR: dict[str, Any] = {
    "strategy": "LINEAR",
    "linearConfiguration": {"stepPercent": 25.0, "stepBakeTimeInMinutes": 2},
    "bakeTimeInMinutes": 2,
    **ROLLING,
}
ALARMS: dict[str, Any] = {"alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True}}
ALARMS_ONLY: dict[str, Any] = {"alarms": {"alarmNames": ["errors"], "enable": True, "rollback": False}}


def paused(stage: str, minutes: int = 1440, then: str = "ROLLBACK") -> dict[str, Any]:
    """A hook that holds a deployment at a stage until somebody lets it go on."""
    timeout = {"timeoutInMinutes": minutes, "action": then}
    return {"lifecycleHooks": [{"targetType": "PAUSE", "lifecycleStages": [stage], "timeoutConfiguration": timeout}]}


def first(tag: str, configuration: dict[str, Any] = ROLLING, **more: Any) -> Act:
    """The first deployment ever of the service, watched from its beginning."""

    def act(stage: Stage) -> None:
        _create(stage, tag, configuration, **more)
        stage.watch(stage.version(tag))

    return act


def runs(tag: str, configuration: dict[str, Any] = ROLLING, **more: Any) -> Act:
    """The service runs this version, and well; `count`, `balanced` and parameters of CreateService may be given."""

    def act(stage: Stage) -> None:
        _create(stage, tag, configuration, **more)
        stage.pass_time(420)

    return act


def _create(
    stage: Stage,
    tag: str,
    configuration: dict[str, Any],
    *,
    balanced: bool = True,
    count: int = 2,
    **more: Any,
) -> None:
    shop = stage.shop
    if "alarms" in configuration:
        _make_alarm(stage)
    network = {"subnets": shop.subnets, "securityGroups": [shop.group], "assignPublicIp": "ENABLED"}
    balancer: dict[str, Any] = {"targetGroupArn": shop.targets, "containerName": "web", "containerPort": 8080}
    if configuration.get("strategy"):
        balancer["advancedConfiguration"] = _advanced(stage)
    plain = {
        "cluster": "main",
        "serviceName": NAME,
        "taskDefinition": stage.version(tag),
        "desiredCount": count,
        "networkConfiguration": {"awsvpcConfiguration": network},
        "deploymentConfiguration": configuration,
        **({"loadBalancers": [balancer]} if balanced else {}),
        **({} if "capacityProviderStrategy" in more else {"launchType": "FARGATE"}),
    }
    if "capacityProviderStrategy" in more:
        providers = ["FARGATE", "FARGATE_SPOT"]
        stage.write(
            "put_cluster_capacity_providers",
            cluster="main",
            capacityProviders=providers,
            defaultCapacityProviderStrategy=[],
        )
    stage.begun(stage.write("create_service", **(plain | more)))


def _advanced(stage: Stage) -> dict[str, Any]:
    """A second target group, and the listener rule that ECS moves between the two."""
    account, shop = stage.account, stage.shop
    if not account.rule:
        read = shop.aws.read
        account.alternate = shop.target_group("green")
        balancer = read("elbv2", "describe_target_groups", TargetGroupArns=[shop.targets])["TargetGroups"][0]
        arn = balancer["LoadBalancerArns"][0]
        listener = read("elbv2", "describe_listeners", LoadBalancerArn=arn)["Listeners"][0]["ListenerArn"]
        account.rule = read("elbv2", "describe_rules", ListenerArn=listener)["Rules"][0]["RuleArn"]
    return {
        "alternateTargetGroupArn": account.alternate,
        "productionListenerRule": account.rule,
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
    }


def _make_alarm(stage: Stage) -> None:
    stage.shop.aws.write(
        "cloudwatch",
        "put_metric_alarm",
        AlarmName="errors",
        MetricName="HTTPCode_Target_5XX_Count",
        Namespace="AWS/ApplicationELB",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=5,
        ComparisonOperator="GreaterThanThreshold",
    )
    stage.shop.aws.write("cloudwatch", "set_alarm_state", AlarmName="errors", StateValue="OK", StateReason="quiet")
