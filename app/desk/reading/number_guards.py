"""Tells which numbers count nobody whom a rule concerns, and what a share is a share of.

People who were interviewed, and police who came, are not the workers of a place. “The largest of
the three sites” counts what the text counted before. A share of pay is no share of people.
"""

import re
from collections.abc import Mapping, Sequence

from app.desk.reading.marks import LANGUAGES, Language, Mark, MarkKind, Reason, Sentence
from app.desk.reading.words import plain
from app.vocabulary.estimates import Counts, FigureForm, Unit

_ASKED: Mapping[Language, tuple[str, str]] = {
    "en": (
        r"\b(?:interview(?:s|ed|ing)?|spoke (?:to|with)|talked (?:to|with)|survey(?:s|ed|ing)?|"
        r"polled)\b[^;]*$",
        r"^ (?:was |were |had been )?(?:interviewed|surveyed|polled)\b",
    ),
    "ko": (
        r"(?:면담|인터뷰|설문)[^;]*$",
        r"^(?:을|를|과|와|에게|의)? ?(?:[가-힣]+ )?(?:면담|인터뷰|설문|심층 ?면접)",
    ),
    "zh": (r"(?:采访|访谈|访问|问卷|走访)了?[^;。]*$", r"^(?:受访|接受(?:了)?(?:采访|访谈))"),
    "ja": (
        r"(?:聞き取り|インタビュー|面談|アンケート)[^。]*$",
        r"^(?:に|への?|から|と)[^、。]{0,4}(?:聞き取|インタビュー|面談|アンケート|話を聞)",
    ),
    "ru": (
        r"\b(?:опросил[а-я]*|опрошен[а-я]*|интервью с|побеседовал[а-я]*|проинтервьюирова[а-я]+)\b"
        r"[^;]*$",
        r"^,? (?:были |было )?(?:опрошен|проинтервьюирован)",
    ),
}
"""Before and after people whom a report asked."""
SAYING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?: of (?:them|those|whom|the [a-z]+)(?: interviewed| surveyed)?| [a-z]+)?"
        r" (?:said|told|described|recalled|testified)\b(?! to\b)"
    ),
    "ko": re.compile(r"(?:은|는|이|가)[^,.]{0,40}[다라]고 (?:말|답|증언|진술|대답)"),
    "zh": re.compile(r"(?:表示|说|称|回答说|反映)"),
    "ja": re.compile(r"(?:が|は)[^、。]{0,40}と(?:証言|答え|述べ|回答|話し)"),
    "ru": re.compile(
        r"(?: (?:из них|из опрошенных|человек[а]?))? "
        r"(?:рассказал[аи]?|сказал[аи]?|сообщил[аи]?|заявил[аи]?|ответил[аи]?)\b"
    ),
}
"""After people who say something: they are not those whom the statement is about."""
_POLICE: Mapping[Language, tuple[str, str, str]] = {
    "en": (
        r"(?!)",
        r"\b(?:police\w*|officers|inspectors|detectives)\b",
        r"^ (?:police|officers|inspectors)",
    ),
    "ko": (
        r"(?:공안|경찰(?:관)?|단속반(?:원)?|단속원|요원|수사관|보안원)(?: ?(?:요원|"
        r"병력))? ?(?:약 )?$",
        r"(?!)",
        r"^(?:의)? ?(?:공안|경찰|단속반|수사관)",
    ),
    "zh": (r"(?!)", r"警察|警员|民警|特警", r"^(?:警察|警员|公安|民警|特警|执法人员|警力|官兵)"),
    "ja": (
        r"(?:警察官|捜査員|機動隊員|係官)(?:ら)?(?:約)?$",
        r"警察官|捜査員",
        r"^の?(?:警察官|捜査員|係官)",
    ),
    "ru": (
        r"(?!)",
        r"полицейск|омоновц|росгвардейц|силовик",
        r"^ (?:полиции|мвд|омона?|росгвардии|сотрудник[а-я]* (?:полиции|мвд|омон)|"
        r"полицейск|омоновц|росгвардейц|силовик)",
    ),
}
"""Before, within and after a number of police or inspectors."""
COUNTED_BEFORE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:one|two|each|all|both|none|some|most|any|either|neither|largest|biggest|smallest|"
        r"first|second|third|last|other|oldest|newest) of (?:the|these|those|its|their) $"
    ),
    "ru": re.compile(
        r"\b(?:один|одна|одном|одной|кажд[а-я]+|крупнейш[а-я]+|последн[а-я]+|перв[а-я]+|обо?их) "
        r"из (?:этих |тех |его |их )?$"
    ),
}
"""Before a number that the text gave before: “the largest of the three sites”."""
_PAY: Mapping[Language, tuple[str, str]] = {
    "en": (
        r"(?!)",
        r"^ of (?:the |their |his |her |its |a |all |each )?(?:[a-z]+ |[a-z]+[’']s? ){0,2}"
        r"(?:wages?|salar(?:y|ies)|pay|earnings|income)\b",
    ),
    "ko": (
        r"(?:임금|월급|급여|소득|수입|보수|번 돈)(?:의|에서|을|를|가운데|중)? ?(?:약 |최대 |"
        r"최소 )?$",
        r"(?!)",
    ),
    "zh": (
        r"(?:工资|薪水|薪资|收入|薪酬|工钱)(?:总额)?的?(?:约|近|至少|最多)?$",
        r"^的(?:工资|薪|收入)",
    ),
    "ja": (
        r"(?:賃金|給与|給料|収入|月給|稼ぎ)(?:の|のうち)?(?:約|最大|少なくとも)?$",
        r"^(?:程度|ほど)?の(?:賃金|給与|給料)",
    ),
    "ru": (
        r"(?!)",
        r"^ (?:от )?(?:их |своей |всей |их )?(?:зарплат|заработ|жаловань|доход|оклад|выручк)",
    ),
}
"""Before and after a share of what people earn."""
QUOTA = "paper:work-quota"
JOINED = re.compile(r"\b(?:and|и)\b|[和与及]|[과와] |および|と")
PEOPLE_OF: Mapping[str, str] = {
    "cn": "chinese|китайц",
    "ru": "russians|россиян",
    "ph": "filipina|филиппинк|филиппинок",
    "bd": "bangladesh|бангладеш",
    "vn": "vietnamese|вьетнам",
    "id": "indonesian|индонези",
    "pk": "pakistani|пакистан",
    "mn": "mongolian",
    "mm": "burmese|мьянм",
    "kh": "cambodian",
    "lk": "sri lankan|ланки",
    "kz": "kazakh|казахстан",
    "tm": "turkmen|туркмен",
    "ua": "ukrainian|украин",
    "et": "ethiopian",
    "ke": "kenyan",
    "ug": "ugandan",
    "eg": "egyptian",
    "in": "индийц|indians",
    "th": "thais",
}
"""Beginnings of words for the people of a country, within the words of a number.

Forms in `names.ADJECTIVES` are marked everywhere, and are not repeated here.
"""
DEMONYMS = {word: code for code, words in PEOPLE_OF.items() for word in words.split("|")}
DEMONYM = re.compile(rf"(?<![a-zа-я])(?:{'|'.join(map(re.escape, DEMONYMS))})")
BESIDE = re.compile(r"[^,.;:、，。；“”«»「」]{0,8}")
"""Between a number and the nationality of those whom it counts."""
ASKED, POLICE, PAY = (
    {language: [re.compile(pattern) for pattern in table[language]] for language in LANGUAGES}
    for table in (_ASKED, _POLICE, _PAY)
)


