"""What a deployment costs: each resource at rest, by use, or free with the reason; what nobody priced is not zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.advice.charges import NOTHING, Charge, charge_of
from wizard.advice.paper import Paper, known
from wizard.advice.sections import SECTIONS, section_of
from wizard.engine.graph import Resource
from wizard.kinds import prices
from wizard.kinds.registry import all_kinds

ALWAYS_BY_USE = "data out to the internet, and between zones"


@dataclass(frozen=True)
class Price:
    """What one resource costs a month of 730 hours without traffic; None is not priced.

    One that costs 0.0 at rest is paid by use or free, and says which.
    """

    address: str
    title: str
    section: str
    monthly_usd: float | None
    charge: Charge = NOTHING

    @property
    def by_use(self) -> str:
        """The unit prices of its use in words."""
        return self.charge.by_use

    @property
    def hourly_usd(self) -> float | None:
        """The same for an hour."""
        return None if self.monthly_usd is None else self.monthly_usd / prices.HOURS_A_MONTH


@dataclass(frozen=True)
class PriceList:
    """The price of every resource of a deployment."""

    deployment: str
    region: str
    prices: tuple[Price, ...]
    live: tuple[str, ...] = ()
    """What was priced by AWS's own list just now, for this Region; all else is from the table."""

    @property
    def monthly_usd(self) -> float:
        """The sum of what is priced."""
        return round(sum(each.monthly_usd or 0.0 for each in self.prices), 2)

    @property
    def hourly_usd(self) -> float:
        """The same for an hour."""
        return self.monthly_usd / prices.HOURS_A_MONTH

    @property
    def not_priced(self) -> tuple[str, ...]:
        """Addresses whose price nobody knows."""
        return tuple(each.address for each in self.prices if each.monthly_usd is None)

    def sections(self) -> list[tuple[str, list[Price]]]:
        """What costs something or may, by section, in the order of a blueprint; what is free is left out."""
        free = self.free()
        shown = [each for each in self.prices if each not in free]
        grouped = ((name, [each for each in shown if each.section == name]) for name in SECTIONS)
        return [(name, members) for name, members in grouped if members]

    def free(self) -> list[Price]:
        """What costs nothing, however much it is used."""
        return [each for each in self.prices if each.monthly_usd == 0.0 and not each.by_use]

    def free_because(self) -> list[tuple[str, list[str]]]:
        """The reasons why something is free, and the titles of what is."""
        found: dict[str, set[str]] = {}
        for each in self.free():
            found.setdefault(each.charge.free, set()).add(each.title)
        return sorted((reason, sorted(titles)) for reason, titles in found.items())

    def not_included(self) -> list[tuple[str, str]]:
        """What is paid by use: a title and the price of use each."""
        found = {each.title: each.by_use for each in self.prices if each.by_use}
        return [*sorted(found.items()), ("Traffic", ALWAYS_BY_USE)]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "deployment": self.deployment,
            "region": self.region,
            "currency": "USD",
            "prices_of": prices.DATED,
            "prices_from": prices.SOURCE,
            "prices_region": prices.REGION,
            "live_prices": list(self.live),
            "hours_a_month": prices.HOURS_A_MONTH,
            "monthly_usd": self.monthly_usd,
            "hourly_usd": round(self.hourly_usd, 4),
            "not_priced": list(self.not_priced),
            "not_included": [f"{title}: {words}" for title, words in self.not_included()],
            "resources": [_as_json(each) for each in self.prices],
        }


def price_list(paper: Paper, live: Mapping[str, float] | None = None) -> PriceList:
    """Price every resource, with live prices where they are given."""
    with prices.using(live or {}):
        found = [_price(paper, each) for each in paper.graph.resources.values()]
    by_address = tuple(sorted(found, key=lambda each: each.address))
    return PriceList(paper.deployment, paper.scope.region, by_address, tuple(sorted(live or {})))


def _price(paper: Paper, resource: Resource) -> Price:
    """One resource; one whose kind says 0.0 and nobody says why is not priced."""
    properties = known(resource.properties)
    charge, monthly = charge_of(resource.kind, properties), all_kinds()[resource.kind].monthly_usd(properties)
    said = monthly != 0.0 or charge != NOTHING
    title = paper.title(resource.kind)
    return Price(resource.address, title, section_of(resource.kind), monthly if said else None, charge)


def price_text(found: PriceList) -> list[str]:
    """The list as lines for a terminal of 80 columns."""
    place = f"   (this Region is {found.region})" if found.region != prices.REGION else ""
    lines = [f"{found.deployment}   USD, on demand, {prices.REGION}{place}"]
    lines += [f"prices of {prices.DATED}, from {prices.SOURCE}"]
    if found.live:
        lines += _listed(f"live prices of {found.region}: ", found.live)
    lines += ["", f"{'':<56}{'an hour':>10}{'a month':>12}"]
    for section, members in found.sections():
        lines += [_heading(section, members)]
        lines += [_priced(each) for each in members]
    label = "total of what is priced" if found.not_priced else "total"
    lines += ["", _row(label, found.hourly_usd, found.monthly_usd), ""]
    lines.append("by use, not in the total")
    for title, words in found.not_included():
        lines += _listed(f"  {title:<26}", [words])
    if free := found.free_because():
        lines += ["", "free"]
        for reason, titles in free:
            lines += _listed(f"  {reason}: ", titles)
    return lines


def _heading(section: str, members: list[Price]) -> str:
    """The section, and its sum where several resources have one."""
    known_ones = [each.monthly_usd for each in members if each.monthly_usd is not None]
    if len(members) == 1 or len(known_ones) < len(members) or not any(known_ones):
        return section
    return _row(section, sum(known_ones) / prices.HOURS_A_MONTH, sum(known_ones))


def _priced(price: Price) -> str:
    if price.monthly_usd == 0.0:
        return f"  {price.address:<54}{'by use':>22}"
    return _row(f"  {price.address}", price.hourly_usd, price.monthly_usd)


def _row(label: str, hourly: float | None, monthly: float | None) -> str:
    if monthly is None or hourly is None:
        return f"{label:<56}{'not priced':>22}"
    return f"{label:<56}{hourly:>10.4f}{monthly:>12,.2f}"


def _listed(label: str, words: Iterable[str]) -> list[str]:
    """Words after a label, broken between words of lists and sentences alike."""
    import textwrap

    margin = " " * (len(label) if len(label) < 30 else 4)
    return textwrap.wrap(label + ", ".join(words), 78, subsequent_indent=margin, drop_whitespace=True)


def _as_json(price: Price) -> dict[str, Any]:
    hourly = price.hourly_usd
    return {
        "address": price.address,
        "title": price.title,
        "section": price.section,
        "hourly_usd": None if hourly is None else round(hourly, 5),
        "monthly_usd": price.monthly_usd,
        "priced": price.monthly_usd is not None,
        "by_use": price.by_use,
        "use": [{"usd": usd, "per": what} for usd, what in price.charge.rates],
        "free_because": price.charge.free if price.monthly_usd == 0.0 else "",
    }
