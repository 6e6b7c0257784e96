"""Words of a synthetic record in three scripts, with skewed frequencies."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Skewed(Generic[T]):
    """A random choice with weights that fall with rank; a `steepness` of 1 is Zipf's law."""

    def __init__(self, things: Sequence[T], steepness: float = 1.0) -> None:
        self.things = things
        self.weights = list(accumulate(rank**-steepness for rank in range(1, len(things) + 1)))

    def one(self, chance: Random) -> T:
        return self.some(chance, 1)[0]

    def some(self, chance: Random, count: int) -> list[T]:
        return chance.choices(self.things, cum_weights=self.weights, k=count)


FIELD = """
workers permit border restaurant plant office notice contract ministry train bus group dormitory visa renewal
inspection deadline crossing manager wage trade order closure return quota training student seafood garment
report officials city month staff source company police labour home country days government travel market factory
arrival departure customs bridge station passport document list price letter meeting agency broker fee payment
debt overtime shift harvest logging fishing farm building site kitchen sewing line care software school course
language test health check doctor insurance accident protest strike talks summit sanctions resolution committee
panel embassy consulate consul district province town village river port harbour airport flight ticket luggage
queue gate fence guard patrol checkpoint record register number name photograph stamp signature copy page
"""  # noqa: E501
HAN_OF_THE_FIELD = "工人 签证 劳务 边境 餐厅 工厂 通知 合同 期限 遣返"
HANGUL_OF_THE_FIELD = "근로 비자 파견 국경 식당 공장 통지 계약 기한 송환"

BEGINNINGS = "b d f g h k l m n p r s t v z ch sh y"
SYLLABLES = [first + vowel for first in BEGINNINGS.split() for vowel in "aeiou"]
HAN = (
    "丹珲春延吉图们林和龙安平东西南北中山河江海湖城市县镇村道路门口桥站港店厂校院所社会公司法令文件信息新闻日月年"
    "天地水火木金土石玉米麦花草树风雨云雪光明大小多少高低长短前后左右上下里外出入来去开关"
)
HANGUL = (
    "가나다라마바사아자차카타파하거너더러머버서어저처고노도로모보소오조초코구두루무부수우주추국군글금급김날남내녀년농"
    "달당대동래량력령록림말명문물민박반방배백변별병북분비산삼상생석선설성세송수"
)

MAX_LATIN_WORDS, MAX_WORDS_IN_OTHER_SCRIPTS = 20_000, 2_000


def invented_word(number: int) -> str:
    """Return a unique word of three syllables; the prime makes words of adjacent numbers differ."""
    number = number * 7_919 % len(SYLLABLES) ** 3
    first, rest = divmod(number, len(SYLLABLES) ** 2)
    return SYLLABLES[first] + SYLLABLES[rest // len(SYLLABLES)] + SYLLABLES[rest % len(SYLLABLES)]


def two_character_word(letters: str, number: int) -> str:
    """Return a word of two characters, the usual length of a Chinese or Korean word."""
    number = number * 37 % len(letters) ** 2
    return letters[number // len(letters)] + letters[number % len(letters)]


# About 25 % of all events contain the first word, and 0.1 % the last invented word.
PLAIN = Skewed(FIELD.split(), 0.3)
INVENTED = Skewed([invented_word(number) for number in range(MAX_LATIN_WORDS)], 0.5)
CHINESE = Skewed(
    HAN_OF_THE_FIELD.split()
    + [two_character_word(HAN, n) for n in range(MAX_WORDS_IN_OTHER_SCRIPTS)],
    0.5,
)
KOREAN = Skewed(
    HANGUL_OF_THE_FIELD.split()
    + [two_character_word(HANGUL, n) for n in range(MAX_WORDS_IN_OTHER_SCRIPTS)],
    0.5,
)


def english_text(chance: Random, count: int) -> str:
    """Return a text of real words alternating with invented ones, most of which are rare."""
    words = zip(PLAIN.some(chance, count), INVENTED.some(chance, count), strict=True)
    return " ".join(pair[place % 2] for place, pair in enumerate(words))


def text_in_script(language: str, chance: Random, count: int) -> str:
    """Return a text of Korean words with spaces, or of Chinese words without."""
    return (
        " ".join(KOREAN.some(chance, count))
        if language == "ko"
        else "".join(CHINESE.some(chance, count))
    )
