"""Values of a graph in CloudFormation's words: references, composed text, secrets, and where the account is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.advice.export.form import Asked, Attribute, Intrinsic, One, Shape, ref, sub, word
from wizard.advice.paper import Paper
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, SecretInput, Sensitive, Text

PARTITION, REGION, ACCOUNT = "${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}"
ALONE = {REGION: "AWS::Region", ACCOUNT: "AWS::AccountId"}
MAIN = "main"
Variables = dict[str, Any]


class Values:
    """What the values of one graph are called in one template.

    `asked` grows while values are translated: parameters for what the template is given instead of making it.
    """

    def __init__(self, paper: Paper, shapes: Mapping[str, Shape]) -> None:
        self.resources: Mapping[str, Resource] = paper.graph.resources
        self.asked: dict[str, Asked] = {}
        self._shapes = shapes
        self._ids = _logical_ids(self.resources)
        scope = paper.scope
        self._places = (
            (re.compile(rf"\barn:{re.escape(scope.partition)}:"), f"arn:{PARTITION}:"),
            (re.compile(rf"(?<!\d){scope.account}(?!\d)"), ACCOUNT),
            (re.compile(rf"(?<![a-z0-9-]){re.escape(scope.region)}(?![0-9-])"), REGION),
        )

    def id(self, address: str, part: str = "") -> str:
        """The logical id of a resource, or of another piece of it."""
        return f"{self._ids[address]}{part}"

    def of(self, value: Any) -> Any:
        """A value in CloudFormation's words."""
        if isinstance(value, str):
            return self._local(value)
        if isinstance(value, Ref):
            return self._referred(value)
        if isinstance(value, Text):
            variables: Variables = {}
            return _composed(self._filled(value, variables), variables)
        if isinstance(value, (SecretInput, Sensitive)):
            return self._given(value)
        if isinstance(value, Mapping):
            return {str(key): self.of(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.of(item) for item in value]
        return value

    def ask(self, logical_id: str, asked: Asked) -> Intrinsic:
        """A parameter, and the reference to it."""
        self.asked[logical_id] = asked
        return ref(logical_id)

    def _local(self, text: str) -> Any:
        """Text in which the account, the Region and the partition are those of the stack."""
        marked = self._marked(text)
        if marked == _escaped(text):
            return text
        return ref(ALONE[marked]) if marked in ALONE else sub(marked)

    def _marked(self, text: str) -> str:
        text = _escaped(text)
        for pattern, place in self._places:
            text = pattern.sub(lambda _, place=place: place, text)  # type: ignore[misc]
        return text

    def _referred(self, wanted: Ref) -> Any:
        """An attribute of another resource; one that CloudFormation does not give is asked for as a parameter."""
        resource = self.resources[wanted.address]
        how = self._attribute(resource, wanted.attribute)
        logical_id = self.id(wanted.address)
        if how is None:
            text = f"The {wanted.attribute} of {wanted.address}, which CloudFormation does not give"
            return self.ask(f"{logical_id}{word(wanted.attribute)}", Asked("String", text))
        if callable(how):
            return how(One(resource, self))
        return Intrinsic("GetAtt", f"{logical_id}.{how}") if how else ref(logical_id)

    def _attribute(self, resource: Resource, name: str) -> Attribute | None:
        shape = self._shapes.get(resource.kind)
        return shape.attributes.get(name) if shape else None

    def _filled(self, text: Text, variables: Variables) -> str:
        template = self._marked(text.template)
        for name, part in text.parts:
            template = template.replace(f"{{{name}}}", self.inline(part, variables))
        return template

    def inline(self, value: Any, variables: Variables) -> str:
        """A value as a part of a Sub's text; what has no short form there becomes a variable of the Sub."""
        if isinstance(value, Text):
            return self._filled(value, variables)
        if not isinstance(value, (Ref, SecretInput, Sensitive, Intrinsic)):
            return self._marked(str(value))
        found = value if isinstance(value, Intrinsic) else self.of(value)
        if not isinstance(found, Intrinsic):
            return _escaped(str(found))
        if found.name in ("Ref", "GetAtt"):
            return f"${{{found.argument}}}"
        if found.name == "Sub" and isinstance(found.argument, str):
            return str(found.argument)
        name = f"Part{len(variables) + 1}"
        variables[name] = found
        return f"${{{name}}}"

    def text(self, template: str, **parts: Any) -> Any:
        """Text composed of values that are translated already: `{name}` is replaced by that part."""
        variables: Variables = {}
        for name, part in parts.items():
            template = template.replace(f"{{{name}}}", self.inline(part, variables))
        return _composed(template, variables)

    def _given(self, value: SecretInput | Sensitive) -> Intrinsic:
        name = word(value.name.lower()) if isinstance(value, SecretInput) else f"SecretValue{len(self.asked) + 1}"
        return self.ask(name, Asked("String", "A secret value that the blueprint is given", secret=True))


def _composed(template: str, variables: Variables) -> Any:
    if variables:
        return Intrinsic("Sub", [template, variables])
    return sub(template) if "${" in template.replace("${!", "") else template.replace("${!", "${")


def _escaped(text: str) -> str:
    """A `${` that is somebody's own is written `${!` in a Sub."""
    return text.replace("${", "${!")


def _logical_ids(resources: Mapping[str, Resource]) -> dict[str, str]:
    """A logical id for each address: `subnet.public-a` is `SubnetPublicA`, `vpc.main` is `Vpc`."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for address, resource in resources.items():
        plain = word(resource.kind) + ("" if resource.name == MAIN else word(resource.name))
        free = next(each for each in (plain, *(f"{plain}X{n}" for n in range(2, 1000))) if each not in taken)
        taken.add(free)
        found[address] = free
    return found
