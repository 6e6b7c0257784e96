"""Rows that refer to others: stages of a rule, denials, and corrected numbers."""

from datetime import date

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import KnownEvent, ProposedRow, propose_rows
from tests.desk.reading.test_rows import DEPARTURE
from tests.support.reading_gold import proposers
from tests.support.row_gold import RELATIONS, compare_relations, relation_passages

GOAL = 0.9
PUBLISHED = date(2019, 6, 20)


def related(text: str, *known: KnownEvent, language: Language = "en") -> list[ProposedRow]:
    reading = read_article(text, language, PUBLISHED, proposers())
    return relate_rows(propose_rows(reading, known), reading)


def stages(text: str, *known: KnownEvent) -> list[ProposedRow]:
    return [row for row in related(text, *known) if row.stage]


def test_passages_reach_the_goal_in_each_language() -> None:
    comparison = compare_relations(relation_passages("relations"), proposers())
    total = comparison.total()
    assert {*comparison.scores} == {*RELATIONS}
    assert total.precision >= GOAL, comparison.differences
    assert total.recall >= GOAL, comparison.differences


def test_office_with_nothing_to_confirm_mentions_what_was_reported() -> None:
    text = (
        "단둥에서 노동자 80명이 귀국했다. 외교부 당국자는 귀국 동향은 확인해 줄 것이 없다고 밝혔다."
    )
    *_rows, question = related(text, language="ko")
    assert question.denial and question.denial.value == "mentions"
    assert question.to and question.to.type == "repatriation"


def test_terms_of_a_stage_are_those_of_its_clause() -> None:
    text = (
        "Foreigners are banned from working in Dandong. The ban applies to restaurants from "
        "1 July, to construction from 1 September."
    )
    rows = stages(text)
    assert [[mark.value for mark in row.others] for row in rows] == [
        ["sector:restaurant"],
        ["sector:construction"],
    ]
    assert {mark.value for row in rows for mark in row.where} == {"dandong"}
    assert [row.to and row.to.sentence for row in rows] == [0, 0]


def test_objects_after_their_days_belong_to_these_days() -> None:
    text = "The ban takes effect from 1 July for restaurants, from 1 September for construction."
    assert [[mark.value for mark in row.others] for row in stages(text)] == [
        ["sector:restaurant"],
        ["sector:construction"],
    ]


def test_verb_of_the_rule_in_the_sentence_of_its_stages_is_one_row() -> None:
    text = "Restaurants must dismiss foreigners by 1 July, hotels by 1 August."
    rule, *parts = [row for row in related(text) if row.kind == "event"]
    assert rule.type == "contract-termination" and rule.when is None
    assert [row.stage.value for row in parts if row.stage] == ["2019-07-01", "2019-08-01"]
    assert [row.to and row.to.place for row in parts] == [rule.place, rule.place]


def test_rule_that_may_be_on_record_is_what_its_stages_are_parts_of() -> None:
    text = (
        "Workers were told to return home from Dandong on 3 June 2019. In the first step women "
        "must go by 1 July, in the second step all others by 1 August."
    )
    ordered = KnownEvent("E6", "recall-by-home-state", DEPARTURE.places, DEPARTURE.days)
    assert [row.to and row.to.record for row in stages(text, ordered)] == ["E6", "E6"]


def test_days_of_other_things_are_no_stages() -> None:
    for text in (
        "Restaurants may not hire foreigners from 1 July to 30 September.",
        "The decree was signed on 3 June and takes effect on 1 July.",
        "Workers who came from 1 May must leave by 1 August.",
        "He worked in a restaurant from 2011 and on a building site from 2015.",
        "They must leave by 1 July or by 1 August.",
    ):
        assert stages(text) == [], text


def test_denial_goes_on_in_the_next_sentence_of_its_speaker() -> None:
    text = (
        'Forty workers were deported from Dandong. "There was no such order. That is false," an '
        "official of the city said. A trader said that it rained."
    )
    (denial,) = [row for row in related(text) if row.denial]
    assert (denial.sentence, list(denial.further)) == (1, [2])
    assert denial.speaker and denial.speaker.value == "anonymous-official"
    assert denial.to and denial.to.type == "deportation"


def test_denial_of_an_event_on_record_is_about_that_event() -> None:
    text = "Workers returned home from Dandong on 3 June 2019. The embassy denied it."
    rows = related(text, DEPARTURE)
    denial = next(row for row in rows if row.denial)
    assert (denial.record, denial.to) == ("E5", None)


def test_second_denial_far_from_the_event_is_about_what_the_first_one_denies() -> None:
    text = (
        "Forty workers were deported from Dandong. Ten workers went on strike."
        + " It rained." * 5
        + " An official of the city denied it. There was no such order."
    )
    targets = {row.to and row.to.sentence for row in related(text) if row.denial}
    assert targets == {1}


def test_denied_number_is_no_number_of_its_own() -> None:
    text = "About 500 workers left Dandong. The ministry could not confirm that 500 workers left."
    numbers = [row for row in related(text) if row.number]
    denial = next(row for row in related(text) if row.denial)
    assert [row.sentence for row in numbers] == [0]
    assert denial.to and denial.to.number == numbers[0].number


def test_headline_that_denies_is_about_what_the_text_tells() -> None:
    text = "Ministry denies that workers were deported. Forty workers were deported from Dandong."
    denial = next(row for row in related(text) if row.denial)
    assert denial.sentence == 0 and denial.to and denial.to.sentence == 1


def test_denial_of_nothing_before_makes_no_row() -> None:
    for text in (
        "He denied wrongdoing. It rained in Dandong.",
        "The ministry denied everything.",
        "Forty workers were denied entry at the border of Dandong.",
    ):
        assert [row for row in related(text) if row.denial] == [], text


def test_number_of_an_earlier_version_is_corrected_by_that_of_the_text() -> None:
    text = (
        "Some 260 workers left Dandong on 3 June. Correction, 21 June: An earlier version of this "
        "article said that 360 workers had left."
        " It was 260 workers."
    )
    rows = [row for row in related(text) if row.number]
    correct, earlier = rows
    assert [row.sentence for row in rows] == [0, 1], "the repeated number has no row"
    assert correct.to == earlier and correct.relation == "corrects"
    assert earlier.when and earlier.when.value == "2019-06-03"
    assert (earlier.type, [mark.value for mark in earlier.where]) == (correct.type, ["dandong"])


def test_number_that_an_office_corrects_is_revised() -> None:
    text = (
        "The ministry corrected its earlier figure of 1,200 workers: the correct number is "
        "900 workers, a spokesman of the ministry said."
    )
    correct = next(row for row in related(text) if row.to)
    assert correct.relation == "revises"
    assert correct.number and correct.number.value == "exact 900 people"


def test_number_without_a_correction_is_no_earlier_one() -> None:
    text = "Earlier 360 workers had left. It was not 300 workers."
    assert [row for row in related(text) if row.correction] == []
