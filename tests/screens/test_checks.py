"""The review says in one line what would fail, and in its pane what to type about it."""

from __future__ import annotations

from screens.walk.checks import rows, sum_of
from wizard.advice.preflight import Checked, State, Topic

CHECKS = (
    Checked(Topic.IDENTITY, "caller", State.OK, "user/dana"),
    Checked(Topic.QUOTAS, "VPCs per Region", State.OK, "1 of 5 in use"),
    Checked(Topic.QUOTAS, "Elastic IPs", State.FAILS, "5 of 5 in use", "aws service-quotas ..."),
    Checked(Topic.IMAGES, "api", State.NOT_CHECKED, "its repository is made by the replay", "pilotage image push"),
)


def test_each_topic_has_a_sign_and_the_gravest_of_its_checks_counts() -> None:
    assert sum_of(CHECKS, "").plain == " checks  ✓ identity  ✗ quotas  ? images"


def test_what_would_fail_comes_first_with_what_to_type() -> None:
    told = [row.text.plain for row in rows(CHECKS, "")]
    assert told[:2] == ["✗ Elastic IPs: 5 of 5 in use", "    type: aws service-quotas ..."]
    assert told[-1] == "✓ VPCs per Region: 1 of 5 in use"


def test_checks_that_could_not_be_made_say_why() -> None:
    assert sum_of(None, "no credentials").plain == " checks  not made: no credentials"
    assert sum_of(None, "").plain == " checks  not made yet"
