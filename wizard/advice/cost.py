"""What a deployment costs: each resource by the price of its kind, by section; what nobody priced is said, not zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wizard.advice.paper import Paper, known
from wizard.advice.sections import SECTIONS, section_of
from wizard.kinds import prices
from wizard.kinds.registry import all_kinds

BY_USE = {
    "load_balancer": "0.008 an hour for each capacity unit of its traffic",
    "nat_gateway": "0.045 a GB that passes through it",
    "broker": "0.10 a GB-month of its storage",
    "bucket": "0.023 a GB-month kept; requests",
    "repository": "0.10 a GB-month of images",
    "log_group": "0.50 a GB written, 0.03 a GB-month kept",
    "secret": "0.05 for 10,000 reads",
    "db_instance": "backups beyond the size of the database: 0.095 a GB-month",
    "db_cluster": "storage 0.10 a GB-month; requests; backups",
    "queue": "0.40 a million requests after the first million",
    "table": "reads, writes, GB kept",
    "file_system": "GB kept, GB read and written",
    "kms_key": "0.03 for 10,000 requests",
    "web_acl": "0.60 a million requests",
    "user_pool": "0.015 for each monthly user after 10,000",
    "app_runner_service": "0.064 for each hour of a busy vCPU",
    "trail": "events of data, where they are recorded: 0.10 for 100,000",
    "flow_log": "what it writes: 0.50 a GB",
}
"""What is paid by use, in USD, and so is in no monthly price: the words for each kind (prices of `prices.DATED`)."""
ALWAYS_BY_USE = "data out to the internet, and between zones"


@dataclass(frozen=True)
class Price:
    """What one resource costs a month of 730 hours without traffic; None is not priced, 0.0 is free."""

    address: str
    title: str
    section: str
    monthly_usd: float | None
    by_use: str = ""

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
        shown = [each for each in self.prices if each.monthly_usd != 0.0]
        grouped = ((name, [each for each in shown if each.section == name]) for name in SECTIONS)
        return [(name, members) for name, members in grouped if members]

    def free(self) -> list[Price]:
        """What costs nothing while nobody uses it."""
        return [each for each in self.prices if each.monthly_usd == 0.0]

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
            "prices_region": prices.REGION,
            "hours_a_month": prices.HOURS_A_MONTH,
            "monthly_usd": self.monthly_usd,
            "hourly_usd": round(self.hourly_usd, 4),
            "not_priced": list(self.not_priced),
            "not_included": [f"{title}: {words}" for title, words in self.not_included()],
            "resources": [_as_json(each) for each in self.prices],
        }


def price_list(paper: Paper) -> PriceList:
    """Price every resource."""
    kinds = all_kinds()
    found = [
        Price(
            each.address,
            paper.title(each.kind),
            section_of(each.kind),
            kinds[each.kind].monthly_usd(known(each.properties)),
            _by_use(each.kind, each.properties.get("type")),
        )
        for each in paper.graph.resources.values()
    ]
    return PriceList(paper.deployment, paper.scope.region, tuple(sorted(found, key=lambda each: each.address)))


def price_text(found: PriceList) -> list[str]:
    """The list as lines for a terminal of 80 columns."""
    place = f"   (this Region is {found.region})" if found.region != prices.REGION else ""
    lines = [f"{found.deployment}   USD, on demand, {prices.REGION}, prices of {prices.DATED}{place}"]
    lines += ["", f"{'':<56}{'an hour':>10}{'a month':>12}"]
    for section, members in found.sections():
        lines += [_heading(section, members)]
        lines += [_row(f"  {each.address}", each.hourly_usd, each.monthly_usd) for each in members]
    label = "total of what is priced" if found.not_priced else "total"
    lines += ["", _row(label, found.hourly_usd, found.monthly_usd), ""]
    free = sorted({each.title for each in found.free()})
    lines += [*_listed("free while unused   ", free), ""] if free else []
    lines.append("not in the total")
    for title, words in found.not_included():
        lines += _listed(f"  {title:<26}", [words])
    return lines


def _heading(section: str, members: list[Price]) -> str:
    """The section, and its sum where several resources have one."""
    known_ones = [each.monthly_usd for each in members if each.monthly_usd is not None]
    if len(members) == 1 or len(known_ones) < len(members):
        return section
    return _row(section, sum(known_ones) / prices.HOURS_A_MONTH, sum(known_ones))


def _row(label: str, hourly: float | None, monthly: float | None) -> str:
    if monthly is None or hourly is None:
        return f"{label:<56}{'not priced':>22}"
    return f"{label:<56}{hourly:>10.4f}{monthly:>12,.2f}"


def _listed(label: str, words: Iterable[str]) -> list[str]:
    """Words after a label, broken between words of lists and sentences alike."""
    import textwrap

    return textwrap.wrap(", ".join(words), 78, initial_indent=label, subsequent_indent=" " * len(label))


def _by_use(kind: str, type_: object) -> str:
    if kind == "vpc_endpoint":
        return "0.01 a GB that passes through it" if type_ == "interface" else ""
    return BY_USE.get(kind, "")


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
    }
