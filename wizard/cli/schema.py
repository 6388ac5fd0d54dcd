"""`pilotage schema`: the JSON Schema of blueprints."""

from __future__ import annotations

import click

from wizard.cli.options import Options, common
from wizard.cli.report import Report


@click.command()
@common()
def schema(report: Report, options: Options) -> int:
    """Print the JSON Schema of blueprint files; editors complete and check with it."""
    from wizard.blueprint.schema import json_schema, schema_text

    if report.json_lines:
        report.json(json_schema())
    else:
        report.raw(schema_text())
    return 0
