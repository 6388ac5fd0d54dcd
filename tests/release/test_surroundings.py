"""What happened around a service, its tasks and its targets, as AWS answers about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from wizard.errors import AwsError
from wizard.release.metrics import POINTS, read_metrics
from wizard.release.targets import groups_of, read_targets
from wizard.release.tasks import read_tasks
from wizard.release.timeline import Moment, read_timeline, secrets_of

NOW = datetime(2026, 11, 26, 3, 14, tzinfo=UTC)


class Answers:
    """AWS by heart: an answer, or an error, for each operation."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        self.asked.append(operation)
        answer = self.answers[operation]
        if isinstance(answer, Exception):
            raise answer
        found: dict[str, Any] = answer(params) if callable(answer) else answer
        return found

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        yield from self.read(service, operation, **params)[key]

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        raise AssertionError("nothing here changes anything")

    once = write


SERVICE = {
    "serviceName": "backend",
    "clusterArn": "arn:cluster/main",
    "events": [
        {"createdAt": NOW - timedelta(minutes=2), "message": "(service backend) was unable to place a task."},
        {"createdAt": NOW - timedelta(minutes=1), "message": "(service backend) has reached a steady state."},
    ],
}
ALARM = {
    "AlarmName": "backend-5xx",
    "Timestamp": NOW - timedelta(minutes=3),
    "HistoryData": '{"newState": {"stateValue": "ALARM"}}',
}
QUIET = {
    "describe_alarm_history": {"AlarmHistoryItems": [ALARM, {**ALARM, "AlarmName": "other-5xx"}]},
    "describe_scaling_activities": {"ScalingActivities": []},
    "list_secrets": {
        "SecretList": [
            {"ARN": "arn:url-Ab", "Name": "url", "LastChangedDate": NOW - timedelta(minutes=9)},
            {"ARN": "arn:else-Ab", "Name": "else", "LastChangedDate": NOW - timedelta(minutes=9)},
        ]
    },
}
DEPLOYED = Moment(NOW - timedelta(minutes=5), "deploy", "backend:43 deployed")


def words(aws: Answers) -> list[str]:
    found = read_timeline(aws, SERVICE, [DEPLOYED], ["arn:url-Ab:KEY::"], NOW - timedelta(hours=1))
    return [f"{each.kind}: {each.words}" for each in found]


def test_a_timeline_has_what_concerns_the_service_in_its_order_and_nothing_quiet() -> None:
    assert words(Answers(**QUIET)) == [
        "secret: url changed",
        "deploy: backend:43 deployed",
        "alarm: backend-5xx ALARM",
        "event: was unable to place a task.",
    ]


def test_what_aws_refuses_to_tell_leaves_a_gap_and_not_an_error() -> None:
    denied = AwsError("cloudwatch:DescribeAlarmHistory", "AccessDenied", "no")
    assert "alarm" not in " ".join(words(Answers(**{**QUIET, "describe_alarm_history": denied})))


def test_running_tasks_come_first_and_stopped_ones_say_why() -> None:
    running = {"taskArn": "arn/a", "taskDefinitionArn": "arn/b:2", "lastStatus": "RUNNING", "startedAt": NOW}
    stopped = {
        "taskArn": "arn/z",
        "taskDefinitionArn": "arn/b:2",
        "lastStatus": "STOPPED",
        "stoppedAt": NOW,
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "app", "exitCode": 1}],
    }
    listed = {"RUNNING": ["arn/a"], "STOPPED": ["arn/z"]}
    aws = Answers(
        list_tasks=lambda params: {"taskArns": listed[params["desiredStatus"]]},
        describe_tasks={"tasks": [stopped, running]},
    )
    tasks = read_tasks(aws, "main", "backend")
    assert [task.id for task in tasks] == ["a", "z"]
    assert tasks[1].ended == "Essential container in task exited; app exits 1"


def test_both_groups_of_a_shifting_service_are_asked_and_the_ill_targets_come_first() -> None:
    arn = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/{}/1"
    balancer = {
        "targetGroupArn": arn.format("one"),
        "advancedConfiguration": {"alternateTargetGroupArn": arn.format("two")},
    }
    groups = groups_of({"loadBalancers": [balancer]})
    assert groups == [arn.format("one"), arn.format("two")]
    health = {"State": "unhealthy", "Reason": "Target.Timeout", "Description": "Request timed out"}
    answers = {
        groups[0]: [{"Target": {"Id": "10.0.0.1", "Port": 80}, "TargetHealth": {"State": "healthy"}}],
        groups[1]: [{"Target": {"Id": "10.0.0.2", "Port": 80}, "TargetHealth": health}],
    }
    aws = Answers(describe_target_health=lambda params: {"TargetHealthDescriptions": answers[params["TargetGroupArn"]]})
    targets = read_targets(aws, groups)
    assert [(each.group, each.state) for each in targets] == [("two", "unhealthy"), ("one", "healthy")]
    assert "Target.Timeout" in targets[0].reason


def test_metrics_come_by_one_call_and_a_missing_point_stays_missing() -> None:
    def answer(params: dict[str, Any]) -> dict[str, Any]:
        start = params["StartTime"]
        ids = [query["Id"] for query in params["MetricDataQueries"]]
        return {"MetricDataResults": [{"Id": each, "Timestamps": [start], "Values": [7.0]} for each in ids]}

    aws = Answers(get_metric_data=answer)
    found = read_metrics(aws, "main", "backend", ["arn:targetgroup/one/1"], NOW)
    assert aws.asked == ["get_metric_data"]
    assert [series.title for series in found] == ["CPU", "memory", "requests", "5xx", "answer time"]
    assert found[0].values == (7.0, *[None] * (POINTS - 1))
    assert found[0].last == 7.0


def test_the_secrets_of_a_revision_are_those_of_all_its_containers() -> None:
    definition = {
        "containerDefinitions": [
            {"secrets": [{"name": "A", "valueFrom": "arn:a"}]},
            {"secrets": [{"name": "B", "valueFrom": "arn:b"}]},
        ]
    }
    assert secrets_of(definition) == ["arn:a", "arn:b"]
