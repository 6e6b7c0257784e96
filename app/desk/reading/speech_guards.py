"""Tells who beside a verb of saying is no speaker, and who speaks without a verb of saying.

“Did not answer” says nothing. In “according to him, the consulate had ordered the firms” he
speaks, and the consulate only as he reports it. A newspaper's source is a source, and not a
newspaper. “В комитете сообщали” has a speaker without a subject.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.desk.reading.marks import Language, Mark
from app.vocabulary.citations import Attribution

SILENT: Mapping[Language, tuple[str, str, str]] = {
    "en": (
        r"(?:did not|didn't|does not|has not|have not|had not|would not|could not|declined to|"
        r"refused to|failed to|yet to|not) (?:immediately |publicly |directly )?$",
        r"(?:.*(?:did not|declined to|would not) )?"
        r"(?:say|tell|comment|commented|explain|repl|answer|respond|disclose|reveal|describe|state)",
        r"(?! (?:that|it had|there)\b)",
    ),
    "ru": (
        r"\bне $",
        r"(?:ответил|сообщил|сообщал|сообщает|прокомментировал|пояснил|уточнил|сказал|рассказал|"
        r"объяснил|назвал|раскрыл|указал)",
        r"",
    ),
    "zh": (
        r"(?:未|没有?|沒有?|不|拒绝|拒不|尚未|未能|未予|不予|暂未)"
        r"(?:[立即公开正面作做出就对此向记者予以愿进一步]{0,6})$",
        r"(?:回应|答复|回答|透露|说明|披露|解释|介绍|表示|通报|讲|宣布)",
        r"",
    ),
    "ja": (
        r"",
        r"(?:回答|コメント|答え|説明|明らかにし|明かし|公表し|話し|話す|述べ)",
        r"(?:し|す|て)?(?:て|で)?い?(?:なかった|ない(?!と)|ません|ず(?!に)|ていない|"
        r"を(?:控え|避け|拒|差し控え)|(?:は|が)(?:なかった|ない|得られ|差し控え|控え)|に応じ(?:な|て))",
    ),
    "ko": (
        r"",
        r"(?:답했|밝혔|말했|설명했|언급했)",
        r"지 ?않",
    ),
}
"""Before a verb, the verb, and after it: somebody who did not answer."""
REFUSALS_THAT_SAY = re.compile(r"confirm|den(?:y|ied)|acknowledg|admit")

NEXT_STATEMENT: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r";|\b(?:but|while|whereas|although|though|however|and (?:a|an|another))\b"),
    "ko": re.compile(r";|지만|반면|그러나|는데"),
    "zh": re.compile(r";|但|而|不过|另"),
    "ja": re.compile(r"が、|一方|しかし|。"),
    "ru": re.compile(r";|\b(?:но|а|однако|хотя)\b"),
}
"""Between two statements of a sentence, each with a speaker of its own."""
PASSED_ON_BY = {Attribution.OTHER_OUTLET, Attribution.DOCUMENT}
MAX_HEAD = 4
"""Signs before “according to him” at the head of a sentence, apart from these words."""
HEAD: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"[\s\"“]*(?:(?:but|and|meanwhile|however|still),? )?according to $"),
    "ko": re.compile(r"[\s\"“]*(?:(?:한편|그러나|하지만|또|이어) )?$"),
    "zh": re.compile(r"[\s“]*(?:但|而|另)?(?:据|根据|據|按照?)$"),
    "ja": re.compile(r"[\s「]*(?:また|一方|しかし)?、?$"),
    "ru": re.compile(
        r"[\s«—–-]*(?:(?:при этом|между тем|однако|но),? )?(?:по|со) "
        r"(?:слов(?:ам)?|данным|информации|сведениям|утверждению|мнению|оценке)? ?$"
    ),
}
"""What is before somebody according to whom the whole sentence is so."""
HEAD_AFTER: Mapping[Language, re.Pattern[str]] = {
    "ko": re.compile(r"에 ?(?:따르면|의하면)|의 (?:말|설명|전언|증언)에 (?:따르면|의하면)"),
    "ja": re.compile(r"に(?:よると|よれば)|の(?:話|説明|証言)(?:では|によると)"),
    "zh": re.compile(r"[^,。]{0,4}[说說称的,]"),
    "ru": re.compile(r" (?:словам|данным|мнению|оценке|информации)|[^.;]{0,60}?,"),
}


def is_silent(text: str, verb: re.Match[str], language: Language) -> bool:
    """Whether a verb of saying tells that somebody did not answer."""
    before, words, after = SILENT[language]
    if REFUSALS_THAT_SAY.search(verb.group()):
        return False
    is_negated = language in {"ko", "ja"} or re.search(before, text[: verb.start()]) is not None
    if language == "en" and re.search(r"did not|declined to|would not", verb.group()):
        is_negated = True
    return bool(
        is_negated
        and re.match(words, verb.group())
        and re.match(after, text[verb.end() :] if language != "ko" else text[verb.end() - 1 :])
    )


def without_reported(marks: Sequence[Mark], text: str, language: Language) -> list[Mark]:
    """Return the speakers without those who only speak as somebody at the head tells it."""
    head = next((mark for mark in marks if _is_head(mark, text, language)), None)
    if head is None or head.value in PASSED_ON_BY:
        return [*marks]
    kept = []
    for mark in marks:
        between = text[head.end : max(head.end, mark.start)]
        is_inner = mark is not head and mark.start >= head.end
        if not is_inner or NEXT_STATEMENT[language].search(between):
            kept.append(mark)
    return kept


def _is_head(mark: Mark, text: str, language: Language) -> bool:
    before = HEAD[language].fullmatch(text[: mark.start]) is not None
    after = HEAD_AFTER.get(language)
    return before and (after is None or after.match(text, mark.end) is not None)


# A source of an outlet ----------------------------------------------------------------------------

SOURCE_OF_OUTLET: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?:newspaper|agency|outlet|paper|daily|portal|site|magazine|broadcaster|station)'s "
        r"(?:own )?(?:sources?|interlocutors?|contacts?|informants?)|"
        r"^(?:an? |the |one )?(?:sources?|interlocutors?|contacts?|informants?) of the "
    ),
    "ko": re.compile(
        r"(?:매체|신문|언론|통신|본지|방송)[가-힣]{0,2} .{0,12}(?:소식통|취재원|정보원|취재 대상)"
    ),
    "zh": re.compile(
        r"(?:媒体|报|社|台)的?(?:一[名位])?(?:消息人士|知情人士|消息源|消息来源|线人|受访者)$"
    ),
    "ja": re.compile(
        r"(?:紙|社|メディア|局)の(?:情報筋|消息筋|取材相手|取材先|情報提供者|関係筋)(?:[はがも])?$"
    ),
    "ru": re.compile(r"^(?:один из )?(?:источник\w*|собеседни\w+)\b"),
}
OF_OUTLET: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"^(?:newspaper|agency|outlet|paper|daily|portal|site|magazine)'s (?:own )?"),
    "ko": re.compile(r"^(?:매체|신문|통신|언론|방송|본지)(?:의|에 말한)? ?"),
    "zh": re.compile(r"^(?:该|本)?(?:媒体|报|社|台)的?"),
    "ja": re.compile(r"^(?:同|本)?(?:紙|社|局)の|^メディアの"),
    "ru": re.compile(r" (?:издания|газеты|агентства|телеканала|портала|журнала|редакции)$"),
}
"""Whose source it is, in the words for one: “собеседник издания” is “собеседник”."""

# Russian speakers without a subject ---------------------------------------------------------------

WITHOUT_SUBJECT = re.compile(
    r"(?:^|[.«;—–,(]\s?|\b(?:что|как|между тем|при этом|однако|но|а) )во? "
    r"(?P<who>(?:[а-яa-z-]+ ?)(?:[^.,;!?«»\"]{0,60}?)(?:«[^»]{1,40}»)?)"
    r"(?:, [^,.;«»]{2,70}?,)?(?: (?:ранее|также|позже|потом|при этом|ему|нам|изданию|журналистам|"
    r"газете|агентству|тогда|сегодня|вчера|уже))* "
    r"(?P<verb>сообщали|сообщили|сообщают|заявили|заявляли|заявляют|сказали|говорили|говорят|"
    r"пояснили|поясняют|подтвердили|рассказали|рассказывают|уточнили|утверждают|утверждали|"
    r"отметили|отмечают|подчеркнули|считают|признали|добавили|опровергли|отрицают|отрицали)\b"
)


def without_subject(text: str, language: Language) -> Iterator[tuple[int, int]]:
    """Yield the positions of a body in which “they stated”: в комитете по труду сообщали."""
    if language == "ru":
        for found in WITHOUT_SUBJECT.finditer(text):
            yield found.start("who"), found.end("who")


ORDINALS: Mapping[Language, Sequence[str]] = {
    "en": (r"the first ", r"the second ", r"the third "),
    "ko": (r"첫 ?번째 ", r"두 ?번째 ", r"세 ?번째 "),
    "zh": (r"第一[名位个]", r"第二[名位个]", r"第三[名位个]"),
    "ja": (r"(?:最初の|[1一]人目の)", r"[2二]人目の", r"[3三]人目の"),
    "ru": (r"перв\w+ ", r"втор\w+ ", r"трет\w+ "),
}


def ordinal(words: str, language: Language) -> int:
    """Return which of several speakers words count, from 1; 0 if they count none."""
    for at, pattern in enumerate(ORDINALS[language], 1):
        if re.match(pattern, words):
            return at
    return 0
