"""Beside the questions: picture, price and differences; at the end the review; all the while the draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.walk.walking import moved, several, single, walked
from wizard.advice.cost import price_list
from wizard.advice.paper import on_paper
from wizard.blueprint.document import Document
from wizard.walk.draft import Drafts
from wizard.walk.drawing import draw
from wizard.walk.preview import preview
from wizard.walk.review import review, review_document
from wizard.walk.walk import Walk
from wizard.walk.writing import blueprint_text


def test_each_choice_shows_what_it_would_make_of_the_whole(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path)), broker="none").go("network")
    seen = preview(walk)
    assert seen.differences["public"].more_usd == 0
    assert seen.differences["private"].more_usd == pytest.approx(32.85 - 3.65 + 3.65, abs=1)
    chosen = preview(moved(walk.answer("private")))
    assert chosen.monthly_usd == seen.differences["private"].monthly_usd


def test_the_highlighted_choice_is_what_the_picture_and_the_price_show(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path)), broker="none").go("database")
    seen = preview(walk, choosing="rds-postgres")
    assert any("PostgreSQL" in line for line in seen.picture)
    assert seen.differences["none"].more_usd < 0 == seen.differences["rds-postgres"].more_usd
    assert seen.minutes > preview(walk, choosing="none").minutes


def test_the_picture_grows_with_the_answers(tmp_path: Path) -> None:
    walk = moved(Walk.begin(where=str(several(tmp_path))))
    sizes = []
    while not walk.at_review:
        sizes.append(len(preview(walk).picture))
        walk = moved(walk.answer(walk.current()))
    assert sizes == sorted(sizes) and sizes[0] < len(preview(walk).picture)


@pytest.mark.parametrize("width", [20, 30, 76])
def test_the_picture_keeps_to_its_width(tmp_path: Path, width: int) -> None:
    picture = preview(walked(str(several(tmp_path))), width).picture
    assert picture and all(len(line) <= width for line in picture)


def test_several_environments_cost_what_all_of_them_cost(tmp_path: Path) -> None:
    walk = walked(str(single(tmp_path)), broker="none").go("environments")
    both = preview(walk).differences["dev-prod"]
    chosen = moved(walk.answer("dev-prod")).situation
    assert both.monthly_usd == pytest.approx(draw(chosen, "dev").monthly_usd + draw(chosen, "prod").monthly_usd)


def test_what_was_drawn_once_is_not_drawn_again(tmp_path: Path) -> None:
    walk = walked(str(several(tmp_path)))
    assert draw(walk.situation) is draw(walk.situation)


def test_the_review_agrees_with_the_file_it_shows(tmp_path: Path) -> None:
    walk = walked(str(several(tmp_path)), environments="dev-prod")
    for environment in ("dev", "prod"):
        found = review(walk, environment)
        paper = on_paper(Document(blueprint_text(walk)), environment, secrets=())
        assert found.monthly_usd == price_list(paper).monthly_usd
        assert found.text == blueprint_text(walk)
        assert found.rights == len(found.actions) > 50 and "ecs:CreateService" in found.actions
        assert found.missing == ("STRIPE_API_KEY",)


def test_the_review_says_of_each_value_where_it_came_from(tmp_path: Path) -> None:
    rows = {row.value: (row.is_, row.because, row.question) for row in review(walked(str(several(tmp_path)))).rows}
    assert rows["database"][1:] == ("compose.yaml:17", "app") or rows["database"][1:] == ("compose.yaml:17", "database")
    assert rows["port of api"] == ("8000", "compose.yaml:7", "app")
    assert rows["secret jwt-secret"][1] == "made up once"


def test_a_blueprint_that_exists_can_be_reviewed(tmp_path: Path) -> None:
    text = blueprint_text(walked("fasttriage"))
    found = review_document(Document(text, "fasttriage.yaml"), "prod")
    assert found.deployment == "fasttriage/prod" and found.to_make > 50
    assert found.largest[0].section == "broker"
    assert all(row.because.startswith("fasttriage.yaml:") for row in found.rows)


def test_a_draft_is_found_again_as_it_was(tmp_path: Path, apart: Path) -> None:
    walk = walked(str(several(tmp_path)), name="bazaar").go("database")
    assert Drafts().save(walk)
    (draft,) = Drafts().all()
    assert (draft.id, draft.name, draft.at) == (walk.id, "bazaar", "database")
    opened = Drafts().open(draft.id)
    assert opened is not None and opened.situation == walk.situation and opened.at == "database"
    Drafts().remove(draft.id)
    assert Drafts().all() == [] and Drafts().open(draft.id) is None


def test_no_secret_value_is_in_a_draft_or_in_the_file(tmp_path: Path, apart: Path) -> None:
    walk = walked(str(single(tmp_path))).go("secrets")
    given = walk.paste("STRIPE_API_KEY=canary-1\nJWT_SECRET=canary-2\nDATABASE_URL=postgres://u:canary-3@h/d\n")
    done = moved(walk.answer_secrets(given))  # type: ignore[arg-type]
    Drafts().save(done)
    kept = "".join(path.read_text() for path in (apart / "drafts").iterdir())
    assert "canary" not in kept + blueprint_text(done)
    opened = Drafts().open(done.id)
    assert opened is not None and "STRIPE_API_KEY" in opened.missing_values()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"form": 1}', '{"form": 1, "answers": 7}', '{"form": 99}', "\0"])
def test_a_draft_that_cannot_be_read_is_passed_over(apart: Path, text: str) -> None:
    folder = apart / "drafts"
    folder.mkdir(parents=True)
    (folder / "0123abcd.json").write_text(text)
    assert Drafts().all() == [] and Drafts().open("0123abcd") is None


def test_a_draft_whose_folder_is_gone_keeps_the_other_answers(tmp_path: Path) -> None:
    folder = single(tmp_path / "shop")
    walk = walked(str(folder), watching="alarms")
    Drafts().save(walk)
    for path in folder.iterdir():
        path.unlink()
    opened = Drafts().open(walk.id)
    assert opened is not None and opened.at == "app"
    assert opened.given.text("watching") == "alarms"


def test_an_id_that_is_none_reaches_no_file(apart: Path) -> None:
    assert Drafts().open("../../etc/passwd") is None
    Drafts().remove("../x")


def test_a_home_that_cannot_be_written_is_no_crash(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert Drafts(blocked / "drafts").save(Walk()) is False


def test_a_draft_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts, walk = Drafts(tmp_path / "drafts"), walked("carepolicy-hub")
    assert drafts.save(walk)

    def fails(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("wizard.walk.draft.os.fsync", fails)
    assert drafts.save(moved(walk.go("name").answer("other"))) is False
    monkeypatch.undo()
    (path,) = (tmp_path / "drafts").iterdir()
    assert json.loads(path.read_text())["name"] == "carepolicy-hub"
