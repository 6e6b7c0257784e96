"""Proposes how firmly a sentence is put: words of reserve, rumours and questions."""

from collections.abc import Iterable, Iterator

from app.desk.reading.marks import Mark, MarkKind, Reason, Sentence, longest
from app.desk.reading.words import Table, compile_table, plain
from app.vocabulary.citations import Certainty

HEDGED, ASKED = Certainty.HEDGED.value, Certainty.ASKED.value
WORDS: Table = {
    HEDGED: {
        "en": "may|might|could have|appear|appears|appeared|apparently|seem|seems|"
        "seemed|seemingly|reportedly"
        "|allegedly|supposedly|presumably|possibly|probably|likely|perhaps|"
        "is believed|are believed|is thought|are thought"
        "|it is understood|as far as he knows|as far as she knows|as far as they know|"
        "to his knowledge|to her knowledge|suspected|is said to|are said to|was said to|"
        "were said to|said to be|said to have|unverified|unconfirmed",
        "ko": "것으로 보인다|것으로 보이|것으로 알려졌|것으로 전해졌|것으로 추정|"
        "보고 있다|가능성이 있|가능성이 크|가능성이 높|가능성도|것 같다"
        "|것으로 안다|것으로 알고 있|듯하다|듯 보인다|관측이|관측도|관측된다|전망이|전망된다|"
        "전망이다|"
        "것으로 예상|추측|알려졌다|전해졌다|것으로 관측|의심",
        "zh": "据我所知|就我所知|据他所知|可能|似乎|疑似|据信|據信|据报|据传|据悉|或许|也许|"
        "看来|好像|恐怕|"
        "预计|疑为|涉嫌|料将|估计将",
        "ja": "と聞いている|知る限り|とみられる|と見られる|とみられて|可能性がある|可能性が高い|"
        "可能性も|"
        "もようだ|模様だ|ようだ|らしい|とされる|とされて"
        "|見通し|見込み|かもしれない|と推測|おそれがある|との見方|見方が|もようで",
        "ru": "насколько ему известно|насколько ей известно|насколько мне известно|возможно|"
        "вероятно|по-видимому|предположительно|похоже|якобы|скорее "
        "всего|видимо|может быть|могут|может"
        "|как утверждается|кажется|не исключено|по всей видимости|судя "
        "по всему|предполагается|считается",
    },
    ASKED: {
        "en": "rumour|rumours|rumor|rumors|rumoured|rumored|word is|hearsay|it "
        "is unclear whether|speculation",
        "ko": "소문|풍문|뜬소문|유언비어|말이 돌|이야기가 돌|설이 돌",
        "zh": "传闻|傳聞|传言|傳言|谣言|谣传|小道消息|风传|盛传",
        "ja": "うわさ|噂|風説|との話も",
        "ru": "слухи|слухам|слухов|слух|молва|поговаривают",
    },
}
TABLES = compile_table(WORDS)
NO_MAY_BEFORE = (
    "in ",
    "since ",
    "of ",
    "by ",
    "from ",
    "early ",
    "late ",
    "until ",
    "mid-",
    "and ",
    "or ",
    "to ",
)


class HedgeProposer:
    """Marks words of reserve, outside of dates: “May” is a month in some."""

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        text = plain(sentence.text)
        dates = [mark for mark in known if mark.kind is MarkKind.DATE]
        found = []
        for start, end, code in TABLES[sentence.language].find(text):
            reason = Reason.RUMOUR if code == ASKED else Reason.RESERVE
            if not _is_month(sentence.text, start, text[start:end]):
                found.append(Mark(start, end, MarkKind.HEDGE, code, reason))
        yield from longest(m for m in found if not any(m.within(date) for date in dates))


def _is_month(text: str, start: int, words: str) -> bool:
    return words == "may" and (text[start].isupper() or text[:start].endswith(NO_MAY_BEFORE))
