"""Proposes speakers: words for a person or body beside a verb of saying, in each language."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence, is_free, longest
from app.desk.reading.other_speakers import passive_speakers, pronouns
from app.desk.reading.reference_words import POINTED_AT
from app.desk.reading.speaker_words import HEADS
from app.desk.reading.speech_guards import (
    SOURCE_OF_OUTLET,
    is_silent,
    without_reported,
    without_subject,
)
from app.desk.reading.words import compile_table, plain
from app.vocabulary.citations import Attribution

SAYING: dict[Language, str] = {
    "en": r"(?:has |have |had |also |later |then |would |did not |declined "
    r"to |was quoted as |were quoted as )*(?:said|says|say|told|tells|"
    r"added|adds|"
    r"reported|reports|claims?|claimed|confirmed|confirms|denied|denies|"
    r"noted|notes|explained|wrote|writes|warned|warns|"
    r"announced|announces|stated|states|recalled|recalls|conceded|admitted|"
    r"maintains?|maintained|estimates?|estimated|believes?|believed|"
    r"insists?|insisted|argues?|argued|found|finds|learned|saying|"
    r"called|dismissed|alleges?|alleged|suggests?|suggested|predicts?|"
    r"predicted|"
    r"complained|testified|revealed|disclosed|acknowledged|commented?|"
    r"declared|observed|remarked|put the|puts the|put their|put its|show|shows|showed|"
    r"describes?|described|quoted|recounts?|recounted|laments?|lamented|sighs?|sighed|stressed|"
    r"emphasi[sz]ed|reiterated|pledged|replied|pointed out|tallied|documented|"
    r"complains|went on|disagree[sd]?|g(?:a|i)ves? (?:an?|another|his|her|their)(?: [a-z]+){0,2} "
    r"(?:account|version|explanation|picture|story|figure)|"
    r"offered (?:an?|another)(?: [a-z]+)? (?:account|version|explanation))",
    "ko": r"(?:말했|전했|밝혔|설명했|주장했|덧붙였|지적했|보도했|강조했|분석했|"
    r"귀띔했|털어놨|털어놓|부인했|추산|추정했|경고했|토로했|증언했|언급했|"
    r"통보했|"
    r"답했|고 했다|보고 있|보고했|전한|말한|확인했|평가했|전해|알렸|관측했|"
    r"적었|집계했|짚었|반박했|일축했|호소했|촉구했|한탄했|말합|전합|밝힙|설명합|주장합|고 했습|"
    r"밝혔습|말했습|전했습|내다봤|고백했|발표했|하소연|이야기했|알려왔|비판했|했다고|요청했|"
    r"전하|고 한다|예상했|기대했|전망했|진술했|시인했|인정했|"
    r"(?:설명|증언|주장|이야기|말|해석)을 (?:내놨|내놓|했))",
    "zh": r"(?:说|說|表示|称|稱|透露|指出|告诉|告訴|介绍|认为|認為|估计|分析|"
    r"写道|承认|否认|强调|解释|补充|证实|回忆|警告|声称|坦言|报道|报导|"
    r"援引|宣布|指|披露|抱怨|证言|预测|推测|"
    r"讲(?![究话座])|感叹|叹息|反映|通报|直言|答复|回应|呼吁|"
    r"有(?:另一种|不同的?)说法|给出了?(?:不同|另)|说法不同)",
    "ja": r"(?:話した|話す|述べ|とみている|とみてい|報告し|見方を示し|付け加え|(?:証言|説明|"
    r"主張|指摘|強調|分析|発表|警告|否定|批判|回答|予測|通告)す|語っ|"
    r"語る|明らかにし|明かし|伝え|説明し|指摘し|指摘する|主張し|報じ|"
    r"強調し|分析し|分析する|推計|推定|見積も|打ち明け|否定し|発表し|"
    r"警告し|証言し|という|としている|"
    r"認め|コメント|漏らし|こぼし|訴え|答え|回答し|振り返|予測|との見方|批判し|言う|言っ|言い|"
    r"話し|嘆|反論し|一蹴し|まとめた|集計し|公表し|呼びかけ|"
    r"(?:説明|証言|見方|話)を(?:して|した))",
    "ru": r"(?:сообщил[аи]?|сообщает|сообщают|сказал[аи]?|говорит|говорят|"
    r"заявил[аио]?|заявляет|рассказал[аи]?|рассказывает|отметил[аи]?|"
    r"отмечает|подчеркнул[аи]?|"
    r"утверждает|утверждают|утверждал[аи]?|добавил[аи]?|пояснил[аи]?|"
    r"подтвердил[аи]?|опроверг|опровергла|отрицал[аи]?|отрицает|пишет|"
    r"пишут|написал[аи]?|считает|считают|полагает|полагают|"
    r"признал[аи]?|предупредил[аи]?|назвал[аи]?|указал[аи]?|подсчитал[аи]?|"
    r"оценил[аи]?|уточнил[аи]?|объяснил[аи]?|пожаловал[а-я]*|вспоминает|"
    r"заверил[аи]?|передал[аио]?|прогнозирует|говорится(?= в)|напомнил[аи]?|пообещал[аи]?|"
    r"вздыхает|жалуется|сетует|подтверждает|подчеркивает|рассказывают|констатирует|насчитал[аи]?|"
    r"признается|вспомнил[аи]?|ответил[аи]?|возразил[аи]?|напоминает|заключил[аи]?|"
    r"сообщал[аи]?|заявлял[аи]?|(?:дал[аи]?|дает|дают) (?:другую|иную) (?:версию|оценку)|"
    r"придержива[а-я]+ (?:иной|другой) версии|излагает (?:это |все )?иначе|"
    r"посетовал[аи]?|прокомментировал[аи]?|объявил[аи]?(?= о\b| что\b|"
    r",))",
}
GIVEN: dict[Language, tuple[str, str]] = {
    "en": (r"\b(?:according to|citing|cited|quoting|quoted|in the words of|as told by)\s", r""),
    "ko": (
        r"",
        r"(?:에 따르면|의 말에 따르면|에 의하면|[을를] 인용|의 말을 인용|"
        r"의 전언|사이에서|의 설명|의 증언)",
    ),
    "zh": (r"(?:据|根据|據|援引|引述|依)", r"(?:的话|的说法|的消息)?"),
    "ja": (
        r"",
        r"(?:によると|によれば|の話として|の話では|の話によ|を引用|から得た|"
        r"(?<=統計|資料|集計|調査)では|"
        r"は取材に|は本紙に|が本紙に)",
    ),
    "ru": (
        r"\b(?:по словам|со слов|по данным|по оценк(?:е|ам)|по мнению|по информации|по "
        r"сведениям|со ссылкой на|согласно|как (?:сообщает|пишет|утверждает|"
        r"заявил[аи]?))\s",
        r"",
    ),
}
BOUNDARY: dict[Language, str] = {
    "en": r"[,.;:!?\"“”()]|\s[—–-]\s| that | but | and (?=the |a |an )",
    "ko": r"[,.;:\"“”‘’()]|라고 |다고 |[가-힣]며 |[가-힣]지만 |(?:에서|"
    r"에는|에게)(?= [가-힣]+ 있다)",
    "zh": r"[,,、。;:“”\"()()]",
    "ja": r"[、。「」()()]|(?<=[たるだい])と(?=[^、])|(?<=[たるだい])が、",
    "ru": r"[,.;:«»\"()]|\s[—–-]\s| что ",
}
MAX_CHARACTERS: dict[Language, int] = {"en": 90, "ko": 40, "zh": 22, "ja": 28, "ru": 90}
LEADING: dict[Language, str] = {
    "en": r"^(?:\s|(?:on|in|by|since|yesterday|today|meanwhile|however|earlier|"
    r"separately|also|but|and|as|while|when|last)\b(?: (?:monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|january|february|march|"
    r"april|may|june|july|august|september|october|november|december|"
    r"week|month|year|\d+))*)+",
    "ko": r"^(?:\s|(?:또|이어|이에 대해|한편|그러나|하지만|이날|반면(?:에)?|다만|아울러|"
    r"앞서|특히|그런데|이와 (?:관련해|달리))(?=\s(?!소식통))\s?)+",
    "zh": r"^(?:但|而|另|对此|此外|同时|另外|不过|其中)+",
    "ja": r"^(?:と|また|一方|しかし|これについて|同日|さらに)+",
    "ru": r"^(?:\s|(?:однако|также|ранее|при этом|в свою очередь|а|но|и|по "
    r"телефону|журналистам|корреспонденту|газете|изданию|агентству)\s)"
    r"+",
}
MAX_BEFORE_DATE = 4
"""Characters before a date, or before the outlet spoken to, at the beginning of a phrase."""
MAX_BEFORE_VERB = 2
"""Characters between a subject and the verb just after it."""
QUOTED: dict[Language, str] = {"ko": r"[다라냐자]고 ", "ja": r"[たるだい]と"}
"""The end of a statement, after which its speaker may follow."""
SURNAME_SAYS = re.compile(
    rf"(?<![\w-])(?P<a>(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][a-z]+) {SAYING['en']}\b"
    rf"|[\"”] (?:said|added) (?P<b>[A-Z][a-z]+)\b"
)
NAMED_BODY: dict[Language, re.Pattern[str]] = {
    "ru": re.compile(
        r"(?P<body>\b(?:фонд|организаци|движени|центр|компани|фирм|проект|союз|ассоциаци|"
        r"предприяти|объединени)[а-я]* )«(?P<name>[^«»,.!?:;]{1,30})»"
    ),
    "ja": re.compile(
        r"(?P<body>(?:団体|組織|財団|会社|企業|法人|グループ|協会|npo|ngo))「(?P<name>[^「」、。]{1,16})」"
    ),
}
"""The name of a body in quotes, just after the word for it."""
NOUN = re.compile(
    r"\b(?:the|this|that|these|those|his|her|their|its|any|no|such|a|an) "
    r"(?:claims?|reports?|estimates?|shows?|notes?)$"
)
"""A verb of saying that is a noun here: “could not verify the claim”."""
BEFORE_DAY = re.compile(r" (?:on|in|by|late|early)$")
"""Before the day on which a speaker spoke, which is no part of who it is."""
GLOSS_BEFORE_VERB = re.compile(r"\([^()]{1,10}\)$")
INSIDE_QUOTE = re.compile(r"[“「『][^”」』]*$")
COUNTED = re.compile(r"(?P<who>[가-힣]+) (?:[0-9]+|한|두|세|네|다섯|여섯|여러|몇) ?명$")
OF_COMPANY = re.compile(r" (?:for|at|of|from|in|with) ")
IS_CLAUSE = re.compile(
    r"(?:(?!\b(?:who|whose|which|that)\b)[^,])*?\s"
    r"(?:is|are|was|were|has|have|had|will|would|can|could|do|does|did|must|should|may|might)\s"
)
"""Words after a verb of saying that begin the statement: `said most workers are women`."""
PASSIVE_VERB = re.compile(r"\b(?:was|were|been|being|is|are|be)\s*$")
SPOKEN_TO = re.compile(r"(?:对|向)(?:本台|本刊|本报|本社|记者)$|(?:则|也|还)$")
SIGNS = "".join((" ", ",", "、", "，"))
HEAD_WORDS = compile_table(HEADS)
AFTER_NAME: dict[Language, str] = {
    "ko": r"(?:[은는이가도]|에서는|들은|들이|측은)",
    "ja": r"(?:は|が|も|では)",
}
NO_SAYING = re.compile(
    r"(?:小|传|据)说$|(?:名|声|俗|简|统|号|职|自)称$|指$(?<!人士指)(?<!官员指)(?<!专家指)"
)
"""Words with a verb of saying in them, that are none."""


class _Phrase(NamedTuple):
    start: int
    end: int
    reason: Reason


class SpeakerProposer:
    """Marks the words for a speaker, with the code of its attribution.

    Words that point back, such as “he”, have no code: `same_speakers` finds who it is.
    """

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        language = sentence.language
        text = plain(sentence.text)
        find = {"en": _lettered, "ru": _lettered, "ko": _korean, "zh": _chinese, "ja": _japanese}
        known = [*known]

        def marks_of(phrases: Iterable[_Phrase]) -> list[Mark]:
            marks = (_mark(text, phrase, language, known) for phrase in phrases)
            return [mark for mark in marks if mark]

        found = [*passive_speakers(text, language), *without_subject(text, language)]
        passive = marks_of(_Phrase(*at, Reason.SAYS) for at in found)
        marks = marks_of(find[language](_without_quotes_of_names(text, language), language))
        marks = [mark for mark in marks if is_free(mark.start, mark.end, passive)]
        given = [mark for mark in marks if mark.reason is Reason.SOURCE_GIVEN]
        said = [mark for mark in marks if is_free(mark.start, mark.end, given)]
        chosen = longest([*passive, *given, *(mark for mark in said if mark not in given)])
        pointing = [*pronouns(text, SAYING[language], language), *_surnames(sentence)]
        for start, end in dict.fromkeys(pointing):
            if is_free(start, end, chosen):  # who it is is found when all is read
                chosen.append(Mark(start, end, MarkKind.SPEAKER, "", Reason.CARRIED_SPEAKER))
        yield from without_reported(chosen, text, language)


def _without_quotes_of_names(text: str, language: Language) -> str:
    """Return a text, as long as before, where the name of a body is no quote: фонда «Соседи»."""
    if language not in NAMED_BODY:
        return text
    sign = " " if language == "ru" else "・"
    body = NAMED_BODY[language]
    return body.sub(lambda found: f"{found['body']}{sign}{found['name']}{sign}", text)


def _surnames(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the positions of “Kim” in “Kim says”."""
    if sentence.language == "en":
        for found in SURNAME_SAYS.finditer(sentence.text):
            yield found.span("a") if found["a"] else found.span("b")


