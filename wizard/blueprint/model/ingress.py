"""How requests from the internet reach the services: an Application Load Balancer with its routes, or nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import HostName, ListOf, Matches, PartName, Section, ZoneName

Certificate = Annotated[
    str,
    Matches(
        r"dns|arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/.+",
        "`dns` (a new certificate, proved through the hosted zone) or the ARN of a certificate in ACM",
    ),
]
RoutePath = Annotated[
    str, Matches(r"/[A-Za-z0-9_.$/~\"'@:+*?&%-]{0,127}", "a path pattern that starts with /, such as /api/*")
]
HealthPath = Annotated[str, Matches(r"/[^\s]{0,1023}", "a path that starts with /, such as /health")]
HealthCodes = Annotated[
    str,
    Matches(
        r"[2-4]\d\d(?:-[2-4]\d\d)?(?:,[2-4]\d\d(?:-[2-4]\d\d)?)*", 'HTTP codes such as "200" or "200-299", in quotes'
    ),
]


class Health(Section):
    """The question a load balancer asks again and again: are you well?"""

    path: HealthPath = Field(default="/health", description="Path that answers when the container is well.")
    codes: HealthCodes = Field(default="200", description="HTTP codes that mean well.")
    interval: int = Field(default=15, ge=5, le=300, description="Seconds between two questions.")
    timeout: int = Field(default=5, ge=2, le=120, description="Seconds to wait for an answer.")
    healthy: int = Field(default=2, ge=2, le=10, description="Good answers in a row until a container gets requests.")
    unhealthy: int = Field(default=3, ge=2, le=10, description="Bad answers in a row until it gets none.")


class Route(Section):
    """One path pattern and the container that answers it."""

    path: RoutePath = Field(default="/*", description="Path pattern. `/*` is everything that no other route takes.")
    service: PartName = Field(description="The service that answers.")
    container: PartName | None = Field(
        default=None, description="Its container. May be left out when only one has a port."
    )
    health: Health = Field(
        default=Health(), description="How the load balancer finds out whether the container is well."
    )


class FixedResponse(Section):
    """The answer to a request that no route takes."""

    status: int = Field(default=404, ge=200, le=599, description="HTTP status.")
    text: str = Field(default="Not found", max_length=1024, description="Plain text of the answer.")


class Alb(Section):
    """An Application Load Balancer with HTTPS: about 24 USD a month before traffic."""

    kind: Literal["alb"] = Field(description="An Application Load Balancer.")
    host: HostName = Field(description="The name people type: a certificate and a DNS record are made for it.")
    zone: ZoneName | None = Field(
        default=None,
        description="The Route 53 hosted zone of the host. Left out: the closest one that the account has.",
    )
    dns: Literal["route53", "elsewhere"] = Field(
        default="route53",
        description="Who serves the host's DNS. `elsewhere`: the run shows the two records that a person has to write "
        "there, and ends with 11 until the certificate is proved; the same command carries on.",
    )
    routes: ListOf[Route] = Field(min_length=1, max_length=50, description="Who answers which path.")
    http: Literal["redirect", "closed"] = Field(
        default="redirect", description="Port 80: send people on to HTTPS, or do not listen at all."
    )
    default: FixedResponse = Field(default=FixedResponse(), description="The answer when no route fits.")
    certificate: Certificate = Field(
        default="dns", description="`dns`: a new certificate, renewed by AWS. Or the ARN of one that exists."
    )
    waf: bool = Field(default=False, description="AWS WAF with AWS's common rules in front: about 8 USD a month.")
    tls_policy: Annotated[str, Matches(r"ELBSecurityPolicy-[A-Za-z0-9-]+", "an ELBSecurityPolicy-... name")] = Field(
        default="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", description="Which TLS versions and ciphers are accepted."
    )
    outbound: Literal["containers", "all"] = Field(
        default="containers",
        description="Where its security group lets it connect: the ports of its containers, or anywhere.",
    )
    idle_timeout: int = Field(default=60, ge=1, le=4000, description="Seconds until a silent connection is closed.")
    deregistration_seconds: int = Field(
        default=30, ge=0, le=3600, description="Seconds that a container which is going away may finish its requests."
    )


class NoIngress(Section):
    """No load balancer. App Runner and Express services bring their own address."""

    kind: Literal["none"] = Field(default="none", description="No load balancer.")


Ingress = Annotated[Alb | NoIngress, Field(discriminator="kind")]
