"""Changes that people make to a running system are as safe as its creation: the new stands before the old goes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.practice import Practice
from tests.acceptance.test_trouble import client

STARTER = "carepolicy-hub.yaml"
CONTAINER = "services.carepolicy-hub.containers.carepolicy-hub"


def actions(practice: Practice, *sets: str) -> dict[str, str]:
    """Replay with changes; the planned actions by address, the stable world checked afterwards."""
    options = [part for each in sets for part in ("--set", each)]
    changed = practice.replay(STARTER, *options)
    assert (changed.code, changed.last["verdict"]) == (0, "ok"), changed.stderr + changed.stdout[-1500:]
    again = practice.replay(STARTER, *options)
    assert again.last["verdict"] == "no_changes", again.stdout[-1500:]
    planned = [line for line in changed.lines if line["type"] == "planned_change"]
    return {line["address"]: line["action"] for line in planned if line["action"] != "delete"}


@pytest.fixture
def running(practice: Practice) -> Practice:
    assert practice.replay(STARTER).code == 0
    return practice


def ports(practice: Practice) -> list[Any]:
    return [group["Port"] for group in client(practice, "elbv2").describe_target_groups()["TargetGroups"]]


def test_more_memory_is_a_new_revision_of_the_same_service(running: Practice) -> None:
    assert actions(running, "services.carepolicy-hub.memory=4096") == {
        "task_definition.carepolicy-hub": "update",
        "service.carepolicy-hub": "update",
    }


def test_another_port_gets_a_target_group_beside_the_old_one_which_goes_last(running: Practice) -> None:
    found = actions(running, f"{CONTAINER}.port=5002", f'{CONTAINER}.environment.PORT="5002"')
    assert found["target_group.carepolicy-hub"] == "replace"
    assert found["service.carepolicy-hub"] == "update"
    assert ports(running) == [5002]


def test_another_host_gets_a_certificate_beside_the_old_one_which_goes_last(running: Practice) -> None:
    found = actions(running, "ingress.host=policies.example.com")
    assert found["certificate.main"] == "replace"
    assert found["listener.https"] == "update"
    certificates = client(running, "acm").list_certificates()["CertificateSummaryList"]
    assert [one["DomainName"] for one in certificates] == ["policies.example.com"]
    zone = client(running, "route53").list_hosted_zones()["HostedZones"][0]["Id"]
    names = {
        one["Name"]
        for one in client(running, "route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    }
    assert "policies.example.com." in names and "carepolicy-hub.example.com." not in names


def test_a_longer_retention_changes_the_log_group_alone(running: Practice) -> None:
    assert actions(running, "observability.log_days=365") == {"log_group.carepolicy-hub": "update"}
