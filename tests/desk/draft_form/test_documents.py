"""Documents: exactly what was typed, row by row, and its validation."""

from typing import Any

from app import documents
from app.documents import (
    MINE,
    ROW,
    THEIRS,
    Document,
    align_rows,
    blank_row,
    differences,
    document_of,
    merge_documents,
    read_document,
    validate,
)
from app.kinds import EstimateForm, EventForm, Form, Name, PlaceForm, SourceForm, Term
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_source,
)
from tests.support.tables import failing


def test_posted_fields_are_read_row_by_row() -> None:
    """In order and without gaps; what no form sends is ignored, and two rows have two keys."""
    posted = {
        "citations.10.paraphrase": "third",
        "citations.2.paraphrase": "second",
        "citations.0.paraphrase": "first",
        "stages": "text where rows are",
        "stages.0.step": "in text",
        "title.0.x": "rows where text is",
        "citations.x.paraphrase": "no index",
        "citations.99999.paraphrase": "too far",
        "nonsense": "unknown",
        "": "nothing",
        "..": "dots",
        "citations..row": "gap",
        "terms.0.row": "a",
        "terms.1.row": "a",
        "terms.2.row": "<script>",
        "summary": "one\r\ntwo\rthree\0",
    }
    document = read_document(EventForm, posted)
    said = [row["paraphrase"] for row in document["citations"]]
    assert (said, document["title"]) == (["first", "second", "third"], "")
    assert set(document) == set(EventForm.model_fields)
    keys = [row[ROW] for row in document["terms"]]
    assert len(set(keys)) == 3 and keys[0] == "a" and keys[2].isalnum()
    assert document["summary"] == "one\ntwo\nthree\ufffd"


def test_error_has_the_path_of_its_field() -> None:
    step = "citations.0.chain.0"
    cases: list[tuple[str, Any, str, str]] = [
        ("title", "", "title", "Fill this in."),
        ("title", "x" * 201, "title", "200"),
        ("happened", "2019-06-31", "happened", "June has 30"),
        ("deadline", "2019-06-31", "deadline", "June has 30"),
        ("terms", [], "", "an event needs a place"),
        ("happened_basis_reason", "So.", "", "choose whether the date was converted"),
        ("citations.0.paraphrase", "", "citations.0.paraphrase", "Fill this in."),
        ("citations.0.said", "last week", "citations.0.said", "not a date"),
        (f"{step}.attribution", "nobody", f"{step}.attribution", "Choose one of these."),
        ("citations.0.quote", "말", "citations.0", "a quote needs a language: choose one"),
    ]
    wrong = []
    for at, value, path, words in cases:
        document = document_of(make_event())
        if isinstance(value, str):
            documents.set_text(document, at, value)
        else:
            document[at] = value
        found = validate(EventForm, document)
        if found.form or [*found.errors] != [path] or words not in found.errors[path]:
            wrong.append((at, value, found))
    assert wrong == []


def test_grouped_number_is_parsed_and_an_ambiguous_one_an_error() -> None:
    def number(typed: str) -> float | None:
        document = document_of(make_estimate(form="change", point=1, population="workers"))
        found = validate(EstimateForm, {**document, "point": typed})
        assert (found.form is None) is ("point" in found.errors)
        return float(found.form.point) if found.form and found.form.point else None

    numbers = [("20,000", 20_000), ("20 000", 20_000), ("1,203.5", 1203.5), ("-1,200", -1_200)]
    ambiguous = [(typed, None) for typed in ("2,5", "20,00", "1.000,5", "many")]
    assert failing([*numbers, *ambiguous], number) == []
    title = validate(EventForm, document_of(make_event()) | {"title": "1,200"}).form
    assert title is not None and title.title == "1,200", "only numbers are"


def test_document_of_an_earlier_release_is_migrated() -> None:
    kept = document_of(make_source())
    del kept["remark"]
    kept["gone"] = "a field that there is no more"
    assert documents.fit_to_form(SourceForm, kept) == document_of(make_source())


# Comparing and merging ----------------------------------------------------------------------------


