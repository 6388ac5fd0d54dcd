"""`pilotage cost`: the price of every resource of a blueprint. AWS is not called."""

from __future__ import annotations

from pathlib import Path

import click

from wizard.cli.options import Options, common
from wizard.cli.report import Report


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@common("blueprint")
def cost(report: Report, options: Options, file: Path) -> int:
    """Price each resource of FILE per hour and month, without traffic; what has no known price is named, not zero.

    No account and no credentials are needed.
    """
    from wizard.advice.cost import price_list, price_text
    from wizard.cli.drawn import paper_of

    found = price_list(paper_of(file, options))
    report.json({"v": 1, "type": "cost", **found.as_json()})
    for line in price_text(found):
        report.data(line)
    return 0
