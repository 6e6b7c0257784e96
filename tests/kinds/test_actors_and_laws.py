"""Actors and laws: ids of other registers, and what a form refuses."""

from typing import Any, ClassVar

import pytest
from babel.numbers import get_territory_currencies
from pydantic import ValidationError

from app.kinds import ChainStep, CodeForm, Entry, EstimateForm, Form
from app.kinds.locale_names import guess_language
from app.vocabulary.estimates import Population, Unit
from app.vocabulary.named import PageKind
from tests.make import (
    fields,
    make_actor,
    make_estimate,
    make_page,
    make_place,
    make_source,
    make_term,
)
from tests.support.forms import all_forms
from tests.support.tables import differing, misjudged


def test_id_of_another_register_is_normalised_or_refused() -> None:
    expected = {
        ("wikidata", "q148"): "Q148",
        ("opensanctions", "NK-2aBcD"): "NK-2aBcD",
        ("lei", "5493 001kjtiigc8y1r12"): "5493001KJTIIGC8Y1R12",
        ("isni", "0000 0001 2103 2683"): "0000000121032683",
        ("isni", "0000-0001-2281-955X"): "000000012281955X",
    }
    refusals = {
        ("wikidata", "148"): "such as Q148",
        ("opensanctions", "a b"): "such as NK-",
        ("lei", "5493001"): "18 letters or digits",
        ("isni", "12"): "15 digits",
        # What contradicts the actor itself.
        ("reply_on", "2020"): "enter the reply",
    }

    def typed(field: str, text: str) -> object:
        return getattr(make_actor(1, "", **{field: text}), field)

    assert differing(typed, expected) == {}
    assert misjudged(ValidationError, typed, refusals) == {}


def test_term_may_name_an_actor_and_keeps_the_wording() -> None:
    term = make_term("actor", "government-of-china", printed="Chinese authorities")
    assert (term.code, term.printed) == ("government-of-china", "Chinese authorities")
    with pytest.raises(ValidationError, match="enter the source's words"):
        make_term("actor")


def test_only_a_site_has_an_operator() -> None:
    assert make_place(kind="site", operator="firm").operator == "firm"
    with pytest.raises(ValidationError, match="only a site has an operator"):
        make_place(operator="firm")


def test_code_of_the_former_list_is_read_and_not_entered() -> None:
    values = {"list": "instrument", "code": "a", "label": "A", "definition": "A law."}
    assert CodeForm.model_validate(values).list == "instrument"
    entry = Entry()
    with pytest.raises(ValidationError, match=r"write a row of laws\.csv"):
        CodeForm.model_validate(values, context=entry)


# Codes of languages and countries that are typed as people write them


def test_language_is_read_from_its_name() -> None:
    expected = {
        "ru": "ru",
        "Russian": "ru",
        "russian": "ru",
        "Vietnamese": "vi",
        "Simplified Chinese": "zh-Hans",
        "zh-Hans": "zh-Hans",
        "": "",
    }
    assert differing(lambda typed: make_source(1, language=typed).language, expected) == {}


def test_own_voice_is_never_named() -> None:
    step = ChainStep.model_validate({"attribution": "outlet-own-voice", "named": "yes"})
    assert step.named is None


def test_language_is_that_of_most_letters() -> None:
    expected = {
        "Workers left on Monday.": "en",
        "단둥의 노동자들이 RFA에 말했다.": "ko",
        "丹东的工人已经离开。": "zh",
        "丹東の労働者が帰国した。": "ja",
        "Рабочие уехали из Даньдуна.": "ru",
        "غادر العمال المدينة يوم الاثنين.": "ar",
        "": "en",
    }
    assert differing(lambda text: guess_language(text, "en"), expected) == {}
    unsure = {text: "" if language == "en" else language for text, language in expected.items()}
    assert differing(guess_language, unsure) == {}


def test_text_in_another_language_is_taken_for_none_of_them() -> None:
    for text in (
        "Los trabajadores salieron de la ciudad el lunes porque sus visados habían caducado, según "
        "dos personas que conocen el caso y no quisieron dar su nombre.",
        "Người lao động đã rời thành phố hôm thứ hai vì thị thực của họ đã hết hạn, theo hai người "
        "biết rõ vụ việc và không muốn nêu tên của mình.",
        "Ishchilar dushanba kuni shaharni tark etdi, chunki ularning vizalari muddati tugagan edi, "
        "deb aytdi ishdan xabardor ikki kishi, ular ismlarini oshkor qilishni istamadi.",
        "Робітники поїхали з міста в понеділок, оскільки їхні візи закінчилися.",
        "Работниците напуснаха града в понеделник, защото визите им бяха изтекли, казаха двама "
        "души, които познават случая и не пожелаха да кажат имената си пред журналистите. Според "
        "тях още хора ще последват, а фабриките край реката вече търсят нови служители от други "
        "области, но засега никой не иска да работи за толкова малко.",
        "श्रमिक सोमवार को शहर से चले गए।",
    ):
        assert guess_language(text, "en") == ""