def counts_others(number: Mark, sentence: Sentence, marks: Sequence[Mark]) -> bool:
    """Whether a number counts people who were asked, who speak, or police."""
    if number.figure is None or number.figure.unit != Unit.PEOPLE or number.figure.per:
        return False
    language, text = sentence.language, plain(sentence.text)
    before = text[: number.start - sentence.start]
    words = text[len(before) : number.end - sentence.start]
    after = text[number.end - sentence.start :]
    asked_before, asked_after = ASKED[language]
    if asked_before.search(before) or asked_after.search(after):
        return True
    is_said = any(mark.kind is MarkKind.SPEAKER and not mark.overlaps(number) for mark in marks)
    if not is_said and SAYING[language].match(after):
        return True
    police_before, within, police_after = POLICE[language]
    return bool(police_before.search(before) or within.search(words) or police_after.search(after))


def is_counted_before(number: Mark, sentence: Sentence) -> bool:
    """Whether a number only points to what the text counted: “one of the three sites”."""
    pattern = COUNTED_BEFORE.get(sentence.language)
    text = plain(sentence.text)
    return bool(pattern and pattern.search(text[: number.start - sentence.start]))


def counts_of_share(number: Mark, sentence: Sentence, marks: Sequence[Mark]) -> str:
    """Return what a share is one of, if it is of pay or of a quota; empty if of people."""
    if number.figure is None or number.figure.form != FigureForm.SHARE:
        return ""
    text = plain(sentence.text)
    before, after = PAY[sentence.language]
    head, tail = text[: number.start - sentence.start], text[number.end - sentence.start :]
    if before.search(head) or after.search(tail):
        return Counts.MONEY.value
    is_of_quota = any(m.kind is MarkKind.TERM and m.value.startswith(QUOTA) for m in marks)
    return Counts.PAPERS.value if is_of_quota else ""


def nationalities_of(number: Mark, sentence: Sentence, marks: Sequence[Mark]) -> list[str]:
    """Return the codes of the nationalities that the text gives for a number of people.

    They are in its words or just beside it; one without a code in the record is empty.
    """
    if number.figure is None or number.figure.unit != Unit.PEOPLE:
        return []
    named = [mark for mark in marks if mark.kind is MarkKind.NATIONALITY]
    others = [mark for mark in marks if mark.kind is MarkKind.ESTIMATE and mark != number]
    codes = []
    first, last = number.start, number.end
    for mark in named:
        start, end = min(mark.end, last), max(mark.start, first)
        between = sentence.text[min(start, end) - sentence.start : max(start, end) - sentence.start]
        is_apart = any(min(start, end) <= other.start < max(start, end) for other in others)
        # “30 Vietnamese and 20 workers”: what is joined before belongs to the number before.
        is_joined = mark.end <= number.start and JOINED.search(between) is not None
        is_beside = BESIDE.fullmatch(between) is not None and not is_apart and not is_joined
        if mark.within(number) or is_beside:
            codes.append("" if mark.reason is Reason.NO_CODE else mark.value)
            first, last = min(first, mark.start), max(last, mark.end)
    words = plain(sentence.text)[number.start - sentence.start : number.end - sentence.start]
    own = DEMONYM.search(words)
    return codes or ([DEMONYMS[own.group()]] if own else [])
