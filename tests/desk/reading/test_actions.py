"""Verbs of the field: which tell of an event, and which do not."""

import pytest

from app.desk.reading.actions import ActionProposer
from app.desk.reading.marks import Language, Reason, Sentence


def actions_in(text: str, language: Language) -> list[str]:
    return [mark.value for mark in ActionProposer().propose(Sentence(0, text, language), [])]


@pytest.mark.parametrize(
    ("language", "text", "types"),
    [
        ("en", "The ministry did not comment, but police arrested 40 men.", ["crackdown"]),
        ("en", "The plant laid off its crew.", ["contract-termination"]),
        ("ko", "공장은 노동자들을 해고했다.", ["contract-termination"]),
        ("zh", "警方逮捕了四十人。", ["crackdown"]),
        ("zh", "不少工人已经回国。", ["repatriation"]),
        ("ja", "該当者は出国しなければならない。", ["departure-order"]),
        ("ru", "Задержали не менее 40 человек.", ["crackdown"]),
        ("ru", "Фабрика уволила рабочих.", ["contract-termination"]),
    ],
)
def test_verb_that_tells_of_an_event_is_marked(
    language: Language, text: str, types: list[str]
) -> None:
    assert actions_in(text, language) == types


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "China has not stopped issuing visas."),
        ("en", "Officials threatened to deport them if the plant closed down."),
        ("en", "Every spring hundreds used to come back here."),
        ("en", "They wait in a deportation centre."),
        ("ko", "중국은 비자 발급을 중단하지 않았다."),
        ("ko", "식당은 아직 영업을 재개하지 못했다."),
        ("ko", "정부는 노동자를 추방한 적이 없다."),
        ("ko", "과거에는 해마다 수백 명이 입국했다."),
        ("ko", "그는 출국 심사를 기다렸다."),
        ("ko", "최근 귀국 동향을 물었다."),
        ("zh", "尚未解除禁令。"),
        ("zh", "如果工人被遣返，工厂就没人了。"),
        ("zh", "他在出入境管理局办理离境手续。"),
        ("ja", "ビザの発給を停止していない。"),
        ("ja", "工場は派遣労働者に頼る。"),
        ("ja", "もし強制送還されれば危険だ。"),
        ("ru", "Китай не прекратил выдачу виз."),
        ("ru", "Если рабочих депортируют, завод встанет."),
        ("ru", "Раньше сюда приезжали сотни рабочих."),
    ],
)
def test_verb_that_tells_of_no_event_is_not_marked(language: Language, text: str) -> None:
    assert actions_in(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He denied that workers were deported."),
        ("en", "Claims of a strike at the yard were rejected as false."),
        ("ko", "파업이 있었다는 보도는 회사에 의해 부인됐다."),
        ("zh", "他否认遣返工人。"),
        ("ja", "ストライキの疑惑は会社側に否定された。"),
        ("ru", "Сообщения о забастовке были опровергнуты директором."),
    ],
)
def test_denied_event_is_marked_as_denied(language: Language, text: str) -> None:
    marks = [*ActionProposer().propose(Sentence(0, text, language), [])]
    assert [mark.reason for mark in marks] == [Reason.DENIED]