def two_states() -> tuple[Document, Document, Document]:
    """Return one document as it began, and two people's versions of it."""
    began = document_of(make_event(citations="S1; S1; S1"))
    mine = {
        **began,
        "title": "My title",
        "citations": [{**began["citations"][0], "paraphrase": "Mine."}],
    }
    theirs = {
        **began,
        "summary": "Their summary.",
        "citations": [
            began["citations"][1],
            began["citations"][0],
            blank_row(type(make_citation())),
        ],
    }
    return began, mine, theirs


def test_differences_name_fields_rows_and_order() -> None:
    began, mine, theirs = two_states()
    assert [d.place for d in differences(EventForm, began, mine)] == [
        ("title",),
        ("citations", "0", "paraphrase"),
        ("citations", "1"),
        ("citations", "2"),
    ]
    new = theirs["citations"][2][ROW]
    assert [(d.place, d.kind) for d in differences(EventForm, began, theirs)] == [
        (("summary",), "changed"),
        (("citations", "2"), "removed"),
        (("citations", new), "added"),
        (("citations", "order"), "moved"),
    ]
    assert not list(differences(EventForm, theirs, theirs))


def test_merge_takes_each_difference_from_its_side() -> None:
    _began, mine, theirs = two_states()
    assert merge_documents(EventForm, theirs, mine, {}, MINE) == mine
    assert merge_documents(EventForm, theirs, mine, {}, THEIRS) == theirs
    chosen = {"title": MINE, "citations.0.paraphrase": MINE}
    both = merge_documents(EventForm, theirs, mine, chosen)
    assert (both["title"], both["summary"]) == ("My title", "Their summary.")
    assert [row["id"] for row in both["citations"]] == ["C2", "C1", ""]
    assert both["citations"][1]["paraphrase"] == "Mine."


def test_rows_get_the_keys_of_the_rows_that_they_match() -> None:
    """By id or, for another record, by equal content, with the keys of rows within them."""
    like = document_of(make_event(citations="S1; S1"))
    for index, row in enumerate(like["citations"]):
        row[ROW] = f"a{index}"
        row["chain"][0][ROW] = f"b{index}"
    changed = document_of(make_event(citations="C2 S1 (paraphrase=Changed.); C1 S1"))

    def keys(only_equal: bool) -> list[tuple[str, str]]:
        aligned = align_rows(EventForm, changed, like, only_equal=only_equal)
        return [(row[ROW], row["chain"][0][ROW]) for row in aligned["citations"]]

    assert keys(only_equal=False) == [("a1", "b1"), ("a0", "b0")]
    [new, same] = keys(only_equal=True)
    assert same == ("a0", "b0") and not {"a1", "b1"} & {*new}


# Words --------------------------------------------------------------------------------------------


def test_field_is_in_words_with_its_code() -> None:
    def words(form: type[Form], texts: dict[str, str], with_code: bool) -> str:
        [name] = texts.keys() - {"key"}
        row = documents.blank(form, **texts)
        known = {"gulf": "Gulf states", "ko": "Korean"}
        return documents.field_in_words(
            lambda _vocabulary, text: (known.get(text, text), text),
            form,
            name,
            row,
            with_code=with_code,
        )

    cases = [
        (SourceForm, {"language": "ko"}, True, "Korean (ko)"),
        (SourceForm, {"language": "ko"}, False, "Korean"),
        (SourceForm, {"published": "2019-06-20"}, True, "20 June 2019 (2019-06-20)"),
        (PlaceForm, {"regions": "gulf; asean"}, True, "Gulf states (gulf), asean"),
        (Term, {"key": "place", "code": "gulf"}, True, "Gulf states (gulf)"),
        (Name, {"preferred": ""}, True, "no"),
    ]
    assert failing(cases, words) == []


def test_error_in_a_list_of_codes_is_at_its_field() -> None:
    document = documents.blank(PlaceForm, regions="gulf arab-countries")
    error = validate(PlaceForm, document).errors["regions"]
    assert "lower-case letters" in error and error.endswith("Separate values with commas.")
