"""Checks of the account itself: who calls, whether the clocks agree, which plan it has, whether App Runner takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wizard.advice.preflight import Checked, State, Topic, account_plan
from wizard.deployment.preflight.look import Look
from wizard.engine.graph import Resource
from wizard.errors import AwsError
from wizard.kinds._app_runner_closed import said_unless_closed

HOME_OF_FREE_TIER = "us-east-1"
LARGEST_SKEW_S = 240.0
"""AWS refuses a request whose clock is more than five minutes off."""


def identity(look: Look) -> Iterable[Checked]:
    """Who calls, and where; asked when the deployment was opened."""
    who = look.deployment.connection.identity
    yield Checked(Topic.IDENTITY, "caller", State.OK, f"{who.arn} in {who.place}")


def clock(look: Look) -> Iterable[Checked]:
    """The time of AWS against that of this machine."""
    subject = "this machine's clock"
    if look.is_sandbox:
        yield Checked(Topic.CLOCK, subject, State.OK, "the SANDBOX runs on this machine")
        return
    headers = look.aws.read("sts", "get_caller_identity").get("ResponseMetadata", {}).get("HTTPHeaders", {})
    told = headers.get("date")
    if not told:
        yield Checked(Topic.CLOCK, subject, State.NOT_CHECKED, "the answer of AWS carried no date")
        return
    skew = (datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds()
    evidence = f"{skew:+.0f} s against AWS"
    if abs(skew) < LARGEST_SKEW_S:
        yield Checked(Topic.CLOCK, subject, State.OK, evidence)
        return
    evidence += "; AWS refuses requests that are five minutes off"
    yield Checked(Topic.CLOCK, subject, State.FAILS, evidence, "sudo timedatectl set-ntp true")


def plan_of_account(look: Look, new: Sequence[Resource]) -> Iterable[Checked]:
    """Whether the account's plan holds back what is wanted; China and GovCloud know no plans."""
    if look.context.scope.partition != "aws":
        return ()
    aws = look.aws_in(HOME_OF_FREE_TIER)
    plan = str(aws.read("freetier", "get_account_plan_state")["accountPlanType"])
    return account_plan.judged(plan, new)


def app_runner(look: Look, new: Sequence[Resource]) -> Iterable[Checked]:
    """Whether App Runner takes new services of this account, where the blueprint has some that do not exist yet."""
    services = [each for each in new if each.kind == "app_runner_service"]
    if not services:
        return
    subject = "App Runner is open to this account"
    try:
        listed = look.aws.read("apprunner", "list_services")["ServiceSummaryList"]
    except AwsError as error:
        said = said_unless_closed(services[0].address, error)
        if said is error:
            raise
        yield Checked(Topic.APP_RUNNER, subject, State.FAILS, said.evidence, said.next_step)
        return
    if listed:
        yield Checked(Topic.APP_RUNNER, subject, State.OK, f"it has services there, such as {listed[0]['ServiceName']}")
        return
    yield Checked(
        Topic.APP_RUNNER,
        subject,
        State.NOT_CHECKED,
        "AWS has taken no new customers since 30 April 2026, and no read tells of an account without a service there",
    )
