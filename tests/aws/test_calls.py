"""What is sent again and what is not, told with a client that fails on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError

from wizard.aws.calls import AwsCalls, CallRecord
from wizard.aws.translate import denial, is_denied
from wizard.engine.clock import Clock
from wizard.errors import AmbiguousAnswer, AwsError, CredentialsError


class HandMovedClock(Clock):
    """Passes only by sleeping."""

    def seconds(self) -> float:
        return float(self.__dict__.get("passed", 0.0))

    def sleep(self, seconds: float) -> None:
        self.__dict__["passed"] = self.seconds() + seconds


def refusal(code: str, message: str = "no", status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, "X"
    )


class Client:
    """Answers each call with the next of a list: an exception is raised, the rest returned."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[dict[str, Any]] = []
        self.meta = type(
            "Meta", (), {"method_to_api_mapping": {"create_vpc": "CreateVpc", "describe_vpcs": "DescribeVpcs"}}
        )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**params: Any) -> Any:
            self.sent.append(params)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


class Session:
    def __init__(self, client: Client) -> None:
        self._client = client

    def client(self, service: str) -> Client:
        return self._client


def calls(client: Client, heard: list[CallRecord] | None = None) -> AwsCalls:
    return AwsCalls(Session(client), HandMovedClock(), heard.append if heard is not None else None)  # type: ignore[arg-type]


TIMEOUT = ReadTimeoutError(endpoint_url="https://ec2")


@pytest.mark.parametrize(
    "failure", [TIMEOUT, refusal("InternalError", status=500), refusal("ServiceUnavailable", status=503)]
)
def test_an_untokened_create_whose_answer_is_lost_is_never_sent_again(failure: Exception) -> None:
    client = Client(failure, {"Vpc": {}})
    with pytest.raises(AmbiguousAnswer):
        calls(client).once("ec2", "create_vpc", CidrBlock="10.0.0.0/16")
    assert len(client.sent) == 1


def test_a_throttled_create_was_not_performed_and_is_sent_again() -> None:
    client = Client(refusal("RequestLimitExceeded", status=503), refusal("Throttling"), {"Vpc": {"VpcId": "vpc-1"}})
    assert calls(client).once("ec2", "create_vpc")["Vpc"]["VpcId"] == "vpc-1"
    assert len(client.sent) == 3


@pytest.mark.parametrize("verb", ["read", "write"])
def test_reads_and_repeatable_writes_outlast_a_bad_minute(verb: str) -> None:
    client = Client(TIMEOUT, refusal("InternalFailure", status=500), refusal("Throttling"), {"ok": True})
    assert getattr(calls(client), verb)("ec2", "describe_vpcs") == {"ok": True}


def test_a_storm_that_does_not_end_is_told_after_five_minutes_with_few_requests() -> None:
    client = Client(refusal("RequestLimitExceeded", status=503))
    with pytest.raises(AwsError) as caught:
        calls(client).read("ec2", "describe_vpcs")
    assert caught.value.code == "RequestLimitExceeded"
    assert 10 < len(client.sent) < 60


def test_a_quota_that_looks_like_a_throttle_is_not_retried_and_names_where_to_raise_it() -> None:
    client = Client(refusal("LimitExceededException", "too many certificates"))
    with pytest.raises(AwsError) as caught:
        calls(client).write("acm", "create_vpc")
    assert len(client.sent) == 1
    assert "certificates per account" in caught.value.summary
    assert "servicequotas/home/services/acm/quotas/L-F141DD1D" in caught.value.next_step


def test_a_lacking_permission_names_action_and_resource() -> None:
    message = "User: arn:aws:iam::1:user/ci is not authorized to perform: ecs:CreateCluster on resource: arn:aws:ecs:x"
    with pytest.raises(AwsError) as caught:
        calls(Client(refusal("AccessDeniedException", message))).write("ecs", "create_vpc")
    assert is_denied(caught.value)
    told = denial(caught.value, "cluster.main")
    assert told.summary == "the permission ecs:CreateCluster is lacking on arn:aws:ecs:x"
    assert told.exit_code == 4


@pytest.mark.parametrize("failure", [refusal("ExpiredToken"), NoCredentialsError()])
def test_missing_or_expired_credentials_say_how_to_log_in(failure: Exception) -> None:
    client = Client(failure)
    with pytest.raises(CredentialsError) as caught:
        calls(client).read("ec2", "describe_vpcs")
    assert "aws login" in caught.value.next_step
    assert len(client.sent) == 1


def test_every_attempt_is_recorded_with_its_code() -> None:
    heard: list[CallRecord] = []
    calls(Client(refusal("Throttling"), {"ok": True}), heard).read("ec2", "describe_vpcs")
    assert [(record.operation, record.code, record.mutating) for record in heard] == [
        ("DescribeVpcs", "Throttling", False),
        ("DescribeVpcs", "200", False),
    ]
