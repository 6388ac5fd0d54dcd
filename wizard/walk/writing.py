"""The blueprint as text: for a starter its own file with single values changed, otherwise the commented template."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.blueprint.document import Document
from wizard.walk.drawing import draw
from wizard.walk.edits import Edit, edits_of
from wizard.walk.placing import placement
from wizard.walk.reading.folder import DOCKERFILES
from wizard.walk.reading.image import ECR
from wizard.walk.reading.starters import FOLDER
from wizard.walk.shape import data_of
from wizard.walk.situation import Situation
from wizard.walk.walk import Walk

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "blueprint.yaml.j2"
COMPUTE_WORDS = {
    "ecs-fargate": "no servers to look after, and everything can be set",
    "ecs-express": "load balancer, certificate, address, scaling and alarms are made by ECS",
    "app-runner": "AWS looks after servers, load balancer, certificate and address; closed to new customers",
}
DATABASE_WORDS = {
    "rds-postgres": "PostgreSQL run by AWS: private, encrypted, TLS demanded; about 10 minutes to make",
    "aurora-postgres": "Aurora PostgreSQL, serverless: private, encrypted, TLS demanded; about 15 minutes to make",
    "documentdb": "speaks MongoDB's protocol; check your driver's features against it",
    "dynamodb": "a table paid by the request; nothing to size",
}
OVERLAY_WORDS = {
    "cidr": "another range, so that both can be connected to one network",
    "nat": "a way out in each data centre: 33 USD a month more",
    "multi_az": "a second one in another data centre takes over within two minutes",
    "instances": "the second takes over when the first fails",
    "deletion_protection": "AWS refuses to delete it until this is false",
    "alarms": "0.10 USD a month each",
}
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./*@+-]*(?::[A-Za-z0-9_./@-]+)*")
_ADDRESS_RANGE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}")
_NOT_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def blueprint_text(walk: Walk) -> str:
    """The text of the blueprint that the answers make; the same answers give the same bytes."""
    return text_of(walk.situation)


def text_of(situation: Situation) -> str:
    """The same for a situation."""
    if situation.is_starter:
        return _edited(situation.starter.dump(), situation.starter.file, edits_of(situation))
    return _rendered(situation)


@lru_cache(maxsize=32)
def _edited(text: str, file: str, edits: tuple[Edit, ...]) -> str:
    """A starter with the edits in it; keeping its comments takes a fraction of a second each."""
    document = Document(text, file)
    for edit in edits:
        document.set(edit.path, edit.value)
    return document.dump()


def _rendered(situation: Situation) -> str:
    data, app = data_of(situation), situation.app
    sources = {each.what: each.source for each in app.findings}

    def source_of(what: str, before: str = "; ") -> str:
        return f"{before}read in {sources[what]}" if what in sources else ""

    environment = f" --env {situation.environment}" if "environments" in data else ""
    text = _template().render(
        b=data,
        about=_about(situation),
        price=round(draw(situation).monthly_usd),
        first=situation.environment,
        env_flag=environment,
        left_out=placement(situation).left_out,
        compute_words=COMPUTE_WORDS,
        database_words=DATABASE_WORDS,
        overlay_words=OVERLAY_WORDS,
        image_words=_image_words,
        read_in=source_of,
    )
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _about(situation: Situation) -> str:
    product = {"ecs-fargate": "ECS with Fargate", "ecs-express": "ECS Express Mode", "app-runner": "AWS App Runner"}
    return f" on {product[situation.compute]}, written by `pilotage new`."


def _image_words(image: str) -> str:
    if "@sha256:" in image:
        return "This one image, whatever its tag comes to mean."
    if ECR.fullmatch(image):
        return "From ECR. A tag that keeps its meaning makes a roll-back certain."
    return (
        "It must be public, for ECS pulls it without a login. A tag that keeps its meaning makes a roll-back certain."
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, Undefined

    class Careful(Undefined):
        """May be asked whether it is there; to write it is a mistake in the template."""

        def __str__(self) -> str:
            self._fail_with_undefined_error()

    folder: Path = FOLDER / "templates"
    # The output is YAML, not HTML: `scalar` quotes what YAML would misread.
    made = Environment(loader=FileSystemLoader(folder), undefined=Careful, autoescape=False)
    made.filters |= {"y": scalar, "q": quoted, "note": _note}
    return made.get_template(TEMPLATE)


def scalar(value: Any) -> str:
    """A single value as YAML that reads back as the same value."""
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    text = str(value)
    if _ADDRESS_RANGE.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT and not text.endswith(":"):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Text in double quotes, with YAML's escapes."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _note(words: str) -> str:
    return f" # {words}" if words else ""


def file_name(walk: Walk) -> str:
    """The name under which the file is offered to be saved: beside the code, whose folder its builds start from."""
    name, app = f"{walk.situation.name}.yaml", walk.app
    if app.form != "folder":
        return name
    folder = Path(app.where)
    return str((folder.parent if folder.suffix or folder.name in DOCKERFILES else folder) / name)
