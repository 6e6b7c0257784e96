"""Codes of languages and countries that are typed as people write them."""

import pytest
from pydantic import ValidationError

from app.kinds import ChainStep
from app.kinds.locale_names import guess_language
from tests.make import make_outlet, make_source
from tests.support.tables import differing


def test_language_is_read_from_its_name() -> None:
    expected = {
        "ru": "ru",
        "Russian": "ru",
        "russian": "ru",
        "русский": "ru",
        "Vietnamese": "vi",
        "Simplified Chinese": "zh-Hans",
        "zh-Hans": "zh-Hans",
        "": "",
    }
    assert differing(lambda typed: make_source(1, language=typed).language, expected) == {}


def test_language_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        make_source(1, language="Klingonish")


def test_country_is_read_in_any_case() -> None:
    for typed in ("ru", "RU", " ru "):
        assert make_outlet(1, country=typed).country == "RU"


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