def _mark(text: str, phrase: _Phrase, language: Language, known: Iterable[Mark]) -> Mark | None:
    """Return the mark of a phrase that has a word for a speaker; it begins after a date."""
    start = phrase.start
    for date in known:
        is_before = (
            date.kind in {MarkKind.DATE, MarkKind.OUTLET} and date.start - start < MAX_BEFORE_DATE
        )
        if is_before and start < date.end < phrase.end:
            start = date.end
        if date.kind is MarkKind.DATE and date.end == phrase.end and start < date.start:
            phrase = phrase._replace(end=date.start)
    leading = re.match(LEADING[language], text[start : phrase.end])
    start += leading.end() if leading else 0
    words = text[start : phrase.end]
    start += len(words) - len(words.lstrip(SIGNS))
    words = text[start : phrase.end].rstrip()
    if language == "en":
        words = BEFORE_DAY.sub("", words)
    if language == "zh":
        words = SPOKEN_TO.sub("", words)
    if not words or len(words) > 2 * MAX_CHARACTERS[language]:
        return None
    particle = 1 if language in {"ko", "ja"} else 0
    attribution = _attribution(text[start : phrase.end + particle], language)
    if not attribution:
        if POINTED_AT[language].fullmatch(words):  # who it is is found when all is read
            return Mark(start, start + len(words), MarkKind.SPEAKER, "", Reason.CARRIED_SPEAKER)
        return None
    return Mark(start, start + len(words), MarkKind.SPEAKER, attribution, phrase.reason)


