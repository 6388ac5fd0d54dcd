"""Load balancers, certificates and records: nothing is there before its time, nothing goes while it is used."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Aws, Network


def _balancer(aws: Aws, net: Network, **more: Any) -> dict[str, Any]:
    made = aws.client("elbv2").create_load_balancer(Name="app", Subnets=net.subnets, SecurityGroups=[net.group], **more)
    return dict(made["LoadBalancers"][0])


def _target_group(aws: Aws, net: Network, name: str = "web", port: int = 80) -> str:
    made = aws.client("elbv2").create_target_group(
        Name=name, Protocol="HTTP", Port=port, VpcId=net.vpc, TargetType="ip"
    )
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def _forward(group: str) -> list[dict[str, Any]]:
    return [{"Type": "forward", "TargetGroupArn": group}]


def _zone(aws: Aws) -> str:
    return str(aws.client("route53").list_hosted_zones()["HostedZones"][0]["Id"])


def _change(aws: Aws, action: str, name: str, **record: Any) -> dict[str, Any]:
    change = {"Action": action, "ResourceRecordSet": {"Name": name, **record}}
    answer = aws.client("route53").change_resource_record_sets(
        HostedZoneId=_zone(aws), ChangeBatch={"Changes": [change]}
    )
    return dict(answer["ChangeInfo"])


def _certificate(aws: Aws, domain: str = "app.example.com", **more: Any) -> str:
    made = aws.client("acm").request_certificate(DomainName=domain, ValidationMethod="DNS", **more)
    return str(made["CertificateArn"])


def _prove(aws: Aws, arn: str) -> None:
    aws.pass_time(3)
    shown = aws.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    for option in shown["DomainValidationOptions"]:
        record = option["ResourceRecord"]
        values = [{"Value": record["Value"]}]
        _change(aws, "UPSERT", record["Name"], Type="CNAME", TTL=300, ResourceRecords=values)


def _issued(aws: Aws, domain: str = "app.example.com") -> str:
    arn = _certificate(aws, domain)
    _prove(aws, arn)
    aws.pass_time(60)
    return arn


def test_a_load_balancer_comes_up_after_a_while_with_interfaces_of_its_own(aws: Aws) -> None:
    net = aws.network()
    made = _balancer(aws, net)
    assert made["State"]["Code"] == "provisioning"
    assert made["CanonicalHostedZoneId"] == "Z35SXDOTRQ7X7K"
    aws.pass_time(150)
    shown = aws.client("elbv2").describe_load_balancers(Names=["app"])["LoadBalancers"][0]
    assert shown["State"]["Code"] == "active"
    of_balancer = [{"Name": "description", "Values": ["ELB app/app/*"]}]
    found = aws.client("ec2").describe_network_interfaces(Filters=of_balancer)["NetworkInterfaces"]
    assert {one["SubnetId"] for one in found} == set(net.subnets)
    assert all(one["RequesterId"] == "amazon-elb" and one["Association"]["PublicIp"] for one in found)


def test_the_interfaces_of_a_deleted_load_balancer_go_a_minute_later(aws: Aws) -> None:
    net = aws.network()
    arn = _balancer(aws, net)["LoadBalancerArn"]
    aws.client("elbv2").delete_load_balancer(LoadBalancerArn=arn)
    aws.client("elbv2").delete_load_balancer(LoadBalancerArn=arn)
    assert aws.refusal("ec2", "delete_security_group", GroupId=net.group)[0] == "DependencyViolation"
    aws.pass_time(60)
    aws.client("ec2").delete_security_group(GroupId=net.group)


def test_a_name_is_given_once_and_the_same_settings_give_the_same_thing(aws: Aws) -> None:
    net = aws.network()
    first = _balancer(aws, net)
    assert _balancer(aws, net)["LoadBalancerArn"] == first["LoadBalancerArn"]
    code, _ = aws.refusal("elbv2", "create_load_balancer", Name="app", Subnets=net.subnets, Scheme="internal")
    assert code == "DuplicateLoadBalancerName"
    group = _target_group(aws, net)
    assert _target_group(aws, net) == group
    code, _ = aws.refusal(
        "elbv2", "create_target_group", Name="web", Protocol="HTTP", Port=81, VpcId=net.vpc, TargetType="ip"
    )
    assert code == "DuplicateTargetGroupName"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Subnets": ["subnet-0"]}, "SubnetNotFound"),
        ({"SecurityGroups": ["sg-0"]}, "InvalidSecurityGroup"),
        ({"Name": "internal-app"}, "ValidationError"),
        ({"Name": "app-"}, "ValidationError"),
        ({"Name": "a" * 33}, "ValidationError"),
    ],
)
def test_a_load_balancer_needs_sound_settings(aws: Aws, change: dict[str, Any], code: str) -> None:
    net = aws.network()
    wanted = {"Name": "app", "Subnets": net.subnets, "SecurityGroups": [net.group]} | change
    assert aws.refusal("elbv2", "create_load_balancer", **wanted)[0] == code


def test_a_load_balancer_needs_two_zones_and_a_way_in(aws: Aws) -> None:
    net = aws.network()
    code, message = aws.refusal("elbv2", "create_load_balancer", Name="app", Subnets=net.subnets[:1])
    assert (code, "two different Availability Zones" in message) == ("ValidationError", True)
    aws.client("ec2").detach_internet_gateway(VpcId=net.vpc, InternetGatewayId=net.gateway)
    code, message = aws.refusal("elbv2", "create_load_balancer", Name="app", Subnets=net.subnets)
    assert (code, "no internet gateway" in message) == ("InvalidSubnet", True)


def test_deletion_protection_protects(aws: Aws) -> None:
    arn = _balancer(aws, aws.network())["LoadBalancerArn"]
    on = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    aws.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=on)
    assert aws.refusal("elbv2", "delete_load_balancer", LoadBalancerArn=arn)[0] == "OperationNotPermitted"


def test_an_https_listener_needs_an_issued_certificate_and_a_free_port(aws: Aws) -> None:
    elbv2, net = aws.client("elbv2"), aws.network()
    balancer = _balancer(aws, net)["LoadBalancerArn"]
    group = _target_group(aws, net)
    pending = _certificate(aws)
    wanted = {"LoadBalancerArn": balancer, "Protocol": "HTTPS", "Port": 443, "DefaultActions": _forward(group)}
    with_pending = wanted | {"Certificates": [{"CertificateArn": pending}]}
    assert aws.refusal("elbv2", "create_listener", **with_pending)[0] == "UnsupportedCertificate"
    assert aws.refusal("elbv2", "create_listener", **wanted)[0] == "ValidationError"
    unknown = wanted | {"Certificates": [{"CertificateArn": f"{pending}-of-nobody"}]}
    assert aws.refusal("elbv2", "create_listener", **unknown)[0] == "CertificateNotFound"
    _prove(aws, pending)
    aws.pass_time(60)
    listener = elbv2.create_listener(**with_pending)["Listeners"][0]["ListenerArn"]
    assert aws.refusal("elbv2", "create_listener", **with_pending)[0] == "DuplicateListener"
    assert aws.refusal("acm", "delete_certificate", CertificateArn=pending)[0] == "ResourceInUseException"
    assert aws.refusal("elbv2", "delete_target_group", TargetGroupArn=group)[0] == "ResourceInUse"
    in_use = aws.client("acm").describe_certificate(CertificateArn=pending)["Certificate"]["InUseBy"]
    assert in_use == [balancer]
    elbv2.delete_listener(ListenerArn=listener)
    aws.client("acm").delete_certificate(CertificateArn=pending)
    elbv2.delete_target_group(TargetGroupArn=group)


def test_rules_have_their_own_priority_and_target_groups_their_own_load_balancer(aws: Aws) -> None:
    elbv2, net = aws.client("elbv2"), aws.network()
    group = _target_group(aws, net)
    listeners = []
    for name in ("one", "two"):
        made = elbv2.create_load_balancer(Name=name, Subnets=net.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
        made = elbv2.create_listener(LoadBalancerArn=made, Protocol="HTTP", Port=80, DefaultActions=answer)
        assert "SslPolicy" not in made["Listeners"][0]
        listeners.append(made["Listeners"][0]["ListenerArn"])
    paths = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}]
    rule = {"Priority": 5, "Conditions": paths, "Actions": _forward(group)}
    made_rule = elbv2.create_rule(ListenerArn=listeners[0], **rule)["Rules"][0]["RuleArn"]
    assert aws.refusal("elbv2", "create_rule", ListenerArn=listeners[0], **rule)[0] == "PriorityInUse"
    assert aws.refusal("elbv2", "create_rule", ListenerArn=listeners[1], **rule)[0] == "TargetGroupAssociationLimit"
    elbv2.delete_rule(RuleArn=made_rule)
    assert aws.refusal("elbv2", "delete_rule", RuleArn=made_rule)[0] == "RuleNotFound"
    elbv2.create_rule(ListenerArn=listeners[1], **rule)


def test_a_certificate_is_issued_only_after_its_record_stands(aws: Aws) -> None:
    acm = aws.client("acm")
    arn = _certificate(aws, SubjectAlternativeNames=["*.app.example.com"])
    fresh = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert all("ResourceRecord" not in option for option in fresh["DomainValidationOptions"])
    aws.pass_time(86_400)
    shown = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert shown["Status"] == "PENDING_VALIDATION"
    assert len({option["ResourceRecord"]["Name"] for option in shown["DomainValidationOptions"]}) == 1
    _prove(aws, arn)
    aws.pass_time(50)
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "PENDING_VALIDATION"
    aws.pass_time(10)
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
    second = _certificate(aws)
    aws.pass_time(63)
    aws.client("sts").get_caller_identity()
    aws.pass_time(60)
    assert acm.describe_certificate(CertificateArn=second)["Certificate"]["Status"] == "ISSUED"


def test_a_certificate_without_its_record_times_out(aws: Aws) -> None:
    arn = _certificate(aws)
    aws.pass_time(72 * 3600)
    status = aws.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]["Status"]
    assert status == "VALIDATION_TIMED_OUT"


def test_the_same_token_gives_the_same_certificate_for_an_hour(aws: Aws) -> None:
    arn = _certificate(aws, IdempotencyToken="once")
    assert _certificate(aws, IdempotencyToken="once") == arn
    aws.pass_time(3601)
    assert _certificate(aws, IdempotencyToken="once") != arn


def test_a_change_of_records_is_everywhere_after_half_a_minute(aws: Aws) -> None:
    change = _change(aws, "CREATE", "a.example.com", Type="A", TTL=60, ResourceRecords=[{"Value": "192.0.2.1"}])
    route53 = aws.client("route53")
    assert route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "PENDING"
    aws.pass_time(30)
    assert route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert aws.refusal("route53", "get_change", Id="C0")[0] == "NoSuchChange"


def test_a_batch_is_applied_whole_or_not_at_all(aws: Aws) -> None:
    address = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    _change(aws, "CREATE", "a.example.com", **address)
    changes = [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "b.example.com", **address}},
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "a.example.com", **address}},
    ]
    code, message = aws.refusal(
        "route53", "change_resource_record_sets", HostedZoneId=_zone(aws), ChangeBatch={"Changes": changes}
    )
    assert (code, "it already exists" in message) == ("InvalidChangeBatch", True)
    records = aws.client("route53").list_resource_record_sets(HostedZoneId=_zone(aws))["ResourceRecordSets"]
    assert "b.example.com." not in {record["Name"] for record in records}


@pytest.mark.parametrize(
    ("action", "record", "part"),
    [
        ("DELETE", {"Name": "none.example.com", "Type": "A"}, "it was not found"),
        ("DELETE", {"Name": "a.example.com", "Type": "A", "TTL": 61}, "do not match the current values"),
        ("CREATE", {"Name": "a.example.com", "Type": "CNAME"}, "conflicts with other records"),
        ("CREATE", {"Name": "example.com", "Type": "CNAME"}, "not permitted at apex"),
        ("CREATE", {"Name": "a.example.org", "Type": "A"}, "not permitted in zone example.com."),
    ],
)
def test_a_change_that_does_not_fit_is_refused(aws: Aws, action: str, record: dict[str, Any], part: str) -> None:
    value = {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    _change(aws, "CREATE", "a.example.com", Type="A", **value)
    changes = [{"Action": action, "ResourceRecordSet": value | record}]
    code, message = aws.refusal(
        "route53", "change_resource_record_sets", HostedZoneId=_zone(aws), ChangeBatch={"Changes": changes}
    )
    assert code == "InvalidChangeBatch"
    assert part in message


def test_an_alias_must_name_the_zone_of_its_load_balancer(aws: Aws) -> None:
    balancer = _balancer(aws, aws.network())
    alias = {"DNSName": balancer["DNSName"], "EvaluateTargetHealth": True}
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": "app.example.com",
                "Type": "A",
                "AliasTarget": alias | {"HostedZoneId": "Z3AADJGX6KTTL2"},
            },
        }
    ]
    code, message = aws.refusal(
        "route53", "change_resource_record_sets", HostedZoneId=_zone(aws), ChangeBatch={"Changes": changes}
    )
    assert (code, "does not lie within" in message) == ("InvalidChangeBatch", True)
    good = alias | {"HostedZoneId": balancer["CanonicalHostedZoneId"]}
    _change(aws, "UPSERT", "*.example.com", Type="A", AliasTarget=good)
    records = aws.client("route53").list_resource_record_sets(HostedZoneId=_zone(aws))["ResourceRecordSets"]
    assert "\\052.example.com." in {record["Name"] for record in records}


def test_a_zone_is_made_once_for_a_caller_reference_and_deleted_when_empty(aws: Aws) -> None:
    route53 = aws.client("route53")
    made = route53.create_hosted_zone(Name="example.org", CallerReference="one")
    assert made["HostedZone"]["Id"].startswith("/hostedzone/Z")
    assert made["ChangeInfo"]["Status"] == "PENDING"
    code, _ = aws.refusal("route53", "create_hosted_zone", Name="example.net", CallerReference="one")
    assert code == "HostedZoneAlreadyExists"
    _change(aws, "CREATE", "a.example.com", Type="A", TTL=60, ResourceRecords=[{"Value": "192.0.2.1"}])
    assert aws.refusal("route53", "delete_hosted_zone", Id=_zone(aws))[0] == "HostedZoneNotEmpty"
    route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])
