"""`pilotage export`: a blueprint in the language of another tool. AWS is not called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from wizard.cli import words
from wizard.cli.options import Options, common
from wizard.cli.report import Report

FORMATS = ("cloudformation",)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="The language.")
@common("blueprint")
def export(report: Report, options: Options, file: Path, form: str) -> int:
    """Write FILE as a template of another tool, for a review or for going on without Pilotage.

    No secret is in it, and no account: pilotage export FILE --to cloudformation > template.yaml
    """
    from wizard.advice.export.as_yaml import as_yaml
    from wizard.advice.export.cloudformation import template
    from wizard.cli.drawn import paper_of

    found = template(paper_of(file, options))
    written = as_yaml(found)
    report.json(
        {
            "v": 1,
            "type": "export",
            "deployment": found.deployment,
            "format": form,
            "template": written,
            "not_in_it": dict(found.not_here),
        }
    )
    if not report.json_lines:
        report.raw(written)
    _tell(report, found.not_here)
    return 0


def _tell(report: Report, not_here: Mapping[str, str]) -> None:
    if not_here:
        report.tell("not in the template:")
        for line in words.table([(f"  {address}", why) for address, why in sorted(not_here.items())]):
            report.tell(line)
