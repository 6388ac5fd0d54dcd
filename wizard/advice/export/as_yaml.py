"""A CloudFormation template written as YAML, with the short forms of its functions and a comment for each resource."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.nodes import Node
from ruamel.yaml.representer import RoundTripRepresenter

from wizard.advice.export.cloudformation import Template
from wizard.advice.export.form import Asked, Intrinsic

LIMIT_BYTES = 51_200
"""CloudFormation: a longer template must lie in a bucket, which `aws cloudformation deploy --s3-bucket` does."""
AMBIGUOUS = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|~|[-+.]?\d[\d_.:eExXoO-]*|=|<<")
"""Words that CloudFormation's YAML (1.1) would not read as text."""
HEAD = """{deployment} as a CloudFormation template, written by Pilotage from its blueprint.
It makes a deployment of its own: names that are in use already (by Pilotage's, too) are refused.
Nothing in it carries Pilotage's tags, so Pilotage neither changes nor deletes what it makes."""
COMMAND = "aws cloudformation deploy --region {region} --stack-name {stack}"


class _Representer(RoundTripRepresenter):
    """Intrinsic functions in their short forms, text that a YAML 1.1 reader takes as text, and no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """CloudFormation refuses them."""
        return True


def _intrinsic(representer: RoundTripRepresenter, value: Intrinsic) -> Node:
    tag = f"!{value.name}"
    if isinstance(value.argument, list):
        return representer.represent_sequence(tag, value.argument)
    return representer.represent_scalar(tag, str(value.argument))


def _text(representer: RoundTripRepresenter, value: str) -> Node:
    style = "|" if "\n" in value else "'" if AMBIGUOUS.fullmatch(value) else None
    return representer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Representer.add_representer(Intrinsic, _intrinsic)
_Representer.add_representer(str, _text)


def as_yaml(template: Template) -> str:
    """The template as text, with the command that makes a stack of it."""
    body = _written(_document(template))
    return "".join(f"# {line}".rstrip() + "\n" for line in _head(template, len(body.encode()))) + body


def _head(template: Template, size: int) -> Iterator[str]:
    yield from HEAD.format(deployment=template.deployment).splitlines()
    words = [COMMAND.format(region=template.region, stack=template.deployment.replace("/", "-"))]
    words.append("  --template-file FILE --capabilities CAPABILITY_NAMED_IAM")
    if size > LIMIT_BYTES:
        yield "It is longer than the 51,200 bytes that a call takes, so it goes there through a bucket of yours."
        words.append("  --s3-bucket BUCKET")
    if asked := [name for name, each in template.parameters.items() if each.default is None]:
        yield 'The file with parameters is a list of texts such as "Name=value", for:'
        yield from textwrap.wrap(", ".join(asked), 100, initial_indent="  ", subsequent_indent="  ")
        words.append("  --parameter-overrides file://PARAMETERS.json")
    last = len(words) - 1
    yield from (f"  {word}" + ("" if number == last else " \\") for number, word in enumerate(words))


def _document(template: Template) -> CommentedMap:
    found = CommentedMap()
    found["AWSTemplateFormatVersion"] = "2010-09-09"
    found["Description"] = f"{template.deployment}, from a Pilotage blueprint"
    if template.not_here:
        found["Metadata"] = {"PilotageNotHere": dict(template.not_here)}
    if template.parameters:
        found["Parameters"] = {name: _parameter(each) for name, each in template.parameters.items()}
    found["Resources"] = _resources(template)
    if template.outputs:
        found["Outputs"] = {name: {"Value": value} for name, value in template.outputs.items()}
    return found


def _parameter(asked: Asked) -> dict[str, Any]:
    return {
        "Type": asked.type,
        "Description": asked.description,
        **({} if asked.default is None else {"Default": asked.default}),
        **({"NoEcho": True} if asked.secret else {}),
    }


def _resources(template: Template) -> CommentedMap:
    """Section by section, each resource under the address that it has in Pilotage."""
    found = CommentedMap()
    for section, members in template.sections.items():
        before, last = f"\n---- {section} ----\n", ""
        for id_, entry in members.items():
            found[id_] = entry.as_data()
            if entry.address != last:
                found.yaml_set_comment_before_after_key(id_, before=f"{before}{entry.address}", indent=2)
            before, last = "", entry.address
    return found


def _written(document: Mapping[str, Any]) -> str:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()