def _attribution(words: str, language: Language) -> str:
    code = HEAD_WORDS[language].first_code(words)
    if code == Attribution.OTHER_OUTLET and SOURCE_OF_OUTLET[language].search(words.strip()):
        return Attribution.ANONYMOUS_SOURCE
    if language == "en" and code == Attribution.COMPANY:  # a driver for the firm is no company
        head = HEAD_WORDS[language].first_code(OF_COMPANY.split(words)[0])
        return head if head in {Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT} else code
    return code


def _last_boundary(text: str, language: Language, end: int) -> int:
    """Return where the phrase that ends here begins."""
    start = max(0, end - MAX_CHARACTERS[language])
    boundaries = [found.end() for found in re.finditer(BOUNDARY[language], text[:end])]
    return max([start if start == 0 else _next_space(text, start, language), *boundaries])


def _next_space(text: str, at: int, language: Language) -> int:
    if language in {"zh", "ja"}:
        return at
    found = text.find(" ", at)
    return at if found < 0 else found + 1


def _next_boundary(text: str, language: Language, start: int) -> int:
    found = re.compile(BOUNDARY[language]).search(text, start)
    end = found.start() if found else len(text)
    return min(end, start + MAX_CHARACTERS[language])


# English and Russian ------------------------------------------------------------------------------