# What an estimate must say: values, changes, currencies and populations without a number


NOBODY = "population=, population_text=stays, as_of="
MONEY = "counts=money, population=things, period=2019"
PERCENT = "form=percent-change, unit=ratio, period=2019"
MONTHS = f"{NOBODY}, counts=time, unit=months, period=2019"


def test_currency_in_use_is_a_unit() -> None:
    for country in ("CN", "KP", "RU", "KW", "PL", "MN", "BD", "AO", "SN", "JP"):
        for code in get_territory_currencies(country):
            unit = made(f"{MONEY}, unit={code}").unit
            assert unit.label and unit in {code.lower(), "yuan"}
    assert made(f"{MONEY}, unit=CNY").unit is Unit.YUAN
    assert "cny" not in Unit.by_code()
    for wrong in ("xxx", "zzz", "won", "$"):
        with pytest.raises(ValidationError, match="unit"):
            made(f"{MONEY}, unit={wrong}")


ACCEPTED = [
    f"{PERCENT}, point=-0.3",
    f"{PERCENT}, point=2.5",
    f"{PERCENT}, point=-, low=-0.3, high=-0.2, quantifier=range",
    f"{PERCENT}, point=-, low=-0.8, high=0, quantifier=range",
    "quantifier=nearly",
    "point=-, low=2000, high=10000, quantifier=more-than",
    "point=-, quantifier=words, printed_words=scores",
    "point=-, quantifier=words, population=students, population_text=students among them",
    "form=share, unit=ratio, point=0.3, share_of=all who left",
    "nature=threshold, point=-, low=53, quantifier=at-least",
    f"{MONEY}, period=, as_of=2019-06, nature=limit, unit=usd",
    f"{MONEY}, period=, as_of=, nature=limit, unit=usd",
    "counts=arrivals, nature=planned, as_of=2019-06-15",
    "counts=arrivals, as_of=2022-06-17, point=7067",
    "counts=departures, as_of=2022-06-17",
    "counts=crossings, unit=entries, as_of=2022-06-17",
    "counts=taking-part, as_of=2022-06-17, point=7067",
    "counts=taking-part, period=2022-06/2022-09-30",
    "counts=places, unit=districts, population=things",
    "counts=applications, as_of=2015-06, point=288466",
    "counts=applications, period=2014-06/2015-06",
    MONTHS,
    f"{NOBODY}, counts=money, unit=usd, period=2019",
    f"{NOBODY}, nature=threshold, counts=taking-part, quantifier=at-least, point=-, low=53",
    f"{NOBODY}, nature=minimum, quantifier=at-least, point=-, low=10",
    f"{MONEY}, period=, as_of=, nature=minimum, unit=usd, quantifier=more-than, point=-, low=400",
    f"{NOBODY}, counts=age, unit=years, nature=threshold, quantifier=fewer-than, point=-, high=30",
    "population=, population_text=, as_of=, counts=age, unit=years, period=2019, event=E1",
    "inferred=year, inferred_reason=The page is of 2019.",
]
REFUSED = {
    f"{PERCENT}, unit=people, point=-0.3": "the unit “share” is for",
    "unit=ratio, point=0.3": "the unit “share” is for",
    f"{PERCENT}, point=-, high=-0.8, quantifier=up-to": "a fall of up to 80 per cent is",
    f"{PERCENT}, point=-, low=-0.8, quantifier=at-least": "from −0.8 to 0",
    f"{PERCENT}, point=-, low=-0.2, high=-0.3, quantifier=range": "in rising order",
    "form=share, unit=ratio, point=1.3": "between 0 and 1",
    "form=share, unit=ratio, point=-0.3": "only a change may be below zero",
    "point=-, high=24000, quantifier=nearly": "nearly: enter the number",
    "point=-, quantifier=words": "or “Population, in words”",
    "population=": "population",
    "population=nobody": "choose another “Population”",
    "population=, population_text=, as_of=, counts=time, unit=days": "enter what it is about",
    f"{NOBODY}, counts=age, unit=people": "an age has the unit",
    "papers_were=revoked": "leave “Permits were” empty",
    "share_of=all who left": "only for a share",
    "nature=threshold": "a threshold is reported as",
    "nature=minimum": "a minimum is reported as",
    "nature=minimum, point=-, high=9, quantifier=up-to": "a minimum is",
    f"{MONEY}, unit=usd, period=, as_of=2019": "has no “As of”: enter the date under “Period”",
    "inferred=year": "needs “As of” or “Period”",
    "as_of=, inferred=year, inferred_reason=By the page.": "needs “As of” or “Period”",
}


def made(values: str) -> EstimateForm:
    return make_estimate(**fields(values))


