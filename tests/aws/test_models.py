"""Service models are read as botocore reads them, only quicker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.exceptions import DataNotFoundError
from botocore.loaders import JSONFileLoader, Loader

from wizard.aws.models import Models, PlainFiles
from wizard.aws.session import Session, Target


@pytest.mark.parametrize("name", ["ecs/2014-11-13/service-2", "ecs/2014-11-13/paginators-1", "endpoints"])
def test_a_model_is_the_same_as_botocores_own(name: str) -> None:
    path = str(Path(Loader.BUILTIN_DATA_PATH) / name)
    plain = PlainFiles().load_file(path)
    assert plain == JSONFileLoader().load_file(path)
    # The order of an operation's members is the order in which they are sent and documented.
    assert json.dumps(plain) == json.dumps(JSONFileLoader().load_file(path))


def test_a_model_that_does_not_exist_is_none() -> None:
    assert PlainFiles().load_file("no/such/model") is None


def test_a_session_reads_its_models_with_it() -> None:
    session = Session(Target(region="us-east-1", sandbox_url="http://127.0.0.1:1"))
    assert type(session.client("ecs").meta.service_model.metadata) is dict


def test_the_newest_model_of_a_service_is_found_and_what_is_not_there_is_told_as_by_botocore() -> None:
    own, theirs = Models([Loader.BUILTIN_DATA_PATH]), Loader()
    for service in ("ec2", "cloudfront", "elbv2"):
        newest = theirs.determine_latest_version(service, "service-2")
        assert own.determine_latest_version(service, "service-2") == newest
        assert own.load_service_model(service, "service-2") == theirs.load_service_model(service, "service-2")
    for loader in (own, theirs):
        with pytest.raises(DataNotFoundError):
            loader.load_service_model("no-such-service", "service-2")
        with pytest.raises(DataNotFoundError):
            loader.load_service_model("apprunner", "waiters-2")
