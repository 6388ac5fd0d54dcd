"""`pilotage diagram`: the topology of a blueprint as text, Mermaid or SVG. AWS is not called."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from wizard.cli.options import Options, common, option
from wizard.cli.report import Report

FORMATS = ("text", "mermaid", "svg")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How it is drawn.")
@common("blueprint")
def diagram(report: Report, options: Options, file: Path, form: str) -> int:
    """Draw who reaches whom in FILE, read from its security groups, routes and roles.

    No account and no credentials are needed. A picture: pilotage diagram FILE --format svg > picture.svg
    """
    from wizard.advice.picture_mermaid import as_mermaid
    from wizard.advice.picture_svg import as_svg
    from wizard.advice.picture_text import as_text
    from wizard.advice.topology import topology
    from wizard.cli.drawn import paper_of

    picture = topology(paper_of(file, options))
    drawn = {"text": as_text, "mermaid": as_mermaid, "svg": as_svg}[form](picture)
    if not report.json_lines:
        report.raw(drawn)
        return 0
    report.json(
        {
            "v": 1,
            "type": "diagram",
            "deployment": picture.deployment,
            "nodes": [asdict(node) for node in picture.nodes.values()],
            "ways": [asdict(way) for way in picture.ways],
            "format": form,
            "drawn": drawn,
        }
    )
    return 0
