"""Problems as their reader sees them: the place, plain words, and what would be right."""

from __future__ import annotations

import pytest

from tests.blueprint.samples import problems, told
from wizard.blueprint.document import Document
from wizard.blueprint.environments import problems_of

BROKEN = """\
blueprint: 1
name: Shop
region: us-east-1
netwrk: {kind: new-vpc}
network:
  kind: new-vcp
ingress:
  kind: alb
  host: https://shop.example.com
  routes:
    - service: wbe
services:
  web:
    cpu: 512
    memory: 512
    containers:
      web:
        imgae: ghcr.io/owner/shop
        port: "8080"
        environment:
          DEBUG: false
          BUCKET: "{bucket.paper}"
storage:
  papers: {kind: s3, versioning: yes}
secrets:
  token: {value: hunter2}
observability: {log_days: 31}
"""

TOLD = """\
shop.yaml:2:7: `name`: expected is 2 to 24 lower-case letters, digits and single hyphens, starting with a letter, not ending with a hyphen
shop.yaml:4:1: `netwrk` is not known at the top of a blueprint
hint: did you mean `network`?
shop.yaml:6:9: `network.kind`: expected is one of new-vpc, existing-vpc or default-vpc
hint: did you mean `new-vpc`?
shop.yaml:9:9: `ingress.host`: expected is a host name in lower case such as app.example.com, without https:// and without a path
shop.yaml:15:13: Fargate has no size with 512 CPU units and 512 MiB: with cpu: 512 memory is 1024 to 4096 in steps of 1024
hint: nearest is cpu: 512 with memory: 1024
shop.yaml:18:9: `imgae` is not known in `services.web.containers.web`
hint: did you mean `image`?
shop.yaml:19:15: `services.web.containers.web.port`: a whole number is expected
hint: write it without quotes, such as 1024
shop.yaml:21:18: `services.web.containers.web.environment.DEBUG`: text is expected
hint: put it in quotes, such as "5001" or "false"
shop.yaml:22:19: `{bucket.paper}` has no value in this blueprint
hint: did you mean `bucket.papers`?
shop.yaml:24:34: `storage.papers.versioning`: true or false is expected
hint: write `true`
shop.yaml:26:11: `secrets.token.value`: a blueprint never holds a secret's value
hint: give it with --secrets-file, PILOTAGE_SECRET_<NAME> or the keyring, or write `generate: true`
shop.yaml:27:27: `observability.log_days`: expected is one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653
hint: did you mean `30`?"""  # noqa: E501


def test_one_pass_tells_mistakes_of_form_and_of_sense_together_from_top_to_bottom() -> None:
    assert told(problems_of(Document(BROKEN, "shop.yaml"))) == TOLD


def test_a_secret_value_in_the_file_is_refused_and_never_repeated() -> None:
    assert "hunter2" not in told(problems_of(Document(BROKEN, "shop.yaml")))


@pytest.mark.parametrize(
    ("replace", "words", "hint"),
    [
        (("region: us-east-1\n", ""), "`region` is missing", "add `region:`"),
        (("        image: ghcr.io/owner/shop:1.2\n", ""), "`image` is missing in `services.web.containers.web`", "add"),
        (("  kind: alb\n", ""), "`kind` is missing in `ingress`", "one of alb or none"),
        (("host:", "Host:"), "`Host` is not known in `ingress`", "did you mean `host`?"),
        (("- service: web", "- servce: web"), "`servce` is not known", "did you mean `service`?"),
        (("port: 8080", "port: 80800"), "at most 65535 is expected", ""),
        (("port: 8080", "port: 80.5"), "a whole number is expected", "1024"),
        (("port: 8080", "port: true"), "a whole number is expected", "1024"),
        (("port: 8080", "port: []"), "a whole number is expected", ""),
        (("image: ghcr.io/owner/shop:1.2", "image: {repository: shop, tag: 12}"), "text is expected", "in quotes"),
        (("image: ghcr.io/owner/shop:1.2", "image: [a]"), "a section is expected", ""),
        (("image: ghcr.io/owner/shop:1.2", "image: UPPER"), "expected is an image address", ""),
        (("  web:\n    containers", "  Web:\n    containers"), "`Web` is no name for an entry of `services`", ""),
        (("region: us-east-1", "region: us-east"), "expected is an AWS Region", ""),
        (("name: shop", "name: 5"), "`name`: text is expected", "in quotes"),
    ],
)
def test_a_mistake_is_told_in_plain_words(replace: tuple[str, str], words: str, hint: str) -> None:
    found = problems(replace=replace)
    assert any(words in each.message and hint in each.hint for each in found), told(found)


def test_a_missing_key_points_at_the_section_that_lacks_it() -> None:
    problem = problems(replace=("  host: shop.example.com\n", ""))[0]
    assert (problem.line, problem.column) == (4, 1)
    assert problem.message == "`host` is missing in `ingress`"


def test_a_wrong_kind_of_broker_size_says_why() -> None:
    found = problems(add="broker: {kind: amazon-mq, instance: mq.t3.micro}\n")
    assert "mq.t3 sizes are refused by AWS for new RabbitMQ brokers" in told(found)
