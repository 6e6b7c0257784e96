"""The title of an estimate's draft: its number and measure as readers will see them."""

from app.desk.draft_form.things import figure_in_words
from app.documents import fit_to_form
from app.kinds import EstimateForm
from tests.support.tables import failing

PRESENT = {"counts": "present", "quantifier": "exact"}
PAPERS = {"counts": "papers", "unit": "permits", "quantifier": "exact"}


SHARE = {"form": "share", "unit": "ratio"}
MONEY = {"counts": "money", "unit": "usd", "per": "month", "quantifier": "exact"}


def test_title_reads_as_the_page_will() -> None:
    more = {"quantifier": "more-than", "low": "129000", "nature": "planned"}
    scores = {"quantifier": "words", "printed_words": "scores of"}
    cases = [
        (PRESENT | {"point": "23000"}, ["23,000", "People present"]),
        (PRESENT | SHARE | {"point": "0.235"}, ["23.5 per cent", "Share"]),
        (
            PAPERS | SHARE | {"point": "0.0008", "quantifier": "about"},
            ["about 0.08 per cent", "Share"],
        ),
        (PRESENT | {"form": "change", "point": "-3600"}, ["−3,600", "People present, change"]),
        (
            PAPERS | {"papers_were": "revoked", "point": "74"},
            ["74 permits", "Visas and permits revoked"],
        ),
        (MONEY | {"point": "300"}, ["300 US dollars a month", "Money"]),
        (PRESENT | more, ["more than 129,000", "People present, planned"]),
        (PRESENT | scores, ["“scores of”", "People present"]),
        (PRESENT | {"point": "1,2 or so"}, ["1,2 or so", "People present"]),
        ({"point": "12", "unit": "nonsense"}, ["12", ""]),
        ({}, ["", ""]),
    ]
    assert failing(cases, lambda v: figure_in_words(fit_to_form(EstimateForm, v))) == []
