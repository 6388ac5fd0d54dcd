"""Topics, alarms, web ACLs, trails, user pools, budgets: the rules that AWS has and moto has not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sandbox.conftest import ACCOUNT, Aws

TAGS = [{"Key": "pilotage:deployment", "Value": "shop/dev"}]
ALARM: dict[str, Any] = {
    "AlarmName": "cpu",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanThreshold",
}
SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "wall"}
WALL: dict[str, Any] = {
    "Name": "wall",
    "Scope": "REGIONAL",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": SEEN,
    "Tags": TAGS,
}


def kinds_left(aws: Aws) -> set[str]:
    """Types of everything in the inventory."""
    return {f"{one['service']}:{one['type']}" for one in aws.control("GET", "inventory")}


def test_nobody_is_told_before_they_confirm_and_nobody_else_may_unsubscribe_them(aws: Aws) -> None:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="alarms", Tags=TAGS)["TopicArn"]
    mail = {"TopicArn": topic, "Protocol": "email", "Endpoint": "ops@example.com"}
    assert sns.subscribe(**mail)["SubscriptionArn"] == "pending confirmation"
    assert (
        sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]["SubscriptionArn"] == "PendingConfirmation"
    )
    arn = sns.subscribe(**mail, ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert "pending confirmation" in aws.refusal("sns", "unsubscribe", SubscriptionArn=arn)[1]
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "true"
    assert kinds_left(aws) == {"sns:topic", "sns:subscription"}
    sns.delete_topic(TopicArn=topic)
    assert kinds_left(aws) == set()


def test_a_topic_of_the_name_with_other_tags_is_refused(aws: Aws) -> None:
    aws.client("sns").create_topic(Name="alarms", Tags=TAGS)
    aws.client("sns").create_topic(Name="alarms", Tags=TAGS)
    other = [{"Key": "pilotage:deployment", "Value": "other/dev"}]
    assert aws.refusal("sns", "create_topic", Name="alarms", Tags=other)[0] == "InvalidParameter"


def test_an_alarm_begins_without_data_and_keeps_its_tags_when_it_changes(aws: Aws) -> None:
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM, Tags=TAGS)
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "INSUFFICIENT_DATA"
    cloudwatch.put_metric_alarm(**{**ALARM, "Threshold": 90}, Tags=[{"Key": "more", "Value": "1"}])
    alarm = cloudwatch.describe_alarms()["MetricAlarms"][0]
    assert (alarm["Threshold"], cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]) == (90, TAGS)


def test_a_web_acl_is_not_deleted_while_a_load_balancer_uses_it(aws: Aws) -> None:
    network, waf = aws.network(), aws.client("wafv2")
    balancers = aws.client("elbv2")
    made = balancers.create_load_balancer(Name="front", Subnets=network.subnets, SecurityGroups=[network.group])
    front = made["LoadBalancers"][0]["LoadBalancerArn"]
    acl = waf.create_web_acl(**WALL)["Summary"]
    assert aws.refusal("wafv2", "create_web_acl", **WALL)[0] == "WAFDuplicateItemException"
    waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=front)
    waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=front)
    assert waf.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"] == [front]
    deletion = {"Name": "wall", "Scope": "REGIONAL", "Id": acl["Id"], "LockToken": acl["LockToken"]}
    assert aws.refusal("wafv2", "delete_web_acl", **deletion)[0] == "WAFAssociatedItemException"
    waf.disassociate_web_acl(ResourceArn=front)
    waf.delete_web_acl(**deletion)
    missing = {"WebACLArn": acl["ARN"], "ResourceArn": f"{front}0"}
    assert aws.refusal("wafv2", "associate_web_acl", **missing)[0] == "WAFUnavailableEntityException"


def test_a_trail_needs_a_bucket_that_lets_it_write(aws: Aws) -> None:
    aws.client("s3").create_bucket(Bucket="audit-of-shop")
    trail = {"Name": "audit", "S3BucketName": "audit-of-shop"}
    assert aws.refusal("cloudtrail", "create_trail", **trail)[0] == "InsufficientS3BucketPolicyException"
    assert aws.refusal("cloudtrail", "delete_trail", Name="audit")[0] == "TrailNotFoundException"


def test_a_user_pool_goes_only_when_nothing_protects_it(aws: Aws) -> None:
    people = aws.client("cognito-idp")
    made = people.create_user_pool(PoolName="shop", DeletionProtection="ACTIVE", UserPoolTags={"a": "b"})
    pool = made["UserPool"]["Id"]
    people.create_user_pool_domain(Domain="shop-dev", UserPoolId=pool)
    assert people.describe_user_pool_domain(Domain="shop-dev")["DomainDescription"]["Status"] == "CREATING"
    aws.pass_time(60)
    assert people.describe_user_pool_domain(Domain="shop-dev")["DomainDescription"]["Status"] == "ACTIVE"
    assert "deletion protection" in aws.refusal("cognito-idp", "delete_user_pool", UserPoolId=pool)[1]
    people.update_user_pool(UserPoolId=pool)
    assert people.describe_user_pool(UserPoolId=pool)["UserPool"]["UserPoolTags"] == {}
    assert "has a domain" in aws.refusal("cognito-idp", "delete_user_pool", UserPoolId=pool)[1]
    assert kinds_left(aws) == {"cognito-idp:userpool", "cognito-idp:domain"}
    people.delete_user_pool_domain(Domain="shop-dev", UserPoolId=pool)
    people.delete_user_pool(UserPoolId=pool)
    assert people.describe_user_pool_domain(Domain="shop-dev")["DomainDescription"] == {}
    assert kinds_left(aws) == set()


def test_a_budget_shows_in_the_inventory_and_under_its_tags(aws: Aws) -> None:
    budget = {
        "BudgetName": "shop",
        "BudgetLimit": {"Amount": "50", "Unit": "USD"},
        "TimeUnit": "MONTHLY",
        "BudgetType": "COST",
    }
    aws.client("budgets").create_budget(AccountId=ACCOUNT, Budget=budget, ResourceTags=TAGS)
    assert kinds_left(aws) == {"budgets:budget"}
    tagging = aws.client("resourcegroupstaggingapi")
    found = tagging.get_resources(TagFilters=[{"Key": "pilotage:deployment", "Values": ["shop/dev"]}])
    assert [one["ResourceARN"] for one in found["ResourceTagMappingList"]] == [
        f"arn:aws:budgets::{ACCOUNT}:budget/shop"
    ]


def test_an_alarms_history_has_its_changes_and_no_others(aws: Aws) -> None:
    watch = aws.client("cloudwatch")
    watch.put_metric_alarm(**{**ALARM, "AlarmName": "history"})
    for state in ("OK", "OK", "ALARM"):
        watch.set_alarm_state(AlarmName="history", StateValue=state, StateReason="test")
    found = watch.describe_alarm_history(AlarmName="history")["AlarmHistoryItems"]
    told = [json.loads(item["HistoryData"])["newState"]["stateValue"] for item in found]
    assert told[:2] == ["ALARM", "OK"]
    assert watch.describe_alarm_history(AlarmName="other")["AlarmHistoryItems"] == []


def test_only_a_service_with_tasks_has_numbers(aws: Aws) -> None:
    now = datetime.now(UTC)
    dimensions = [{"Name": "ClusterName", "Value": "none"}, {"Name": "ServiceName", "Value": "none"}]
    metric = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": dimensions}
    stat = {"Metric": metric, "Period": 300, "Stat": "Average"}
    answer = aws.client("cloudwatch").get_metric_data(
        StartTime=now - timedelta(hours=1), EndTime=now, MetricDataQueries=[{"Id": "cpu", "MetricStat": stat}]
    )
    assert answer["MetricDataResults"][0]["Values"] == []