def _lettered(text: str, language: Language) -> Iterator[_Phrase]:
    before, _after = GIVEN[language]
    for given in re.finditer(before, text):
        end = _next_boundary(text, language, given.end())
        verb = re.search(rf"\b{SAYING[language]}\b", text[given.end() : end])
        if verb and language == "ru":
            end = given.end() + verb.start()
        yield _Phrase(given.end(), end, Reason.SOURCE_GIVEN)
    for verb in re.finditer(rf"\b{SAYING[language]}\b", text):
        if language == "en" and NOUN.search(text[: verb.end()]):
            continue
        if not is_silent(text, verb, language):
            yield from _around(text, verb, language)


def _around(text: str, verb: re.Match[str], language: Language) -> Iterator[_Phrase]:
    """Yield the phrase before a verb, or after it where a quote or comma is before."""
    end = verb.start()
    if text[:end].rstrip().endswith(","):  # “a trader, who often comes, …” with the verb after it
        closed = text[:end].rstrip().rstrip(",")
        if closed[-1:] not in {'"', "”", "»"}:
            found = [*_apposition(text, closed, language)]
            yield from found
            if found and language == "en":
                return
    else:
        start = _last_boundary(text, language, end)
        if language == "ru" and "котор" in text[start:end]:
            start = end
        is_passive = PASSIVE_VERB.search(text[:end]) is not None and "quoted" not in verb.group()
        if text[start:end].strip() and not is_passive:
            yield _Phrase(start, end, Reason.SAYS)
    is_after = re.search(r"[,”\"»]\s*[—–-]?\s*$|^$|—\s$", text[:end]) is not None
    if is_after:
        quoted = re.compile(r"\s+«[^»]*»").match(text, verb.end())  # the outlet spoken to
        start = quoted.end() if quoted else verb.end()
        stop = _next_boundary(text, language, start)
        if not _attribution(text[start:stop], language) and text[stop : stop + 1] == ",":
            stop = _next_boundary(text, language, stop + 1)  # a name, then who it is
        is_clause = language == "en" and IS_CLAUSE.match(text[start:stop] + " ")
        if text[start:stop].strip() and not is_clause:
            yield _Phrase(start, stop, Reason.SAYS)
    elif language == "ru" and not _attribution(
        text[_last_boundary(text, language, end) : end], language
    ):
        start = verb.end()
        yield _Phrase(start, _next_boundary(text, language, start), Reason.SAYS)