def test_values_are_accepted_or_refused() -> None:
    assert all(map(made, ACCEPTED))
    assert misjudged(ValidationError, made, REFUSED) == {}


def test_only_people_have_a_scope() -> None:
    assert make_term("nationality", "kp", scope="mostly").scope == "mostly"
    with pytest.raises(ValidationError, match="only a nationality, a sector or a group"):
        make_term("paper", "student", scope="restricts")


def test_nobody_is_counted_where_no_population_is_given() -> None:
    assert made(MONTHS).population is Population.NOBODY
    assert made(f"{MONTHS}, population=workers").population is Population.WORKERS


# Fields that earlier releases had: stored rows drop them, new ones may not have them


ENTRY = Entry()


class Row(Form):
    FORMER: ClassVar[frozenset[str]] = frozenset({"manner"})

    words: str = ""


class Whole(Form):
    rows: list[Row]


STORED = {"rows": [{"words": "a", "manner": "b"}]}


def test_former_field_of_a_stored_row_is_dropped() -> None:
    assert Whole.model_validate(STORED) == Whole(rows=[Row(words="a")])


def test_former_field_of_a_new_row_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="“manner” is no field any more"):
        Whole.model_validate(STORED, context=ENTRY)


def test_unknown_field_of_a_stored_row_is_still_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Whole.model_validate({"rows": [{"words": "a", "mannner": "b"}]})


def test_stored_former_fields_are_dropped_and_no_fields_any_more() -> None:
    for form in all_forms():
        assert not form.FORMER & form.model_fields.keys()
        try:
            form.model_validate(dict.fromkeys(form.FORMER, "x"))
        except ValidationError as error:
            assert "Extra inputs" not in str(error)


def test_number_of_speakers_of_an_earlier_release_is_read_in_words() -> None:
    step = {"attribution": "resident", "speakers": 3, "said": "2019"}
    assert ChainStep.model_validate(step).speakers_text == "3"


# Pages: links in their texts, and what the form refuses


ANSWER: dict[str, Any] = {"kind": "answer", "places": ["place-1"], "body": "It closed [C1]."}


def test_page_knows_the_records_that_it_links_to_and_shows() -> None:
    page = make_page(
        body="Read [one](E1) and [two](M2), or [one](E1) once more.",
        sections=[{"part": "funding", "says": "See [a report](S3)."}],
        marks=[{"event": "E4", "label": "A rule"}],
    )
    assert list(page.linked) == ["E1", "M2", "S3", "E4"]
    assert page.kind is PageKind.TEXT


def test_page_that_the_site_cannot_show_is_refused() -> None:
    for changes, words in (
        ({"body": "Read [this](https://example.org)."}, "is no id of an event"),
        ({"body": "Read [this](E0)."}, "is no id of an event"),
        ({"sections": [{"part": "funding", "says": "[Ours](P1)"}]}, "is no id of an event"),
        ({"sections": [{"part": "funding", "says": "A"}] * 2}, "a part twice"),
        ({"marks": [{"event": "E1", "label": "A"}] * 2}, "an event twice"),
        ({"marks": [{"event": "E1", "label": "A" * 39}]}, "at most 38"),
        ({"marks": [{"event": "S1", "label": "A"}]}, "pattern"),
        ({"places": ["a", "b", "c", "d", "e", "f", "g"]}, "at most 6"),
        (ANSWER | {"places": []}, "name the one place"),
        (ANSWER | {"places": ["a", "b"]}, "name the one place"),
        (ANSWER | {"kind": "row", "body": "word " * 46 + "[C1]"}, "at most 45 words"),
    ):
        with pytest.raises(ValidationError, match=words):
            make_page(**changes)


def test_each_clause_of_an_editors_sentence_has_a_citation() -> None:
    for body, cited in (
        ("It closed [C1].", ["C1"]),
        ("It closed [C1], opened [C2][C30] and closed again [C1]", ["C1", "C2", "C30"]),
        ("It closed [C1]; did it open [C2]? About 1,200.5 left [C3]!", ["C1", "C2", "C3"]),
        ("国境が閉じた[C1]。開いた[C2]。", ["C1", "C2"]),
        *((body, None) for body in ("", "It closed.", "It closed. [C1]", "[C1].", "It closed [C1")),
        *((body, None) for body in ("It closed [E1].", "It closed [C0].", "[It](E1) closed [C1].")),
        *((body, None) for body in ("It closed [C1]. It opened.", "It closed [C1] and opened.")),
        ("It closed [C1].\n\nIt opened [C2].", None),
    ):
        if cited is None:
            with pytest.raises(ValidationError, match=r"such as \[C156\]|one paragraph"):
                make_page(**ANSWER | {"body": body})
        else:
            assert make_page(**ANSWER | {"body": body}).cited == cited, body
        assert make_page(body=body).cited == [], "another text may have brackets"
