"""Secrets: compared without being read, restored rather than refused, and never told to anybody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kinds.cases.compute import sensitive
from tests.kinds.driver import DEPLOYMENT, Account, Builder
from wizard.engine.graph import Resource
from wizard.engine.kind import Live
from wizard.engine.values import SecretInput, shown
from wizard.engine.world import differences
from wizard.errors import AwsError, PilotageError, PreflightError, UsageError
from wizard.kinds.registry import all_kinds

KIND = all_kinds()["secret"]
NAME = "shop/dev/API_KEY"
VALUE = "a-value-that-nobody-may-see"
ADDRESS = "secret.api-key"


def secret(value: Any, **more: Any) -> Resource:
    return Resource("secret", "api-key", {"name": NAME, "value": value, "description": "a key"} | more)


def value_in_aws(account: Account) -> str:
    answer = account.aws.read("secretsmanager", "get_secret_value", SecretId=NAME, VersionStage="AWSCURRENT")
    return str(answer["SecretString"])


def made(account: Account, value: Any) -> Live:
    return Builder(account, account.context()).converge(secret(value))


def test_reading_compares_without_fetching_any_value(account: Account) -> None:
    made(account, sensitive(VALUE))
    before = len(account.calls)
    wanted = secret(sensitive(VALUE)).properties
    (live,) = KIND.read_many(account.context(), {ADDRESS: wanted})
    assert differences(KIND, wanted, live) == ()
    called = [call.operation for call in account.calls[before:] if call.service == "secretsmanager"]
    assert called == ["ListSecrets"]


def test_another_value_is_a_difference_and_going_back_to_an_earlier_one_works_too(account: Account) -> None:
    for value in ("first", "second", "first"):
        made(account, sensitive(value))
        assert value_in_aws(account) == value


def test_a_value_that_nobody_supplies_stays_as_it_is(account: Account) -> None:
    made(account, sensitive(VALUE))
    made(account, SecretInput("API_KEY"))
    assert value_in_aws(account) == VALUE


def test_a_made_up_value_has_the_length_asked_for_and_is_made_up_once(account: Account) -> None:
    made(account, SecretInput("API_KEY", generate=40))
    first = value_in_aws(account)
    made(account, SecretInput("API_KEY", generate=40))
    assert len(first) == 40
    assert first.isalnum()
    assert value_in_aws(account) == first


def test_the_live_value_can_be_revealed_for_composing_others(account: Account) -> None:
    live = made(account, SecretInput("API_KEY", generate=12))
    assert live.attributes["value"].reveal() == value_in_aws(account)


def test_without_any_value_the_error_names_the_three_ways_to_give_one(account: Account) -> None:
    context = account.context()
    with pytest.raises(UsageError) as raised:
        KIND.create(context, ADDRESS, secret(SecretInput("API_KEY")).properties, context.token(ADDRESS))
    for way in ("--secrets-file", "PILOTAGE_SECRET_API_KEY", "generate: true"):
        assert way in raised.value.next_step


def test_one_that_is_scheduled_for_deletion_is_restored_with_the_new_value(account: Account) -> None:
    live = made(account, sensitive("before"))
    KIND.delete(account.context(), live)
    assert KIND.read_many(account.context(), {ADDRESS: secret(sensitive(VALUE)).properties}) == []
    assert made(account, sensitive(VALUE)).owner == DEPLOYMENT
    assert value_in_aws(account) == VALUE


def test_a_strangers_secret_that_is_scheduled_for_deletion_is_not_restored(account: Account) -> None:
    account.aws.write("secretsmanager", "create_secret", Name=NAME, SecretString="theirs")
    account.aws.write("secretsmanager", "delete_secret", SecretId=NAME, RecoveryWindowInDays=7)
    context = account.context()
    with pytest.raises(PreflightError):
        KIND.create(context, ADDRESS, secret(sensitive(VALUE)).properties, context.token(ADDRESS))
    assert account.aws.read("secretsmanager", "describe_secret", SecretId=NAME)["DeletedDate"]


class Refusing:
    """Refuses every change, as AWS does without a permission."""

    def __init__(self, account: Account) -> None:
        self._aws = account.aws
        self.sent: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._aws, name)

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        self.sent = params
        raise AwsError(f"{service}:{operation}", "AccessDeniedException", "no")


def test_a_value_is_in_no_repr_no_error_and_no_call_record(account: Account) -> None:
    live = made(account, sensitive(VALUE))
    refusing = Refusing(account)
    context = account.context(aws=refusing)
    other = secret(sensitive(VALUE + "-2")).properties
    with pytest.raises(PilotageError) as raised:
        KIND.update(context, live, other, frozenset({"value"}))
    assert refusing.sent["SecretString"] == VALUE + "-2"
    error = raised.value
    told = [repr(error), str(error), error.summary, error.evidence, error.safe, error.next_step]
    told += [repr(live), str(shown(live.properties)), repr(other), repr(account.calls), repr(context)]
    told += [repr(one) for one in differences(KIND, other, live)]
    assert not any(VALUE in text for text in told)


@pytest.mark.parametrize("name", ["with blank", "with#hash", "x" * 257])
def test_names_that_aws_refuses_are_problems(name: str) -> None:
    assert KIND.problems({"name": name})
