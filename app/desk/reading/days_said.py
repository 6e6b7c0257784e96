"""Finds the days on which somebody spoke: “reported on Tuesday” is no day of an event."""

import re
from collections.abc import Mapping, Sequence

from app.desk.reading.marks import Language, Mark, MarkKind, Sentence
from app.desk.reading.words import plain

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SAYS_EN = (
    r"(?:said|told|reported|wrote|announced|added|stated|confirmed|denied|claimed|"
    r"disclosed|revealed|acknowledged)"
)
SAYS_RU = (
    r"(?:сообщил[аио]?|заявил[аио]?|сказал[аи]?|рассказал[аи]?|написал[аи]?|объявил[аи]?|"
    r"подтвердил[аи]?|передал[аио]?)"
)
SAYS_KO = r"(?:말했|전했|밝혔|보도했|보고했|설명했|주장했|발표했|덧붙였)"
SAYS_JA = r"(?:報じ|伝え|述べ|話し|語っ|発表し|明らかにし|報告し|説明し)"
SAYS_ZH = r"(?:说|表示|称|透露|报道|宣布|指出|告诉|介绍|发布|通报)"
PAPERS_EN = r"(?:report|statement|study|article|paper|interview|letter|notice|briefing|survey)s?"
SPOKEN_ON: Mapping[Language, tuple[str, str]] = {
    "en": (
        rf"\b(?:{SAYS_EN}|told [\w -]{{2,30}}?|{PAPERS_EN} (?:that was |which was )?"
        r"(?:published|released|issued|dated|made public))(?: (?:late|early))?(?: on)? ?$",
        r"",
    ),
    "ko": (r"[가-힣a-z](?:은|는|이|가) $", rf"(?:\([^)]*\))?(?= |,).*{SAYS_KO}"),
    "zh": (r"", rf"(?:日)?(?:[^,。;]{{0,8}}?){SAYS_ZH}"),
    "ja": (r"(?:は|が)$", rf"(?:に)?[、,].*{SAYS_JA}"),
    "ru": (
        rf"\b(?:{SAYS_RU}(?: [\w ]{{1,20}}?)?|(?:доклад|отчет|заявлени|исследовани|письм|"
        rf"стать)\w*,? "
        r"(?:опубликованн|обнародованн|распространенн|вышедш)\w*) ?(?:в|во)? ?$",
        r"",
    ),
}
"""What is before and after a day on which somebody spoke."""
PUBLISHED_ON: Mapping[Language, str] = {
    "ko": r"(?:에)? ?(?:발표|공개|발간|배포)한 (?:[가-힣]+ ){0,3}?(?:보고서|성명|자료|논평|"
    r"보도자료)",
    "zh": r"(?:发布|公布|发表|公开)的[^,。]{0,12}?(?:报告|声明|文章|通报|公报)",
    "ja": r"(?:に)?(?:公表|発表|公開)した[^、。]{0,12}?(?:報告書|声明|資料|記事)",
}
"""After a day on which a report or a statement was published."""
BEFORE_VERB_RU = re.compile(rf"^ {SAYS_RU}\b")
SAYS_BEFORE_EN = re.compile(rf"\b{SAYS_EN} (?:an? |the )?$")
MAX_PREPOSITION = 4
"""Characters between an English speaker after the verb and the day of its statement."""
MAX_FROM_SPEAKER = 3
"""Characters between a Chinese speaker and the day."""


def days_said(sentence: Sentence, marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks of days on which a speaker of the sentence, or an outlet, spoke."""
    text = plain(sentence.text)
    before, after = SPOKEN_ON[sentence.language]
    speakers = [mark for mark in marks if mark.kind in {MarkKind.SPEAKER, MarkKind.OUTLET}]
    said = []
    for mark in marks:
        if mark.kind is not MarkKind.DATE or not DAY.fullmatch(mark.value):
            continue
        head, tail = text[: mark.start - sentence.start], text[mark.end - sentence.start :]
        is_near = any(0 <= mark.start - each.end <= MAX_FROM_SPEAKER for each in speakers)
        is_before = re.search(before, head) is not None
        match sentence.language:
            case "en":
                is_said = is_before or any(
                    0 <= mark.start - each.end <= MAX_PREPOSITION
                    and SAYS_BEFORE_EN.search(text[: each.start - sentence.start])
                    for each in speakers
                )
            case "ru":
                is_said = is_before or BEFORE_VERB_RU.match(tail) is not None
            case _:
                is_said = is_near and is_before and re.match(after, tail) is not None
                is_said = is_said or re.match(PUBLISHED_ON[sentence.language], tail) is not None
        if is_said:
            said.append(mark)
    return said
