"""What does not fit together in a blueprint is told before AWS could say so."""

from __future__ import annotations

import pytest

from tests.blueprint.samples import blueprint, problems, told
from wizard.blueprint.checks.sizes import FARGATE_SIZES, nearest_pair
from wizard.blueprint.document import Document
from wizard.blueprint.environments import problems_of

PORT = "        port: 8080\n"
CONTAINERS = "    containers:\n"
HOST = "  host: shop.example.com\n"

Case = tuple[tuple[str, str] | None, str, str]

CASES: dict[str, Case] = {
    "a route to a service that is not there": (("- service: web", "- service: wbe"), "", "did you mean `web`?"),
    "a route to a container that is not there": (
        ("- service: web", "- {service: web, container: wbe}"),
        "",
        "`wbe` is no container of `web`",
    ),
    "a route to a service without a port": ((PORT, ""), "", "no container of `web` has a port"),
    "a path that is taken twice": (
        ("- service: web", "- service: web\n    - service: web"),
        "",
        "the path /* is taken by route 1 already",
    ),
    "a host outside its zone": ((HOST, HOST + "  zone: example.org\n"), "", "does not lie in the zone example.org"),
    "a check that outlasts its interval": (
        ("- service: web", "- {service: web, health: {interval: 5, timeout: 5}}"),
        "",
        "timeout: 5 is not less than interval: 5",
    ),
    "a secret that is not declared": (
        (PORT, PORT + "        secrets: {TOKEN: token}\n"),
        "secrets: {tokens: {}}\n",
        "did you mean `tokens`?",
    ),
    "a variable with two sources": (
        (PORT, PORT + "        secrets: {TOKEN: token}\n        environment: {TOKEN: x}\n"),
        "secrets: {token: {}}\n",
        "`TOKEN` is set twice",
    ),
    "two containers on one port": (
        (PORT, PORT + "      other: {image: a/b, port: 8080}\n"),
        "",
        "`other` and `web` both listen on port 8080",
    ),
    "several ports and no choice": (
        (PORT, PORT + "      other: {image: a/b, port: 81}\n"),
        "",
        "`web` has several containers with a port: web and other",
    ),
    "no essential container": ((PORT, PORT + "        essential: false\n"), "", "no container of `web` is essential"),
    "a wait for nobody": ((PORT, PORT + "        depends_on: {othr: start}\n"), "", "waits for `othr`"),
    "a wait for health that nobody checks": (
        (PORT, PORT + "        depends_on: {other: healthy}\n      other: {image: a/b}\n"),
        "",
        "`other` has no `health_check`",
    ),
    "a circle of waits": (
        (PORT, PORT + "        depends_on: {other: start}\n      other: {image: a/b, depends_on: {web: start}}\n"),
        "",
        "wait for each other in a circle",
    ),
    "a mount of a bucket": (
        (PORT, PORT + "        mounts: {files: /data}\n"),
        "storage: {files: {kind: s3}}\n",
        "`files` is no EFS storage",
    ),
    "a migration in a container that ends no task": (
        (PORT, PORT + "        essential: false\n    migrate: {container: web, command: [run]}\n"),
        "",
        "`web` is not essential",
    ),
    "a migration in no container": (
        (CONTAINERS, "    migrate: {container: api, command: [run]}\n" + CONTAINERS),
        "",
        "`api` is no container of `web`",
    ),
    "autoscaling that watches nothing": (
        (CONTAINERS, "    autoscaling: {max: 3}\n" + CONTAINERS),
        "",
        "watches nothing",
    ),
    "autoscaling upside down": (
        (CONTAINERS, "    autoscaling: {min: 3, max: 2, cpu: 70}\n" + CONTAINERS),
        "",
        "min: 3 is more than max: 2",
    ),
    "a deployment without room": (
        (CONTAINERS, "    deploy: {minimum_healthy_percent: 100, maximum_percent: 100}\n" + CONTAINERS),
        "",
        "a new version of `web` can never start: 1 of 1 must stay, 1 may run",
    ),
    "shifting traffic that is not there": (
        (PORT, PORT + "  worker: {deploy: {strategy: canary}, containers: {job: {image: a/b}}}\n"),
        "",
        "strategy canary has no traffic to shift",
    ),
    "shifting traffic that nobody watches": (
        (CONTAINERS, "    deploy: {strategy: canary}\n" + CONTAINERS),
        "",
        "nothing watches a new version of `web`",
    ),
    "more memory than the task has": ((PORT, PORT + "        memory: 600\n"), "", "together ask for 600 memory"),
    "a prefix on a service": (
        (CONTAINERS, "    rights: [{to: metrics, allow: [write], prefix: a/}]\n" + CONTAINERS),
        "",
        "a prefix means something for S3 only",
    ),
    "a right on storage that is not there": (
        (CONTAINERS, "    rights: [{to: papper, allow: [read]}]\n" + CONTAINERS),
        "storage: {papers: {kind: s3}}\n",
        "did you mean `papers`?",
    ),
    "a verb that means nothing there": (
        (CONTAINERS, "    rights: [{to: bedrock, allow: [read]}]\n" + CONTAINERS),
        "",
        "`read` means nothing for `bedrock`: expected is invoke",
    ),
    "an address composed from no broker": (None, "secrets: {uri: {composed: broker-uri}}\n", "`broker.kind` is none"),
    "an address with a password that rotates": (
        None,
        "database: {kind: rds-postgres, password: rotated}\nsecrets: {uri: {composed: database-uri}}\n",
        "RDS changes the password",
    ),
    "a secret with two sources": (
        None,
        "secrets: {a: {generate: true, optional: true}}\n",
        "`a` cannot be generate and optional at once",
    ),
    "two secrets with one source": (None, "secrets: {a-b: {}, c: {source: A_B}}\n", "both take their value from A_B"),
    "an outside database without its secret": (
        None,
        "database: {kind: external, secret: mongo}\n",
        "there is no secret `mongo`",
    ),
    "RabbitMQ 4 on an old size": (
        None,
        "broker: {kind: amazon-mq, instance: mq.m5.large}\n",
        "RabbitMQ 4.2 runs on mq.m7g sizes only",
    ),
    "Glacier too soon": (
        None,
        "storage: {a: {kind: s3, lifecycle: [{to_ia_after_days: 30, to_glacier_after_days: 40}]}}\n",
        "Glacier from day 60 on",
    ),
    "an end before the move": (
        None,
        "storage: {a: {kind: s3, lifecycle: [{to_ia_after_days: 30, expire_after_days: 20}]}}\n",
        "objects would expire on day 20, before they move on day 30",
    ),
    "a rule that does nothing": (
        None,
        "storage: {a: {kind: s3, lifecycle: [{prefix: a/}]}}\n",
        "this rule does nothing",
    ),
    "private tasks with no way out": (None, "network: {kind: new-vpc}\n", "cannot pull web from a public registry"),
    "NAT that nobody uses": (None, "network: {kind: new-vpc, tasks: public, nat: one}\n", "paid for and not used"),
    "a public range as private network": (
        None,
        "network: {kind: new-vpc, cidr: 172.64.0.0/16}\n",
        "not a private address",
    ),
    "a range that begins nowhere": (
        None,
        "network: {kind: new-vpc, cidr: 10.0.1.0/16}\n",
        "does not begin where a /16",
    ),
    "one public subnet for a load balancer": (
        None,
        "network: {kind: existing-vpc, vpc: vpc-12345678, public_subnets: [subnet-12345678]}\n",
        "needs two public subnets",
    ),
    "health data in public": (None, "hardening: {preset: hipaa}\n", "does not allow tasks in public subnets"),
    "a pattern without parts": (None, 'names: {pattern: "{app}"}\n', "the pattern must hold {part}"),
    "a placeholder that names do not know": (None, 'names: {pattern: "{ap}-{part}"}\n', "did you mean `app`?"),
    "a part that is not there": (None, "names: {parts: {service.wbe: x}}\n", "there is no service `wbe`"),
    "a kind of part that is not there": (None, "names: {parts: {buckett: x}}\n", "did you mean `bucket`?"),
    "a name that AWS refuses": (
        None,
        "names: {parts: {alb: internal-shop}}\n",
        "AWS does not accept the name internal-shop",
    ),
    "one name for two secrets": (
        None,
        "names: {parts: {secret: all}}\nsecrets: {a: {}, b: {}}\n",
        "`b` and `a` would both be the secret all",
    ),
    "an unknown placeholder": ((PORT, PORT + "        environment: {A: '{ulr}'}\n"), "", "did you mean `url`?"),
    "a placeholder for what is not made": (
        (PORT, PORT + "        environment: {A: '{database.host}'}\n"),
        "",
        "it needs a section `database` that makes it",
    ),
    "a stray brace": ((PORT, PORT + "        environment: {A: '{'}\n"), "", "a brace that belongs to no placeholder"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_does_not_fit_together_is_told(case: str) -> None:
    replace, add, words = CASES[case]
    found = problems(replace=replace, add=add)
    assert words in told(found)
    assert all(problem.line > 1 for problem in found)


def test_the_sample_itself_has_no_problem() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("cpu", "memory", "pair"),
    [(256, 4096, (256, 2048)), (300, 600, (256, 1024)), (512, 512, (512, 1024)), (32768, 70000, (32768, 122880))],
)
def test_the_nearest_size_on_sale_is_named(cpu: int, memory: int, pair: tuple[int, int]) -> None:
    assert nearest_pair(cpu, memory, FARGATE_SIZES) == pair


def test_private_tasks_without_nat_are_fine_with_own_images_and_endpoints() -> None:
    found = problems(
        replace=("image: ghcr.io/owner/shop:1.2", "image: {repository: shop}"),
        add="network: {kind: new-vpc, endpoints: [s3, ecr.api, ecr.dkr, logs]}\n",
    )
    assert found == []


def test_a_way_out_that_may_be_missing_is_a_warning_and_stops_nobody() -> None:
    found = problems(add="network: {kind: new-vpc}\n")
    assert {each.level for each in found} == {"warning"}
    assert "warning: " in str(found[0])
    assert blueprint(add="network: {kind: new-vpc}\n").network.kind == "new-vpc"


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (
            "{kind: app-runner, containers: {web: {image: ghcr.io/a/b, port: 1}}}",
            "App Runner takes images from ECR only",
        ),
        ("{kind: app-runner, containers: {web: {image: {repository: web}}}}", "`port` is missing"),
        (
            "{kind: app-runner, cpu: 512, containers: {web: {image: {repository: web}, port: 1}}}",
            "App Runner has no size",
        ),
        (
            "{kind: app-runner, containers: {a: {image: {repository: web}, port: 1}, b: {image: {repository: web}}}}",
            "at most 1 entry is expected",
        ),
        ("{kind: ecs-express, containers: {web: {image: a/b, port: 1, user: root}}}", "ECS Express knows no `user`"),
    ],
)
def test_simple_hosting_has_limits_that_are_told(service: str, words: str) -> None:
    text = f"blueprint: 1\nname: shop\nregion: us-east-1\nservices:\n  web: {service}\n"
    assert words in told(problems_of(Document(text)))