def _apposition(text: str, closed: str, language: Language) -> Iterator[_Phrase]:
    """Yield a speaker with words between commas after it, if the first part is one."""
    start = _last_boundary(text, language, len(closed))
    before = _last_boundary(text, language, max(0, start - 1))
    first = text[before : max(0, start - 1)]
    if re.match(GIVEN[language][0], text[start:].lstrip()):  # the newspaper, citing sources, …
        return
    if start and text[start - 1] == "," and _attribution(first, language):
        yield _Phrase(before, len(closed), Reason.SAYS)
    elif language == "en" and _attribution(text[start : len(closed)], language):
        is_named = re.search(r"[a-z]\s*,\s*$", text[:start]) is not None
        yield _Phrase(before if is_named else start, len(closed), Reason.SAYS)


# Korean, Chinese and Japanese ---------------------------------------------------------------------


def _korean(text: str, _language: Language) -> Iterator[_Phrase]:
    _before, after = GIVEN["ko"]
    for given in re.finditer(after, text):
        yield _Phrase(_korean_start(text, given.start()), given.start(), Reason.SOURCE_GIVEN)
    subjects = []
    for subject in re.finditer(r"(?<=[가-힣])(?:[은는이가도]|에서는|측은)(?=[\s,\"“])", text):
        end = subject.start()
        if INSIDE_QUOTE.search(text[:end]):
            continue
        # 는 is also the end of a verb: the word must be that of a speaker.
        word = text[text.rfind(" ", 0, end) + 1 : subject.end()]
        near = text[max(0, end - 8) : subject.end()]
        counted = COUNTED.search(text[:end])
        if counted:  # 노동자 세 명이
            near = counted["who"] + "가 "
        is_pointed = re.search(POINTED_AT["ko"].pattern + r"$", text[:end])
        if is_pointed or _attribution(word, "ko") or _attribution(near, "ko"):
            subjects.append(subject)
    for subject in _speaking(subjects, text, "ko"):
        end = subject.start() + (subject.group() == "측은")
        yield _Phrase(_korean_start(text, subject.start()), end, Reason.SAYS)


