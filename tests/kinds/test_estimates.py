"""What an estimate must say: values, changes, currencies and populations without a number."""

import pytest
from babel.numbers import get_territory_currencies
from pydantic import ValidationError

from app.kinds import EstimateForm
from app.vocabulary.estimates import Population, Unit
from tests.make import fields, make_estimate, make_term
from tests.support.tables import misjudged

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
