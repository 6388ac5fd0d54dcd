"""What `cost`, `diagram` and `policy` share: a blueprint file as a graph on paper."""

from __future__ import annotations

from pathlib import Path

from wizard.advice.paper import Paper, on_paper
from wizard.blueprint.document import load
from wizard.cli.options import Options
from wizard.deployment.secret_values import SecretValues


def paper_of(file: Path, options: Options) -> Paper:
    """The graph that a plan of this command line would start from, in an account that may be made up.

    Raises `BlueprintInvalid`. An optional secret is there when this run has a value for it.
    """
    given = SecretValues(str(file), options.secrets_file).names()
    return on_paper(load(file), options.env, options.sets, region=options.region, secrets=given)
