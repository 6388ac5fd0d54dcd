"""A host whose DNS is kept elsewhere: the run shows the record, ends with 11, and carries on once it is written."""

from __future__ import annotations

import boto3

from tests.acceptance.practice import Practice
from wizard.aws import sandbox

FILE = "chatkit.yaml"
ELSEWHERE = ("--set", "ingress.dns=elsewhere", "--set", "ingress.zone=null")


def write_record(practice: Practice, name: str, type_: str, value: str) -> None:
    """What a person does in the form of another DNS provider."""
    endpoint = sandbox.find(practice.home)
    assert endpoint is not None
    route53 = boto3.client(
        "route53",
        endpoint_url=endpoint.url,
        region_name="us-east-1",
        aws_access_key_id="somebody",
        aws_secret_access_key="else",
    )
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    record = {"Name": name, "Type": type_, "TTL": 300, "ResourceRecords": [{"Value": value}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def test_the_record_is_shown_and_the_same_command_carries_on_once_it_is_there(practice: Practice) -> None:
    waiting = practice.replay(FILE, *ELSEWHERE)
    assert (waiting.code, waiting.last["verdict"]) == (11, "waiting")
    told = next(line for line in waiting.lines if line["type"] == "apply_errored")
    words = str(told["detail"]["what"])
    name, type_, value = words.rsplit(" ", 3)[1:]
    assert type_ == "CNAME"
    assert name in waiting.stderr
    write_record(practice, name, type_, value)
    done = practice.replay(FILE, *ELSEWHERE)
    assert done.code == 0, done.stderr
    outputs = next(line["detail"] for line in done.lines if line["type"] == "outputs")
    assert outputs["dns_record"].endswith(str(outputs["load_balancer"]))
    again = practice.replay(FILE, *ELSEWHERE)
    assert again.last["verdict"] == "no_changes"
    records = [str(item["name"]) for item in practice.inventory() if item["type"] == "record"]
    assert [each for each in records if "chatkit" in each] == [name]


def test_a_zone_beside_it_is_refused_with_both_ways_out(practice: Practice) -> None:
    refused = practice.run("plan", f"blueprints/{FILE}", "--sandbox", "--set", "ingress.dns=elsewhere")
    assert refused.code == 2
    assert "remove `zone`" in refused.stderr
