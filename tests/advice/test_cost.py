"""What a deployment costs: every resource is priced or named as not priced, and the sum is that of the plan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.advice.papers import STARTERS, goldens, starter
from tests.kinds.cases import Case, all_cases
from wizard.advice.charges import Charge, charge_of
from wizard.advice.cost import Price, PriceList, price_list, price_text
from wizard.advice.paper import known
from wizard.advice.sections import SECTIONS
from wizard.engine.graph import Graph, Resource
from wizard.kinds import prices
from wizard.kinds.registry import all_kinds
from wizard.kinds.service import Service


@pytest.mark.parametrize(("name", "env"), STARTERS)
def test_the_price_list_of_a_starter_is_as_reviewed(name: str, env: str | None) -> None:
    """A wanted change is written with `python -m tests.advice.papers` and reviewed as a difference."""
    (file,) = [file for file in goldens(name, env) if file.name.endswith("cost.txt")]
    assert goldens(name, env)[file] == file.read_text()


@pytest.mark.parametrize(("name", "env"), STARTERS)
def test_every_resource_is_in_the_list_and_the_sum_is_theirs(name: str, env: str | None) -> None:
    paper = starter(name, env)
    found = price_list(paper)
    assert [each.address for each in found.prices] == sorted(paper.graph.resources)
    alone = [all_kinds()[each.kind].monthly_usd(known(each.properties)) for each in paper.graph.resources.values()]
    assert found.monthly_usd == pytest.approx(sum(each or 0 for each in alone))
    assert found.hourly_usd * prices.HOURS_A_MONTH == pytest.approx(found.monthly_usd)


def test_a_resource_without_a_known_price_is_named_and_is_not_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Service, "monthly_usd", lambda self, properties: None)
    found = price_list(starter("fasttriage", "dev"))
    assert found.not_priced == ("service.backend", "service.worker")
    lines = price_text(found)
    assert [line.split() for line in lines if "service." in line] == [
        ["service.backend", "not", "priced"],
        ["service.worker", "not", "priced"],
    ]
    assert any(line.startswith("total of what is priced") for line in lines)
    assert "services" in lines, "a sum of a section with an unknown part would be wrong"
    shown = [each for each in found.as_json()["resources"] if not each["priced"]]
    assert [(each["monthly_usd"], each["hourly_usd"]) for each in shown] == [(None, None)] * 2


def test_what_is_paid_by_use_is_said_for_what_is_there_and_traffic_always() -> None:
    dev, hub = price_list(starter("fasttriage", "dev")), price_list(starter("carepolicy-hub"))
    assert ("NAT gateway", "0.045 a GB that passes through it") in dev.not_included()
    assert "NAT gateway" not in dict(hub.not_included())
    assert "internet" in dict(hub.not_included())["Traffic"]


def test_an_interface_endpoint_is_paid_by_the_gigabyte_too_and_a_gateway_endpoint_is_not() -> None:
    found = price_list(starter("fasttriage", "dev", "network.endpoints=[s3, logs]"))
    priced = {each.address: each for each in found.prices if each.address.startswith("vpc_endpoint.")}
    assert priced["vpc_endpoint.s3"].by_use == ""
    assert (priced["vpc_endpoint.logs"].monthly_usd, priced["vpc_endpoint.logs"].by_use != "") == (14.6, True)


def test_prices_are_dated_and_another_region_is_named() -> None:
    lines = price_text(PriceList("a/dev", "eu-central-1", (Price("x.y", "X", "other", 1.0),)))
    assert lines[1] == f"prices of {prices.DATED}, from {prices.SOURCE}"
    assert "this Region is eu-central-1" in lines[0]
    assert not any("eu-central-1" in line for line in price_text(PriceList("a/dev", "us-east-1", ())))


def test_every_section_of_every_kind_is_shown() -> None:
    kinds = all_kinds()
    paper = starter("fasttriage", "dev")
    every = Graph.of([Resource(kind, "one", {}) for kind in kinds if _prices_nothing_known(kind)])
    found = price_list(type(paper)(every, paper.scope))
    assert {each.section for each in found.prices} <= set(SECTIONS)
    shown = [each for _, members in found.sections() for each in members]
    assert sorted(shown + found.free(), key=lambda each: each.address) == list(found.prices)


def _prices_nothing_known(kind: str) -> bool:
    """Whether a kind can be asked for its price without properties, which options always give."""
    try:
        all_kinds()[kind].monthly_usd({})
    except (KeyError, TypeError):
        return False
    return True


@pytest.mark.parametrize(("name", "env"), STARTERS)
def test_no_line_is_wider_than_a_terminal(name: str, env: str | None) -> None:
    assert max(map(len, price_text(price_list(starter(name, env))))) <= 80


def amounts(lines: list[str]) -> Iterator[float]:
    """The monthly amounts of resources, which stand indented."""
    for line in lines:
        if line.startswith("  ") and line.split()[-1].replace(".", "").replace(",", "").isdigit() and "." in line[:30]:
            yield float(line.split()[-1].replace(",", ""))


def test_the_amounts_that_are_shown_add_up_to_the_total_that_is_shown() -> None:
    lines = price_text(price_list(starter("fasttriage", "dev")))
    (total,) = [float(line.split()[-1]) for line in lines if line.startswith("total")]
    assert sum(amounts(lines)) == pytest.approx(total, abs=0.005)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_every_kind_is_priced_or_paid_by_use_or_free_with_a_reason(case: Case) -> None:
    kind, properties = all_kinds()[case.kind], known(case.properties)
    monthly, charge = kind.monthly_usd(properties), charge_of(case.kind, properties)
    assert not (charge.rates and charge.free)
    if monthly == 0.0:
        assert charge.rates or charge.free, "0.00 says nothing: free, or paid by use?"
    else:
        assert not charge.free
    assert all(price > 0 and words.split()[0] in ("a", "an", "for") for price, words in charge.rates)


def test_a_kind_that_says_zero_and_nobody_says_why_is_not_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.advice.cost.charge_of", lambda kind, properties: Charge())
    found = price_list(starter("fasttriage", "dev"))
    assert "vpc.main" in found.not_priced
    assert found.free() == []


def test_free_things_say_why_and_things_paid_by_use_say_how_much() -> None:
    lines = price_text(price_list(starter("rung", "prod")))
    assert any(line.split() == ["trail.main", "by", "use"] for line in lines)
    free = lines[lines.index("free") :]
    assert "  IAM is free: IAM role" in free
    assert not any("S3 bucket" in line for line in free)
    data = {each["address"]: each for each in price_list(starter("rung", "prod")).as_json()["resources"]}
    assert data["bucket.files"]["use"][0] == {"usd": 0.023, "per": "a GB-month kept"}
    assert data["budget.main"]["free_because"] == "budgets that only notify are free"
    assert data["web_acl.main"]["free_because"] == ""


def test_the_price_of_capacity_is_that_of_the_table() -> None:
    """Half a vCPU and a GB, of Fargate's 0.04048 a vCPU and 0.004445 a GB, 730 hours."""
    (service,) = [each for each in price_list(starter("rung", "dev")).prices if each.address == "service.rung"]
    assert service.monthly_usd == pytest.approx((0.5 * 0.04048 + 1 * 0.004445) * 730, abs=0.01)
