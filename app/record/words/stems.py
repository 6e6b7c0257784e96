"""Stems of words as PostgreSQL's configuration `russian` has them: English for Latin letters.

Python needs them for names and to mark words. A newer Snowball differs in a few words from that
of PostgreSQL; a test lists them.
"""

import re
from functools import lru_cache

import snowballstemmer

from app.record.search import CJK, CYRILLIC, plain_text

FILLERS = frozenset(
    re.findall(
        r"\S+",
        """
        many much number numbers list show tell find give please latest newest recent recently first
        news information info data about regarding concerning anything something happened happen
        happens happening
        does did doing is there any get got know known said say says exactly ever still
        report reports reported today currently disputes
        сколько какие какой каких когда где кто почему зачем ли новости последние данные сообщения
        информация
        몇 몇명 몇명이 얼마나 얼마 언제 어디 어디서 누가 무엇 무슨 어떤 왜 어떻게 관련 대한 대해
        최근 소식 뉴스 자료 현황 있나 있나요 있습니까 인가요 그리고 및
        따른 따라 위한 위해 통해 의한 못한 못하는 않은 않는 않는다 않았다 있는 있다 없다
        이상 이하 약 중 내
        多少 几个 幾個 什么 什麼 什么时候 哪里 哪裡 哪些 谁 誰 为什么 為什麼 怎么 怎麼 如何 最新
        关于 關於 消息 新闻 新聞 情况 情況 有没有 的 了 在 和 与
        何人 いくつ いつ どこ だれ 誰が なぜ どの どんな について
        に関する 最新 ニュース 情報 は が を に で の と も
        """,
    )
)

ASKS_FOR_NUMBER = re.compile(
    r"\b(how many|number of)\b|сколько|число|количество|численность|몇 ?명|얼마나"
    r"|多少|几个|幾個|何人|いくつ",
    re.IGNORECASE,
)
"""Words of a question that an estimate answers."""
ASKS_FOR_NEWEST = re.compile(
    r"\b(newest|latest|most recent|now|today|currently)\b|^(may|can)\b|последн|сейчас|сегодня"
    r"|최근|최신|지금|현재|最新|现在|現在|目前",
    re.IGNORECASE,
)
ASKS_FOR_SOURCES = re.compile(
    r"\b(which|what) (source|report|article)s?( should (i|one))?( (read|cite))?\b", re.IGNORECASE
)
ASKS_FOR_STATEMENTS = re.compile(r"\b(den(y|ies|ied)|position of|says?)\b", re.IGNORECASE)


WORD = re.compile(rf"[^\W_{CJK}]+")
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all an and any are as at be been before but by can did do for from had has
        have he her his how i if in into is it its me more most my no nor not now of on only or our
        out over own s she so some such t than that the their them then there these they this those
        through to too under until up very was we were what when where which while who whom why will
        with you your
        himself between few myself both again itself herself during because yourselves themselves
        below being against don yours same having each should above down theirs just ourselves
        yourself once am other doing here off him does further ours hers
        и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне было
        вот от меня о из ему теперь когда даже ну ли если или ни быть был него до вас нибудь вам
        ведь там потом себя может они тут где есть надо ней для мы тебя их чем была сам чтоб без
        будто тогда кто этот того потому этого какой ним здесь этом один мой тем чтобы нее были
        куда зачем всех можно при об хоть над тот через эти нас про них какая эту моя свою этой
        перед том такой им более всю между
        всегда чего другой уж нельзя разве сейчас много вдруг наконец впрочем нет лучше ж никогда
        больше чуть ничего почти под еще себе ей только хорошо иногда три опять два всего тоже уже
        после совсем конечно раз будет
        """,
    )
)
"""The stop words of both languages that PostgreSQL leaves out of its index and of queries."""


@lru_cache(20_000)
def stem(word: str) -> str:
    """Return the stem of a normalized word."""
    # A stemmer keeps the word that it works on, and threads share nothing.
    if word.isascii():
        return snowballstemmer.stemmer("english").stemWord(word) if word.isalpha() else word
    return snowballstemmer.stemmer("russian").stemWord(word) if CYRILLIC.search(word) else word


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of a text that are no stop words, in their order."""
    words = WORD.findall(plain_text(text).replace("'s", ""))
    return tuple(stem(word) for word in words if word not in STOP_WORDS)


DERIVED = re.compile(
    r"(ation|ator|anc|enc|ment|ness|ship|abl|ibl|ful|ion|ism|ist|ous|ent|ant|er|or|at|it|iv|iz|is"
    r"|al|ic|ly)(?:(y|ies)|e|ed|es|s|ing)?$"
)
"""Endings that make another word of one, with those of its plural, tense and person."""


def word_forms(text: str) -> tuple[str, ...]:
    """Return a key for each word of a text, stop words included.

    Plural, tense and case have the same key, derived words another: deported and deports, but not
    deportation; authorities, but not authorization; вернуться and вернулись.
    """
    return tuple(_form(word) for word in WORD.findall(plain_text(text).replace("'s", "")))


def _form(word: str) -> str:
    derived = DERIVED.search(word) if word.isascii() else None
    if derived is None:
        # The stemmer keeps the endings of these verbs: вернут(ься), вернул(ись).
        return re.sub("нул$", "нут", stem(word))
    return f"{stem(word)}-{derived[1]}{'y' if derived[2] else ''}"


OUR = frozenset(
    re.findall(
        r"\w+",
        "labo behavio colo favo favo hono harbo neighbo endeavo rumo ardo armo cando vigo humo"
        " parlo savo splendo tumo valo vapo misdemeano flavo odo",
    )
)
"""Words whose ending is -our in Britain and -or in America, without that ending's u and r."""
IZE = re.compile(r"^(\w{3,}?)i([sz])(e|ed|es|ing|ation|ations|er|ers)$")
HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$")
OUR_OR = re.compile(r"^(\w+o)(u?)r(\w*)$")


def other_spellings(word: str) -> list[str]:
    """Return other spellings of a word in small letters."""
    found = []
    if (match := OUR_OR.match(word)) and match[1] in OUR:
        found.append(f"{match[1]}{'' if match[2] else 'u'}r{match[3]}")
    if match := IZE.match(word):
        found.append(f"{match[1]}i{'z' if match[2] == 's' else 's'}{match[3]}")
    if HOST.match(word):
        found.append(word.removeprefix("www.") if word.startswith("www.") else f"www.{word}")
    if "-" in word.strip("-"):
        found += [word.replace("-", " "), word.replace("-", "")]
    return found
