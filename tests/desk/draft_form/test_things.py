"""Records that drafts name: places in drafts, their codes, and titles of estimates."""

from app.database.sessions import DeskSession
from app.desk.approved.models import Draft, DraftState
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue, figure_in_words
from app.desk.draft_form.gazetteer import code_of_name
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.documents import blank, blank_row, fit_to_form
from app.kinds import EstimateForm, Name, PlaceForm
from tests.make import make_outlet, make_place
from tests.support.tables import failing


def test_code_is_made_of_names_with_accents() -> None:
    codes = {
        "Québec": "quebec",
        "Île Zêta": "ile-zeta",
        "Łódź": "lodz",
        "Nghi Lộc": "nghi-loc",
        "L’Île-d’Orléans": "lile-dorleans",
        "Sinŭiju": "sinuiju",
        "丹东": "",
        "Dandong 丹东": "",
        "Хабаровск": "",
    }
    assert {name: code_of_name(name) for name in codes} == codes


def draft_place(
    desk: DeskSession, by: Person, code: str, name: str, kind: str = "region", **more: str
) -> Draft:
    names = [blank_row(Name, text=name, language="en", preferred="yes")]
    document = blank(PlaceForm, code=code, kind=kind, names=names, **more)
    draft = commands.begin(desk, by, name, "P", document=document)
    desk.flush()
    return draft


def test_new_place_is_found_within_a_new_place(desk: DeskSession, writer: Person) -> None:
    above = {"zetabec": "zetabec", "Nowhere yet": ""}
    found = {}
    for name in above:
        with desk.begin_nested() as attempt:
            for code, own, parent in (("zetabec", "Zétabec", ""), ("ile-zeta", "Île Zêta", name)):
                draft_place(desk, writer, code, own, parent=parent).state = DraftState.IN_REVIEW
            desk.flush()
            catalogue = Catalogue(desk, writer)
            assert catalogue.meant("place", "Île Zêta") == "ile-zeta"
            found[name] = catalogue.directory.places["ile-zeta"].parent
            attempt.rollback()
    assert found == above


def test_places_and_outlets_are_found_by_id(desk: DeskSession, writer: Person) -> None:
    save_all(desk, [make_place(1, "zetabec"), make_outlet(21, "hoy")])
    draft = draft_place(desk, writer, "ile-zeta", "Île Zêta")
    catalogue = Catalogue(desk, writer)
    assert catalogue.meant("place", "p1") == "zetabec"
    assert catalogue.meant("place", draft.record) == "ile-zeta"
    assert catalogue.meant("outlet", "O21") == "hoy"
    assert catalogue.meant("outlet", "P1") == catalogue.meant("place", "P99") == ""


def test_draft_with_a_taken_code_does_not_rename_the_place(
    desk: DeskSession, writer: Person
) -> None:
    save_all(desk, [make_place(1, "zetabec", names=[{"text": "Zétabec"}])])
    draft_place(desk, writer, "zetabec", "Testville", kind="city")
    catalogue = Catalogue(desk, writer)
    assert catalogue.match("place", "zetabec").label == "Zétabec"
    assert catalogue.meant("place", "Testville") == ""


# Titles of estimates ----------------------------------------------------------------------------


def test_title_reads_as_the_page_will() -> None:
    present = {"counts": "present", "quantifier": "exact"}
    papers = {"counts": "papers", "unit": "permits", "papers_were": "revoked", "point": "74"}
    share = {"form": "share", "unit": "ratio", "point": "0.0008", "quantifier": "about"}
    cases = [
        (papers | share, ["about 0.08 per cent", "share"]),
        (papers | {"quantifier": "exact"}, ["74 permits", "visas and permits revoked"]),
        (present | {"point": "1,2 or so"}, ["1,2 or so", "people present"]),
        ({"point": "12", "unit": "nonsense"}, ["12", ""]),
        ({}, ["", ""]),
    ]
    assert failing(cases, lambda v: figure_in_words(fit_to_form(EstimateForm, v))) == []
