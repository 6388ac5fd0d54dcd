"""A sign-in as a blueprint says it and as Elastic Load Balancing does: nothing is lost, nothing looser goes unseen."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.kinds import _sign_in
from wizard.kinds.registry import all_kinds

SAID = {"pool": "arn:pool", "client": "client", "domain": "people", "seconds": 3600}
FORWARD = {"Type": "forward", "TargetGroupArn": "arn:group"}


def test_what_is_asked_is_what_is_read() -> None:
    sign_in, rest = _sign_in.split(list(reversed(_sign_in.before(SAID, FORWARD))))
    assert (sign_in, rest) == (SAID, [{**FORWARD, "Order": 2}])
    assert _sign_in.before({}, FORWARD) == [FORWARD]
    assert _sign_in.split([FORWARD]) == ({}, [FORWARD])


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"OnUnauthenticatedRequest": "allow"}, {"otherwise": "allow"}),
        ({"Scope": "openid email"}, {"scope": "openid email"}),
        ({"SessionTimeout": 604_800}, {"seconds": 604_800}),
    ],
)
def test_a_setting_that_somebody_else_made_is_a_difference(changed: dict[str, Any], shown: dict[str, Any]) -> None:
    first, second = _sign_in.before(SAID, FORWARD)
    first["AuthenticateCognitoConfig"] |= changed
    assert _sign_in.split([first, second])[0] == SAID | shown


def test_rules_of_aws_are_told() -> None:
    listener, rule = all_kinds()["listener"], all_kinds()["listener_rule"]
    plain = {"port": 80, "protocol": "HTTP", "action": {"fixed": 404}, "sign_in": SAID}
    assert listener.problems(plain) == ["sign_in: only an HTTPS listener can ask people to sign in"]
    long = {**plain, "protocol": "HTTPS", "certificate": "arn", "sign_in": {**SAID, "seconds": 604_801}}
    assert listener.problems(long) == ["sign_in: a session lasts 1 to 604800 seconds, not 604801"]
    shifting = {"priority": 10, "paths": ["/*"], "forward": ["a", "b"], "sign_in": SAID}
    assert rule.problems(shifting) == ["sign_in: ECS fails a deployment whose rule does more than forward"]
