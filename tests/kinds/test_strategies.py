"""How a service's settings about new versions travel to ECS and back, and what AWS would refuse of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from wizard.kinds import _balancers, _metrics, _strategy
from wizard.kinds.service import Service

PAIR = {"target_group": "blue", "container": "web", "port": 80, "alternate": "green", "rule": "r", "role": "i"}
SWAPPED = PAIR | {"target_group": "green", "alternate": "blue"}
BLUE_GREEN = {"strategy": "BLUE_GREEN", "bake_minutes": 5, "load_balancers": [PAIR]}


@pytest.mark.parametrize(
    "settings",
    [
        {"strategy": "ROLLING", "minimum_healthy": 50, "maximum": 150},
        {"strategy": "BLUE_GREEN", "bake_minutes": 5, "alarms": {"names": ["b", "a"], "rollback": True}},
        {"strategy": "CANARY", "bake_minutes": 0, "canary": {"percent": 10, "minutes": 5}},
        {"strategy": "LINEAR", "bake_minutes": 1, "linear": {"percent": 25, "minutes": 2}},
        {"strategy": "LINEAR", "bake_minutes": 1, "breaker": {"enable": True, "rollback": True, "threshold": 2}},
    ],
)
def test_what_is_sent_reads_back_as_it_was_wanted(settings: Mapping[str, Any]) -> None:
    described = _strategy.described(_strategy.requested(settings)["deploymentConfiguration"])
    assert [name for name, value in settings.items() if not Service().same(name, value, described[name])] == []


def test_going_back_to_rolling_takes_the_alarms_off_that_watched_the_shift() -> None:
    configuration = _strategy.requested({"strategy": "ROLLING"})["deploymentConfiguration"]
    assert configuration["alarms"] == {"alarmNames": [], "enable": False, "rollback": False}


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"strategy": "BLUE-GREEN"}, "is none of"),
        ({"strategy": "BLUE_GREEN", "load_balancers": [PAIR]}, "bake_minutes"),
        ({"strategy": "CANARY", "bake_minutes": 1, "load_balancers": []}, "needs an alternate"),
        ({**BLUE_GREEN, "linear": {"percent": 2, "minutes": 1}}, "3 to 100 percent"),
        ({**BLUE_GREEN, "canary": {"percent": 10, "minutes": 2000}}, "0 to 1440 minutes"),
    ],
)
def test_what_a_strategy_lacks_is_named(settings: Mapping[str, Any], problem: str) -> None:
    assert problem in "; ".join(Service().problems(settings))


def test_all_tasks_may_stay_while_the_new_ones_start_beside_them() -> None:
    everything = {"minimum_healthy": 100, "maximum": 100}
    assert Service().problems({**BLUE_GREEN, **everything}) == []
    assert Service().problems({"strategy": "ROLLING", **everything}) != []


def test_a_new_version_is_expected_to_take_its_steps_and_the_bake_time() -> None:
    service, rolling = Service(), {"strategy": "ROLLING", "load_balancers": [PAIR]}
    linear = {"strategy": "LINEAR", "bake_minutes": 10, "linear": {"percent": 30, "minutes": 5}}
    canary = {"strategy": "CANARY", "bake_minutes": 10, "canary": {"percent": 30, "minutes": 5}}
    base = service.update_seconds(rolling)
    assert service.update_seconds({**rolling, **linear}) - base == 60 * (10 + 3 * 5) + _strategy.STAGE_SECONDS
    assert service.update_seconds({**rolling, **canary}) - base == 60 * (10 + 5) + _strategy.STAGE_SECONDS
    assert service.limit_seconds({**rolling, **linear}) > service.update_seconds({**rolling, **linear})
    assert service.create_seconds({**rolling, **linear}) == service.create_seconds(rolling)


def test_which_of_two_target_groups_serves_is_no_difference_and_anything_else_is() -> None:
    assert _balancers.same([PAIR], [SWAPPED])
    assert not _balancers.same([PAIR], [PAIR | {"alternate": "other"}])
    assert not _balancers.same([PAIR], [SWAPPED | {"rule": "another"}])
    assert not _balancers.same([PAIR], [{"target_group": "blue", "container": "web", "port": 80}])


def test_a_call_leaves_the_group_in_its_place_that_the_service_has_already() -> None:
    only = {"target_group": "green", "container": "web", "port": 80}
    (sent,) = _balancers.requested([PAIR], [only])
    assert sent["targetGroupArn"] == "green"
    assert sent["advancedConfiguration"]["alternateTargetGroupArn"] == "blue"
    assert _balancers.same([PAIR], _balancers.described({"loadBalancers": [sent]}))


def test_an_alarm_on_two_groups_adds_them_up_and_a_group_without_values_counts_as_none() -> None:
    settings = {
        "namespace": "AWS/ApplicationELB",
        "metric": "HealthyHostCount",
        "dimensions": [{"TargetGroup": "a"}, {"TargetGroup": "b"}],
        "statistic": "Minimum",
        "period": 60,
    }
    request = _metrics.requested(settings)
    assert request["Metrics"][-1] == {"Id": "sum", "Expression": "FILL(m1,0)+FILL(m2,0)", "ReturnData": True}
    assert _metrics.described(request) == settings
