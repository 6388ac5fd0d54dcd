"""`pilotage cost`: the price of every resource of a blueprint. AWS is asked only for live prices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.errors import UsageError

if TYPE_CHECKING:
    from wizard.advice.cost import PriceList
    from wizard.deployment.request import Request


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@option("--live", is_flag=True, help="Ask AWS's price list for what costs most; needs pricing:GetProducts.")
@common("blueprint")
def cost(report: Report, options: Options, file: Path, live: bool) -> int:
    """Price each resource of FILE per hour and month, without traffic; what has no known price is named, not zero.

    Without --live no account and no credentials are needed.
    """
    from wizard.advice.cost import price_list
    from wizard.cli.drawn import paper_of
    from wizard.cli.run import looked_at

    if not live:
        return _show(report, price_list(paper_of(file, options)))
    if options.sandbox:
        raise UsageError(
            "the sandbox has no price list",
            evidence="--live asks AWS itself",
            safe="AWS was not called",
            next_step=f"pilotage cost {file}",
        )
    return looked_at(report, options, lambda request: _live(report, options, file, request))


def _live(report: Report, options: Options, file: Path, request: Request) -> int:
    from wizard.advice.cost import price_list
    from wizard.advice.live_prices import REGION, live_prices
    from wizard.cli.drawn import paper_of
    from wizard.deployment.opening import Connection

    paper = paper_of(file, options)
    connection = Connection(replace(request, region=REGION), REGION)
    # The question who is asking is the one that tells within seconds that AWS cannot be reached.
    report.tell(f"AWS's price list is asked as {connection.identity.arn}")
    found = live_prices(connection.aws, paper)
    for name in found.unknown:
        report.tell(f"AWS's list has no single price for {name}: the table's is used", "wait")
    return _show(report, price_list(paper, found.hourly))


def _show(report: Report, found: PriceList) -> int:
    from wizard.advice.cost import price_text

    report.json({"v": 1, "type": "cost", **found.as_json()})
    for line in price_text(found):
        report.data(line)
    return 0
