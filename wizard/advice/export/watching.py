"""What watches in CloudFormation's words: logs, alarms, topics, the trail, the budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wizard.advice.export.form import Note, One, Part, Piece, Shape, ref
from wizard.kinds import _budget, _metrics


def _log_group(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::Logs::LogGroup",
        {"LogGroupName": one("name"), "RetentionInDays": one("retention_days"), "KmsKeyId": one("kms_key")},
    )


def _alarm(one: One) -> Iterable[Part]:
    topic = one("topic")
    told = [topic] if topic else None
    yield Piece(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": one("name"),
            "AlarmDescription": one("description") or None,
            **_metrics.requested(one.said),
            "EvaluationPeriods": one("periods"),
            "Threshold": one("threshold"),
            "ComparisonOperator": one("comparison"),
            "TreatMissingData": one("missing", "missing"),
            "AlarmActions": told,
            "OKActions": told,
        },
    )


def _topic(one: One) -> Iterable[Part]:
    yield Piece("AWS::SNS::Topic", {"TopicName": one("name"), "KmsMasterKeyId": one("kms_key")})
    if policy := one("policy"):
        yield Piece("AWS::SNS::TopicPolicy", {"Topics": [ref(one.id)], "PolicyDocument": policy}, part="Policy")


def _subscription(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::SNS::Subscription",
        {"TopicArn": one("topic"), "Protocol": one("protocol"), "Endpoint": one("endpoint")},
    )
    yield Note("Whoever reads this mailbox confirms by the link that AWS sends; until then nothing is delivered.")


def _trail(one: One) -> Iterable[Part]:
    policies = tuple(one.values.id(each.address, "Policy") for each in one.parents(one.raw("bucket")))
    yield Piece(
        "AWS::CloudTrail::Trail",
        {
            "TrailName": one("name"),
            "S3BucketName": one("bucket"),
            "IsLogging": bool(one.raw("logging")),
            "IsMultiRegionTrail": one("multi_region"),
            "IncludeGlobalServiceEvents": True,
            "EnableLogFileValidation": one("log_validation"),
            "KMSKeyId": one("kms_key"),
        },
        after=policies,
    )


def _budget_of(one: One) -> Iterable[Part]:
    limit = {"Amount": one("monthly_usd"), "Unit": "USD"}
    yield Piece(
        "AWS::Budgets::Budget",
        {
            "Budget": {
                "BudgetName": one("name"),
                "BudgetLimit": limit,
                "TimeUnit": "MONTHLY",
                "BudgetType": "COST",
            },
            "NotificationsWithSubscribers": _budget.recipients(one("email", "")) or None,
        },
    )
    if not one.raw("email"):
        yield Note("Nobody is told: the blueprint names no e-mail address.")


SHAPES: Mapping[str, Shape] = {
    "log_group": Shape(_log_group, {"id": "", "name": "", "arn": "Arn"}),
    "alarm": Shape(_alarm, {"id": "", "name": "", "arn": "Arn"}),
    "topic": Shape(_topic, {"id": "", "arn": "", "name": "TopicName"}),
    "subscription": Shape(_subscription, {}),
    "trail": Shape(_trail, {"id": "", "name": "", "arn": "Arn"}),
    "budget": Shape(_budget_of, {}),
}
