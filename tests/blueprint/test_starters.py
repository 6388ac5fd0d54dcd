"""The starters are sound, complete and say what their systems' documents ask for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.blueprint.samples import BLUEPRINTS, STARTERS
from wizard.blueprint.document import load
from wizard.blueprint.environments import environment_names, resolve, validate
from wizard.blueprint.model import S3, Alb, AmazonMq, Blueprint, DocumentDb, EcsFargate, ExternalDatabase, NewVpc


def starter(name: str, env: str | None = None) -> Blueprint:
    return resolve(load(BLUEPRINTS / f"{name}.yaml"), env)[0]


def ecs(blueprint: Blueprint, name: str) -> EcsFargate:
    service = blueprint.services[name]
    assert isinstance(service, EcsFargate)
    return service


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_has_no_problem_and_no_warning_in_any_environment(name: str) -> None:
    assert validate(BLUEPRINTS / f"{name}.yaml") == []


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_explains_most_of_its_choices(name: str) -> None:
    text = (BLUEPRINTS / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.count(" # ") >= 35
    assert max(len(line) for line in text.splitlines()) <= 120


def test_carepolicy_runs_one_container_behind_https_with_its_variables() -> None:
    blueprint = starter("carepolicy-hub")
    service = ecs(blueprint, "carepolicy-hub")
    container = service.containers["carepolicy-hub"]
    assert (service.cpu, service.memory, container.port) == (1024, 2048, 5001)
    assert container.environment == {
        "ENVIRONMENT": "production",
        "DEBUG": "false",
        "PORT": "5001",
        "APP_BASE_URL": "{url}",
        "STORAGE_BACKEND": "s3",
        "S3_BUCKET": "{bucket.documents}",
        "AWS_REGION": "{region}",
    }
    assert container.health_check is not None
    assert container.health_check.command == "curl -f http://localhost:5001/health || exit 1"
    assert isinstance(blueprint.ingress, Alb)
    assert (blueprint.ingress.host, blueprint.ingress.http) == ("carepolicy-hub.example.com", "redirect")
    assert blueprint.ingress.routes[0].health.path == "/health"


def test_carepolicy_asks_for_one_key_only() -> None:
    secrets = starter("carepolicy-hub").secrets
    generated = {name for name, secret in secrets.items() if secret.generate}
    optional = {name for name, secret in secrets.items() if secret.optional}
    assert generated == {"secret-key", "jwt-secret"}
    assert optional == {"google-client-id", "google-client-secret", "ms-client-id", "ms-client-secret"}
    assert set(secrets) - generated - optional == {"groq-api-key"}


def test_fasttriage_shares_its_parts_and_each_container_gets_its_own_secrets_only() -> None:
    blueprint = starter("fasttriage", "dev")
    backend, worker = ecs(blueprint, "backend"), ecs(blueprint, "worker")
    assert set(backend.containers["backend"].secrets) == {
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "MONGO_URI",
        "AMQ_RABBITMQ_URI",
    }
    assert set(worker.containers["llm-worker"].secrets) == {"MONGO_URI", "AMQ_RABBITMQ_URI", "IBM_WATSONX_API_KEY"}
    assert worker.containers["llm-worker"].environment["RABBITMQ_PREFETCH"] == "1"
    assert blueprint.secrets["amq-rabbitmq-uri"].composed == "broker-uri"


@pytest.mark.parametrize("env", ["dev", "prod"])
def test_fasttriage_never_runs_two_workers_and_lets_nobody_delete_a_report(env: str) -> None:
    blueprint = starter("fasttriage", env)
    worker = ecs(blueprint, "worker")
    assert (worker.count, worker.autoscaling, worker.deploy.maximum_percent) == (1, None, 100)
    for service in blueprint.services.values():
        assert [(right.to, set(right.allow), right.prefix) for right in service.rights] == [
            ("artifacts", {"read", "write"}, "triage/"),
            ("secrets", {"read"}, None),
        ]


def test_fasttriage_dev_is_cheap_and_prod_is_hardened() -> None:
    dev, prod = starter("fasttriage", "dev"), starter("fasttriage", "prod")
    assert isinstance(dev.network, NewVpc)
    assert isinstance(prod.network, NewVpc)
    assert (dev.network.nat, prod.network.nat) == ("one", "per-zone")
    assert isinstance(dev.broker, AmazonMq)
    assert isinstance(prod.broker, AmazonMq)
    assert (dev.broker.mode, prod.broker.mode) == ("single", "cluster")
    assert isinstance(dev.database, ExternalDatabase)
    assert isinstance(prod.database, DocumentDb)
    assert (ecs(dev, "backend").count, ecs(prod, "backend").count) == (1, 2)
    assert isinstance(dev.ingress, Alb)
    assert isinstance(prod.ingress, Alb)
    assert (dev.ingress.waf, prod.ingress.waf) == (False, True)
    assert dev.observability.alarms is None
    assert prod.observability.alarms is not None
    assert prod.hardening.deletion_protection
    assert prod.secrets["mongo-uri"].composed == "database-uri"


def test_fasttriage_serves_https_only_and_tells_the_webhook() -> None:
    blueprint = starter("fasttriage", "prod")
    assert isinstance(blueprint.ingress, Alb)
    assert blueprint.ingress.http == "closed"
    assert blueprint.outputs["twilio_webhook"] == "{url}/webhook/twilio"
    storage = blueprint.storage["artifacts"]
    assert isinstance(storage, S3)
    assert storage.lifecycle[0].expire_after_days is None


@pytest.mark.parametrize("name", STARTERS)
def test_hosts_lie_under_example_com_and_need_no_confirmation(name: str) -> None:
    document = load(BLUEPRINTS / f"{name}.yaml")
    for env in environment_names(document):
        blueprint, _ = resolve(document, env)
        assert not isinstance(blueprint.ingress, Alb) or blueprint.ingress.host.endswith(".example.com")
        assert blueprint.observability.email is None


def test_checking_a_blueprint_loads_no_aws_client_and_no_screen() -> None:
    code = (
        "import sys; from wizard.blueprint.environments import validate; validate(sys.argv[1]);"
        "print(sorted({'boto3', 'botocore', 'textual', 'moto', 'rich', 'questionary'} & set(sys.modules)))"
    )
    starter_file = str(BLUEPRINTS / "fasttriage.yaml")
    done = subprocess.run([sys.executable, "-c", code, starter_file], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
