"""The walk: at most twelve decisions, nothing lost on the way back, and bad input answered in three parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.walk.walking import moved, refused, several, single, walked
from wizard.question import Asked, QuestionKind, Variables
from wizard.walk.drawing import draw
from wizard.walk.glossary import GLOSSARY
from wizard.walk.questions import BY_ID, MOST, ORDER, STARTER_ORDER
from wizard.walk.reading import starter_names
from wizard.walk.values import Pasted
from wizard.walk.walk import REVIEW, Walk
from wizard.walk.writing import blueprint_text

BAD = {
    "app": "no such place",
    "listens": "eighty",
    "name": "Shop & Co",
    "region": "moon-1",
    "compute": "kubernetes",
    "network": "wifi",
    "storage": "floppy",
    "broker": "kafka",
    "database": "oracle",
    "domain": "https://shop.example.com/",
    "watching": "closely",
    "environments": "many",
}


def asked_along(where: str) -> list[Asked]:
    """Every question of a walk that takes what is offered."""
    walk, found = Walk(), [Walk().asked()]
    walk = moved(walk.answer(where))
    while not walk.at_review:
        found.append(walk.asked())
        walk = moved(walk.answer(walk.current()))
    return found


@pytest.mark.parametrize("form", ["ghcr.io/o/app:1", "single", "several", "fasttriage", "carepolicy-hub"])
def test_at_most_twelve_decisions_lead_to_a_blueprint(form: str, tmp_path: Path) -> None:
    folders = {"single": single, "several": several}
    where = str(folders[form](tmp_path)) if form in folders else form
    ids = [each.id for each in asked_along(where)]
    assert ids[0] == "app"
    assert len(ids) <= MOST


def test_a_folder_that_tells_no_port_but_hints_at_a_broker_stays_within_twelve(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM x\n")
    (tmp_path / ".env.example").write_text("RABBITMQ_URL=\n")
    ids = [each.id for each in asked_along(str(tmp_path))]
    assert "listens" in ids and "broker" in ids and "environments" not in ids
    assert len(ids) == MOST


@pytest.mark.parametrize("question", [*ORDER, *STARTER_ORDER], ids=lambda each: each.id)
def test_every_question_says_what_to_do_if_unsure_and_explains_its_words(question: object) -> None:
    declared = BY_ID.get(getattr(question, "id", ""))
    assert declared is not None
    assert declared.help and declared.if_unsure and declared.example
    assert declared.words and all(word in GLOSSARY for word in declared.words)


def test_every_word_of_the_glossary_is_used_and_has_two_sentences_at_most() -> None:
    used = {word for each in (*ORDER, *STARTER_ORDER) for word in each.words}
    assert used == set(GLOSSARY)
    assert all(1 <= meaning.count(". ") + 1 <= 3 and meaning.endswith(".") for meaning in GLOSSARY.values())


@pytest.mark.parametrize("question", [each.id for each in ORDER if each.kind is not QuestionKind.SECRETS])
def test_bad_input_says_what_is_wrong_what_is_allowed_and_gives_an_example_that_works(
    question: str, tmp_path: Path
) -> None:
    where = "ghcr.io/o/app:1" if question == "listens" else str(several(tmp_path / "shop"))
    walk = Walk() if question == "app" else walked(where).go(question)
    wrong = refused(walk.take(BAD[question]))
    assert walk.at == question
    example = "ghcr.io/owner/app:1.2" if question == "app" else wrong.example
    assert isinstance(walk.take(example), Walk)


def test_a_choice_that_cannot_serve_is_refused_with_its_reason(tmp_path: Path) -> None:
    walk = walked(str(several(tmp_path))).go("compute")
    wrong = refused(walk.take("app-runner"))
    assert "3 containers" in wrong.what
    assert "app-runner" not in wrong.allowed


def test_app_runner_says_that_nobody_knows_yet_whether_this_account_may(tmp_path: Path) -> None:
    card = walked(str(single(tmp_path))).go("compute").asked().choice("app-runner")
    assert card is not None and not card.cannot
    assert "30 April 2026" in card.gives_up and "not known until AWS is asked" in card.gives_up


def test_app_runner_takes_no_image_from_elsewhere_and_no_region_without_it() -> None:
    card = walked("ghcr.io/o/app:1").go("compute").asked().choice("app-runner")
    assert card is not None and "ghcr.io" in card.cannot
    own = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1"
    card = walked(own, region="sa-east-1").go("compute").asked().choice("app-runner")
    assert card is not None and "sa-east-1" in card.cannot


def test_defaults_come_from_the_files_and_say_so(tmp_path: Path) -> None:
    answers = walked(str(several(tmp_path))).situation.answers
    because = {name: (answer.value, answer.because) for name, answer in answers.given.items()}
    assert because["database"] == ("rds-postgres", "compose.yaml:17")
    assert because["broker"] == ("amazon-mq", "compose.yaml:19")
    assert because["storage"] == ("s3", ".env.example:6")
    assert because["network"] == ("public", "default")


def test_going_back_and_forth_changes_nothing(tmp_path: Path) -> None:
    walk = walked(str(several(tmp_path)), name="bazaar", watching="alarms")
    back = walk
    for _ in range(20):
        back = back.back()
    assert back.at == "app"
    assert back.go(REVIEW).situation == walk.situation


def test_changing_an_early_answer_keeps_what_still_fits_and_tells_what_does_not(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path)), name="shop", network="private", watching="hipaa", storage="efs")
    changed = moved(walk.go("network").answer("public"))
    answers = changed.situation.answers
    assert answers.text("name") == "shop" and answers.text("storage") == "efs"
    assert "watching" not in answers
    assert changed.notes == (f"watching: hipaa no longer fits: {changed.go('watching').problem('hipaa').what}",)  # type: ignore[union-attr]
    assert changed.at == "watching"
    assert moved(changed.go("network").answer("private")).situation == walk.situation


def test_an_offer_that_was_taken_follows_what_it_came_from(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path)))
    assert walk.situation.host == f"{walk.situation.name}.example.com"
    assert moved(walk.go("name").answer("bazaar")).situation.host == "bazaar.example.com"


def test_a_question_that_no_longer_comes_up_is_remembered_for_when_it_does(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path)), domain="www.shop.example", broker="none", database="none")
    express = moved(walk.go("compute").answer("ecs-express"))
    assert "domain" not in [step.id for step in express.steps()]
    again = moved(express.go("compute").answer("ecs-fargate"))
    assert again.situation.host == "www.shop.example"


def test_a_region_that_is_known_is_not_asked() -> None:
    walk = moved(Walk.begin("eu-central-1", "ghcr.io/o/app:1"))
    assert "region" not in [step.id for step in walk.steps()]
    assert walk.situation.region == "eu-central-1"


def test_an_answer_before_the_application_is_known_asks_for_nothing_else() -> None:
    assert [step.id for step in Walk().steps()] == ["app"]


def test_another_application_keeps_what_a_person_chose_and_offers_the_rest_anew(tmp_path: Path) -> None:
    walk = walked(str(several(tmp_path / "one")), watching="alarms")
    other = moved(walk.go("app").answer(str(single(tmp_path / "two"))))
    assert other.situation.name == "two"
    assert other.situation.watching == "alarms"
    assert other.situation.database == "none"


@pytest.mark.parametrize("starter", starter_names())
def test_every_starter_can_be_walked_with_what_it_says(starter: str) -> None:
    walk = walked(starter)
    assert walk.at_review and not walk.notes


def test_starters_of_one_application_are_the_cards_of_its_compute() -> None:
    walk = moved(Walk.begin(where="carepolicy-hub"))
    cards = {each.value: each.cannot for each in walk.asked().choices}
    assert cards == {"ecs-fargate": "", "ecs-express": "", "app-runner": ""}
    chosen = moved(walk.answer("ecs-express"))
    assert chosen.situation.starter.get(("services", "carepolicy-hub", "kind")) == "ecs-express"


def test_pasted_lines_become_secrets_made_up_values_and_plain_text(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path))).go("secrets")
    given = walk.paste("STRIPE_API_KEY=sk_live_1\nFEATURE_X=on\nWEIRD=Zx81kQp02mVv7Yt5LwBa\n")
    assert isinstance(given, Pasted)
    roles = {each.name: each.role for each in given.entries}
    assert roles["STRIPE_API_KEY"] == roles["WEIRD"] == "secret"
    assert roles["JWT_SECRET"] == "generated" and roles["FEATURE_X"] == "plain"
    done = moved(walk.answer_secrets(given, {"FEATURE_X": "left-out"}))
    kept = done.situation.variables
    assert isinstance(kept, Variables) and "FEATURE_X" not in (*kept.secret, *kept.plain)
    assert done.values_for_run()["STRIPE_API_KEY"] == "sk_live_1"
    assert "STRIPE_API_KEY" not in done.missing_values()


def test_a_pasted_address_of_a_database_that_is_made_here_does_not_reach_the_run(tmp_path: Path) -> None:
    walk = walked(str(several(tmp_path))).go("secrets")
    given = walk.paste("DATABASE_URL=postgres://me:pw@localhost/app\nSTRIPE_API_KEY=x\n")
    done = moved(walk.answer_secrets(given))  # type: ignore[arg-type]
    assert set(done.values_for_run()) == {"STRIPE_API_KEY"}


def test_no_pasted_value_can_be_seen_anywhere_but_in_the_values(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path))).go("secrets")
    given = walk.paste("STRIPE_API_KEY=canary-1\nSOME_TOKEN=canary-2\nbroken canary-3\n")
    done = moved(walk.answer_secrets(given))  # type: ignore[arg-type]
    assert "canary" not in repr(given) + repr(done) + repr(done.steps())
    wrong = refused(walk.paste("canary-4 canary-5"))
    assert "canary" not in " ".join(wrong.lines())


def test_of_a_starter_every_secret_is_secret_whatever_its_name_looks_like() -> None:
    walk = walked("carepolicy-hub").go("secrets")
    given = walk.paste("GOOGLE_CLIENT_ID=canary\nLOG_LEVEL=info\nJWT_SECRET=mine\n")
    assert isinstance(given, Pasted)
    entries = {each.name: (each.role, each.masked) for each in given.entries}
    assert entries["GOOGLE_CLIENT_ID"][0] == "secret" and "canary" not in str(entries)
    assert entries["LOG_LEVEL"][0] == "left-out" and entries["JWT_SECRET"][0] == "secret"
    done = moved(walk.answer_secrets(given))
    assert done.values_for_run() == {"GOOGLE_CLIENT_ID": "canary", "JWT_SECRET": "mine"}
    assert blueprint_text(done) == blueprint_text(walk)


def test_an_address_that_is_given_to_a_starter_replaces_what_would_be_made() -> None:
    walk = walked("fasttriage", environments="prod").go("secrets")
    made = draw(walk.situation)
    given = walk.paste("MONGO_URI=mongodb://me:pw@elsewhere/db\n")
    assert isinstance(given, Pasted)
    done = moved(walk.answer_secrets(given))
    assert "MONGO_URI" in done.values_for_run()
    assert draw(done.situation).monthly_usd < made.monthly_usd - 50


def test_what_is_known_beforehand_is_answered_and_where_one_stands_does_not_change() -> None:
    walk = moved(Walk.begin(where="fasttriage"))
    known = moved(walk.knowing("environments", "prod", "--env"))
    assert known.at == "compute" and known.situation.environment == "prod"
    assert refused(walk.knowing("environments", "test", "--env")).allowed == "dev, prod"


def test_values_that_are_given_beforehand_are_not_missing() -> None:
    walk = walked("chatkit").with_values({"OPENAI_API_KEY": "canary", "OTHER": "x"})
    assert walk.missing_values() == ()
    assert walk.values_for_run() == {"OPENAI_API_KEY": "canary"}


def test_a_region_that_is_none_is_refused_at_once() -> None:
    assert "moon" in refused(Walk.begin("moon", "chatkit")).what