def _speaking(
    subjects: Sequence[re.Match[str]], text: str, language: Language
) -> Sequence[re.Match[str]]:
    """Return the subjects of verbs of saying: the one just before the verb, or the first."""
    verbs = [
        found.start()
        for found in re.finditer(SAYING[language], text)
        if not is_silent(text, found, language)
    ]
    close = [s for s in subjects if any(0 <= verb - s.end() <= MAX_BEFORE_VERB for verb in verbs)]
    if close:
        return close
    speaking = [s for s in subjects if any(verb >= s.end() for verb in verbs)]
    after_quote = [
        subject
        for subject in speaking
        if re.search(QUOTED[language], text[speaking[0].end() : subject.start()])
    ]
    return after_quote[:1] or speaking[:1]


def _korean_start(text: str, end: int) -> int:
    """Return the beginning of a noun phrase: after the last subject, object or place."""
    start = _last_boundary(text, "ko", end)
    words = text[start:end]
    cut = 0
    for found in re.finditer(
        r"[가-힣]+(?:[을를](?!\s(?:잘 )?(?:아는|맡은|요구한|오가는))|"
        r"다고|라고|고|것으로|에는|에서는|까지는|[0-9]일)\s",
        words,
    ):
        cut = found.end()
    for found in re.finditer(r"[가-힣]+(?:[은는이가])\s", words):
        if not re.search(
            r"(?:하는|있는|오가는|사는|일하는|않은|밝은|있은|가까운|높은|주재하는|"
            r"요구한|아는|맡은|이|는)\s$",
            found.group(),
        ) or _attribution(found.group().strip(), "ko"):
            cut = max(cut, found.end())
    return start + cut


def _chinese(text: str, _language: Language) -> Iterator[_Phrase]:
    before, after = GIVEN["zh"]
    for given in re.finditer(
        rf"{before}(?P<who>[^,,。;:“”]{{2,26}}?){after}(?=[,,]|{SAYING['zh']})", text
    ):
        yield _Phrase(given.start("who"), given.end("who"), Reason.SOURCE_GIVEN)
    for verb in re.finditer(SAYING["zh"], text):
        if NO_SAYING.search(text[: verb.end()]) or is_silent(text, verb, "zh"):
            continue
        end = verb.start()
        if gloss := GLOSS_BEFORE_VERB.search(text[:end]):  # 王先生(化名)说
            end = gloss.start()
        yield _Phrase(_last_boundary(text, "zh", end), end, Reason.SAYS)


def _japanese(text: str, _language: Language) -> Iterator[_Phrase]:
    _before, after = GIVEN["ja"]
    for given in re.finditer(after, text):
        yield _Phrase(_last_boundary(text, "ja", given.start()), given.start(), Reason.SOURCE_GIVEN)
    subjects = []
    for subject in re.finditer(r"(?:は|が|も)(?=[、「]|[^、。「」]{0,30}$|[^。]{2,})", text):
        tail = text[max(0, subject.start() - 7) : subject.start()]
        tail = tail[_last_boundary(tail, "ja", len(tail)) :]
        is_name = re.search(r"(?:さん|氏)$", tail) is not None
        is_name = is_name or re.search(POINTED_AT["ja"].pattern + r"$", tail) is not None
        if is_name or _attribution(tail, "ja") or _attribution(tail + subject.group(), "ja"):
            subjects.append(subject)
    for subject in _speaking(subjects, text, "ja"):
        start = _last_boundary(text, "ja", subject.start())
        words = text[start : subject.start()]
        if start and text[start - 1] == "、" and not _attribution(words, "ja"):
            start = _last_boundary(text, "ja", start - 1)  # the broker, Mr Kim
            words = text[start : subject.start()]
        cut = max((found.end() for found in re.finditer(r"には|では|は|が|を", words)), default=0)
        yield _Phrase(start + (cut if cut < len(words) else 0), subject.start(), Reason.SAYS)
