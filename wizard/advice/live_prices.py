"""Prices from AWS's own price list for what costs most: load balancer, NAT gateway, Fargate, databases, brokers.

The list is asked for each of them; an answer that is not one price alone is not believed, and the table stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.advice.paper import Paper
from wizard.engine.kind import Calls
from wizard.kinds import prices

REGION = "us-east-1"
"""Where the price list is; it knows the prices of every Region."""
HOURS = frozenset({"Hrs", "hours", "Hours", "vCPU-Hours", "GB-Hours"})
_DATABASES = {"postgres": "PostgreSQL", "aurora-postgresql": "Aurora PostgreSQL"}


@dataclass(frozen=True)
class Question:
    """What to ask for one price: a service, attributes that must be equal, and how its usage type ends.

    In most Regions a usage type begins with the Region (`EUC1-NatGateway-Hours`).
    """

    name: str
    service: str
    usage: str
    attributes: Mapping[str, str]

    def fits(self, usage_type: str) -> bool:
        """Whether a product is meant."""
        return re.fullmatch(rf"(?:[A-Z]{{2,4}}\d?-)?(?:{self.usage})", usage_type) is not None


@dataclass(frozen=True)
class LivePrices:
    """An hour of each thing that was found, and what was asked for in vain."""

    hourly: Mapping[str, float]
    unknown: tuple[str, ...]


def live_prices(aws: Calls, paper: Paper) -> LivePrices:
    """Ask for everything in a deployment that the list can price, in its Region. Raises `AwsError`."""
    found: dict[str, float] = {}
    unknown = []
    for question in questions(paper):
        answers = set(_asked(aws, question, paper.scope.region))
        if len(answers) == 1:
            found[question.name] = answers.pop()
        else:
            unknown.append(question.name)
    return LivePrices(found, tuple(unknown))


def questions(paper: Paper) -> list[Question]:
    """What there is to ask for, each once."""
    asked = [question for resource in paper.graph.resources.values() for question in _about(resource.kind, resource)]
    return sorted({question.name: question for question in asked}.values(), key=lambda each: each.name)


def _about(kind: str, resource: Any) -> Iterator[Question]:
    said = resource.properties
    if kind in ("load_balancer", "express_service"):
        alb = {"operation": "LoadBalancing:Application"}
        yield Question(prices.LOAD_BALANCER, "AWSELB", "LoadBalancerUsage", alb)
    if kind == "nat_gateway":
        yield Question(prices.NAT_GATEWAY, "AmazonEC2", "NatGateway-Hours", {"productFamily": "NAT Gateway"})
    if kind in ("service", "express_service"):
        size = said.get("size", said)
        yield from _fargate(str(size.get("architecture") or "X86_64"))
    if kind in ("db_instance", "db_cluster_instance"):
        yield from _database(str(said.get("engine")), str(said.get("instance_class")))
    if kind == "broker":
        size = str(said.get("instance"))
        name = prices.instance(prices.RABBITMQ, size)
        yield Question(name, "AmazonMQ", ".*", {"instanceType": size, "brokerEngine": "RabbitMQ"})


def _fargate(architecture: str) -> Iterable[Question]:
    arm = "ARM-" if architecture == "ARM64" else ""
    for part, usage in zip(prices.FARGATE, ("vCPU-Hours:perCPU", "GB-Hours"), strict=True):
        yield Question(f"fargate/{architecture}/{part}", "AmazonECS", f"Fargate-{arm}{usage}", {})


def _database(engine: str, size: str) -> Iterable[Question]:
    """Of one zone; a serverless instance is paid by its capacity."""
    if size == "db.serverless":
        return
    usage, attributes = rf"InstanceUsage:{re.escape(size)}", {"instanceType": size}
    if engine == "docdb":
        yield Question(prices.instance(engine, size), "AmazonDocDB", usage, attributes)
    elif engine in _DATABASES:
        more = {"databaseEngine": _DATABASES[engine], "deploymentOption": "Single-AZ"}
        yield Question(prices.instance(engine, size), "AmazonRDS", usage, {**attributes, **more})


def _asked(aws: Calls, question: Question, region: str) -> Iterator[float]:
    """Every price above nothing of the products that are meant."""
    equal = {"regionCode": region, **question.attributes}
    filters = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in equal.items()]
    for text in aws.pages("pricing", "get_products", "PriceList", ServiceCode=question.service, Filters=filters):
        product = json.loads(text)
        if question.fits(product["product"]["attributes"].get("usagetype", "")):
            yield from _on_demand(product)


def _on_demand(product: Mapping[str, Any]) -> Iterator[float]:
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            price = float(dimension["pricePerUnit"].get("USD", 0))
            if price and dimension.get("unit") in HOURS:
                yield price
