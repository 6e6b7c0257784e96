"""Rights that people lose, and laws, as filter values of an event."""

import csv

import pytest
from pydantic import ValidationError

from app import paths
from app.kinds import CodeForm
from app.record.derivation.facts import EventFacts
from tests.make import a_context, a_small_world, make_code, make_event, make_law, make_term


def test_right_is_found_with_its_wider_one_and_not_if_exempt() -> None:
    codes = [make_code("banking", "right"), make_code("driving", "right")]
    codes.append(make_code("money-transfer", "right", group="banking"))
    event = make_event(
        terms=[
            make_term(),
            make_term("right", "money-transfer"),
            make_term("right", "driving", "exempt"),
        ]
    )
    facts = EventFacts(event, a_context(*a_small_world(), *codes, event))
    assert facts.covered("right") == {"banking", "money-transfer"}
    assert facts.exempt == {"right:driving"}


def test_right_is_barred_or_exempt() -> None:
    with pytest.raises(ValidationError, match="does not fit a right"):
        make_term("right", "driving", "from")


def test_law_is_found_with_the_one_above_it() -> None:
    laws = [
        make_law(1, "sanctions"),
        make_law(2, "unscr-2397", parent="sanctions"),
    ]
    legal = [{"instrument": "unscr-2397", "relation": "signs", "reading": "source"}]
    event = make_event(legal=legal)
    facts = EventFacts(event, a_context(*a_small_world(), *laws, event))
    assert facts.laws == {"sanctions", "unscr-2397"}


def test_migration_adds_the_codes_of_the_seeds() -> None:
    migration = (paths.ROOT / "migrations/versions/2026_11_27_rights_and_types.py").read_text()
    with (paths.ROOT / "seeds/vocabulary.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rights = [row for row in rows if row["list"] == "right"]
    assert len(rights) >= 15
    for row in rights:
        assert f"right,{row['code']},{row['label']}," in migration
        CodeForm.model_validate({name: text for name, text in row.items() if text})


def test_migration_adds_the_new_types_and_groups_of_the_seeds() -> None:
    path = paths.MIGRATIONS / "versions/2026_11_27_applications_and_demands.py"
    migration = path.read_text()
    lines = (paths.ROOT / "seeds/vocabulary.csv").read_text(encoding="utf-8").splitlines()
    codes = ("type,applications-stop", "type,requests-stop", "type,demand")
    for code in (*codes, "group,men-workers", "group,minors"):
        [line] = [each for each in lines if each.startswith(f"{code},")]
        assert line.rstrip(",") in migration
