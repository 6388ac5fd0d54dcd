"""Causes that keep AWS from placing a task at all: there is no stopped task, only an event of the service."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, event_says

RULES: tuple[Rule, ...] = (
    Rule(
        "vCPU quota reached",
        event_says(r"limit on the number of vCPUs", r"vCPU.*limit"),
        "the account's quota of Fargate vCPUs is used up",
        "aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 "
        "--desired-value NUMBER",
    ),
    Rule(
        "no capacity",
        event_says(r"Capacity is unavailable at this time", r"RESOURCE:CAPACITY"),
        "AWS has no Fargate capacity in these Availability Zones right now; it keeps trying",
    ),
    Rule(
        "no free addresses",
        event_says(r"RESOURCE:ENI", r"insufficient free (?:IP )?addresses", r"InsufficientFreeAddresses"),
        "the subnets have no free IP address for another task",
        "aws ec2 describe-subnets --query Subnets[].[SubnetId,AvailableIpAddressCount]",
        final=True,
    ),
    Rule("cannot place tasks", event_says(r"unable to place a task"), "AWS cannot place a task of {service}"),
)
