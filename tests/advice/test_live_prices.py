"""Live prices stand in place of the table's where AWS's list gives one price, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.advice.papers import starter
from wizard.advice.cost import price_list, price_text
from wizard.advice.live_prices import live_prices, questions
from wizard.advice.paper import Paper
from wizard.kinds import prices


def product(usage: str, *amounts: float, unit: str = "Hrs", **attributes: str) -> dict[str, Any]:
    """A product as GetProducts lists it, as text."""
    dimensions = {str(n): {"unit": unit, "pricePerUnit": {"USD": str(price)}} for n, price in enumerate(amounts)}
    terms = {"OnDemand": {"one": {"priceDimensions": dimensions}}, "Reserved": {"two": {"priceDimensions": {}}}}
    return {"product": {"attributes": {"usagetype": usage, **attributes}}, "terms": terms}


class PriceBook:
    """Stands for AWS's price list: knows these products, and answers by service and equal attributes."""

    def __init__(self, **products: list[dict[str, Any]]) -> None:
        self.products = products
        self.asked: list[str] = []

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        assert (service, operation, key) == ("pricing", "get_products", "PriceList")
        self.asked.append(params["ServiceCode"])
        wanted = {each["Field"]: each["Value"] for each in params["Filters"] if each["Field"] != "regionCode"}
        for each in self.products.get(params["ServiceCode"], []):
            if wanted.items() <= each["product"]["attributes"].items():
                yield json.dumps(each)

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        raise AssertionError("the list is paged")

    write = once = read


NAT = product("EUC1-NatGateway-Hours", 0.052, productFamily="NAT Gateway")
BYTES = product("EUC1-NatGateway-Bytes", 0.052, productFamily="NAT Gateway", unit="GB")


def dev(*sets: str) -> Paper:
    return starter("fasttriage", "dev", *sets, region="eu-central-1")


def test_a_live_price_is_that_of_the_region_and_the_rest_is_the_tables() -> None:
    live = live_prices(PriceBook(AmazonEC2=[NAT, BYTES]), dev())
    assert live.hourly == {prices.NAT_GATEWAY: 0.052}
    found = price_list(dev(), live.hourly)
    priced = {each.address: each.monthly_usd for each in found.prices}
    assert priced["nat_gateway.a"] == pytest.approx(0.052 * 730)
    assert priced["load_balancer.main"] == pytest.approx(23.73)
    assert "live prices of eu-central-1: nat-gateway" in price_text(found)
    assert found.as_json()["live_prices"] == ["nat-gateway"]


def test_afterwards_the_table_stands_again() -> None:
    before = price_list(dev()).monthly_usd
    price_list(dev(), {prices.NAT_GATEWAY: 5.0})
    assert price_list(dev()).monthly_usd == before


def test_fargate_is_priced_by_the_architecture_that_runs_and_not_by_spot() -> None:
    book = PriceBook(
        AmazonECS=[
            product("EUC1-Fargate-vCPU-Hours:perCPU", 0.05, unit="hours"),
            product("EUC1-Fargate-GB-Hours", 0.005, unit="hours"),
            product("EUC1-Fargate-ARM-vCPU-Hours:perCPU", 0.04, unit="hours"),
            product("EUC1-SpotUsage-Fargate-vCPU-Hours:perCPU", 0.01, unit="hours"),
        ]
    )
    assert live_prices(book, dev()).hourly == {"fargate/X86_64/vcpu": 0.05, "fargate/X86_64/gb": 0.005}


@pytest.mark.parametrize("amounts", [(), (0.0,), (0.1, 0.2)])
def test_an_answer_that_is_not_one_price_is_not_believed(amounts: tuple[float, ...]) -> None:
    book = PriceBook(AmazonEC2=[product("NatGateway-Hours", *amounts, productFamily="NAT Gateway")])
    live = live_prices(book, dev())
    assert prices.NAT_GATEWAY in live.unknown
    assert live.hourly == {}


def test_a_class_that_the_table_does_not_know_is_priced_live() -> None:
    paper = starter("augmed", None, "database.class=db.m8g.large")
    (server,) = [each for each in price_list(paper).prices if each.address == "db_instance.main"]
    assert server.monthly_usd is None
    one = {"instanceType": "db.m8g.large", "databaseEngine": "PostgreSQL", "deploymentOption": "Single-AZ"}
    two = {**one, "deploymentOption": "Multi-AZ"}
    usage = "InstanceUsage:db.m8g.large"
    book = PriceBook(AmazonRDS=[product(usage, 0.2, **one), product(f"Multi-AZ{usage}", 0.4, **two)])
    live = live_prices(book, paper)
    assert live.hourly == {"postgres/db.m8g.large": 0.2}
    (server,) = [each for each in price_list(paper, live.hourly).prices if each.address == "db_instance.main"]
    assert server.monthly_usd == pytest.approx(0.2 * 730 + 20 * 0.115)


def test_each_thing_is_asked_for_once() -> None:
    names = [each.name for each in questions(starter("fasttriage", "prod"))]
    assert len(names) == len(set(names))
    assert {"load-balancer", "nat-gateway", "fargate/X86_64/vcpu"} <= {*names}
