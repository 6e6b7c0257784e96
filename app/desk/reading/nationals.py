"""Tells where the name of a country is only the nationality of people: “workers from North Korea”.

Such a name says whose people they are, and not where they are. Words that say where (“in North
Korea”, 북한에서, в КНДР) stay a place, and so does the country that people leave.
"""

import re
from collections.abc import Iterator, Mapping

from app.desk.reading.marks import Language, Mark, MarkKind, Reason

HOME = "kp"
"""People of this country are never ordered to leave it: “return of workers from North Korea”."""
MAX_BEFORE = 60
MAX_AFTER = 40
CLAUSE_END = re.compile(r"[,.;:!?。、，；「」“”«»\"]")

# English ------------------------------------------------------------------------------------------

_PEOPLE_EN = (
    r"(?:workers?|labou?rers?|nationals?|citizens?|women|woman|m[ae]n|people|persons?|builders?|"
    r"seamstress(?:es)?|waitress(?:es)?|loggers?|fishermen|seafarers?|sailors?|crews?|teams?|"
    r"staff|personnel|employees?|trainees?|interns?|students?|migrants?|specialists?|technicians?|"
    r"programmers?|nurses?|doctors?|cooks?|manpower|workforce|labou?r force|hands|overseers?|"
    r"managers?|guards?|soldiers|troops|maids?|housemaids?|helpers?|miners?|engineers?|others|"
    r"those|thousands|hundreds|dozens|scores|developers|contractors)"
)
_KINDS_EN = (
    r"(?:overseas|it|construction|female|male|women|contract|textile|garment|seafood|restaurant|"
    r"migrant|skilled|unskilled|young|guest|factory|forestry|logging|farm|medical|state|"
    r"dispatched|temporary|labou?r)"
)
_MANY_EN = r"(?:others|those|thousands|hundreds|dozens|scores)"
_AFTER_EN = re.compile(
    # Without ’s a verb may be between: “Qatar rounded up workers”.
    rf"(?:[’']s (?:(?!(?:and|in|at|to|of|is|was|has|had|the)\b)[a-z-]+ ){{0,2}}?|"
    rf" (?:{_KINDS_EN} ){{0,2}})(?!{_MANY_EN}){_PEOPLE_EN}\b"
)
_BEFORE_EN = re.compile(
    rf"\b{_PEOPLE_EN}(?: who (?:come|came|are|were|hail(?:ed)?))? (?:from|of) "
    r"(?:[a-z]+(?: [a-z]+)?,? (?:and|or) )?(?:the )?$"
)
_IS_WHERE_EN = re.compile(
    r"\b(?:in|into|inside|within|across|throughout|to|through|via|near|outside|leave|left|"
    r"leaving|entered|enter|reached|visited) (?:the )?$"
)
_SENDS_EN = re.compile(
    r" (?:(?:has|had|have|is|was|will|would|may|could|also|reportedly|plans to|planned to|"
    r"continues to|continued to) )*(?:sen(?:d|ds|t|ding)|dispatch(?:es|ed|ing)?)"
    r"(?: [^ ,.;]+(?:,[0-9]+)?){0,5}? " + _PEOPLE_EN + r"\b"
)
"""“North Korea has sent more than 2,000 workers”: whose they are, and not where they came to."""

# Russian ------------------------------------------------------------------------------------------

_PEOPLE_RU = (
    r"(?:граждан\w*|гражданк\w+|подданн\w+|рабоч\w+|работни\w+|строител\w+|выходц\w+|выходец|"
    r"уроженц\w+|мигрант\w*|специалист\w*|гастарбайтер\w*|трудящи\w+|люд\w+|человек\w*|женщин\w*|"
    r"мужчин\w*|сотрудни\w+|стаж[её]р\w*|студент\w*|практикант\w*|моряк\w*|швей?\w?|швеи|"
    r"официант\w*|лесоруб\w*|бригад\w+|персонал\w*|рабсил\w+|сил[ыауе]|кадр\w*|военн\w+|солдат\w*|"
    r"программист\w*|инженер\w*|врач\w*|медсест\w+|сидел\w+|иностранц\w+|приезжи\w+|групп\w+|"
    r"девуш\w+|дипломник\w*|жител\w+)"
)
_BEFORE_RU = re.compile(
    rf"\b{_PEOPLE_RU}(?:[ -]из|,? (?:родом|прибывши\w+|приехавши\w+) из)? "
    r"(?:[а-я]+(?: [а-я]+)? (?:и|или) (?:из )?)?$"
)

# Chinese, Japanese, Korean ------------------------------------------------------------------------

_PEOPLE_ZH = (
    r"(?:工人|劳工|勞工|女工|务工人员|劳务人员|勞務人員|派遣工|外劳|移工|员工|雇员|公民|国民|国籍|"
    r"籍|人员|人(?!民|口|權|权|員)|劳动力|服务员|女子|女性|男子|船员|海员|研修生|实习生|留学生|学生|"
    r"技术员|程序员|工程师|医生|护士|厨师|看护|军人|士兵|妇女|姑娘)"
)
_KINDS_ZH = (
    r"(?:海外|外派|派遣|派出|建筑|建設|建设|伐木|林业|渔业|农业|纺织|服装|缝纫|制衣|餐厅|水产|"
    r"加工|信息技术|技术|it|ai|务工|劳务|合同|年轻|青年|女性?|男性?|新|外籍|非法|研修|赴[华俄外]|"
    r"在[华俄]|驻[华俄]|籍|方|普通|临时|熟练|外汇)"
)
_AFTER_ZH = re.compile(rf"\s?(?:籍|方)?的?(?:\s?{_KINDS_ZH}){{0,2}}(?:的|\s)?{_PEOPLE_ZH}")
_BEFORE_ZH = re.compile(r"(?:来自|來自|籍贯为|国籍为)$")
_FROM_ZH = re.compile(rf"的[^,，。、;；]{{0,8}}?{_PEOPLE_ZH}")

_PEOPLE_JA = (
    r"(?:労働者|作業員|従業員|出稼ぎ|出身者|国籍|籍|人(?!権|民|口|道)|女性|男性|職員|店員|接待員|"
    r"実習生|研修生|留学生|学生|船員|乗組員|技術者|技能者|it人材|人材|国民|公民|看護師|介護士|"
    r"農民工|兵士|人員|建設員|スタッフ|エンジニア|ウエートレス)"
)
_KINDS_JA = (
    r"(?:海外|派遣|建設|建築|伐採|林業|漁業|農業|縫製|繊維|水産|加工|工場|食堂|レストラン|it|技術|"
    r"技能|若い|若手|女性|男性|新たな|新規|出稼ぎ|外国人|不法|契約|人|籍の?)"
)
_AFTER_JA = re.compile(
    rf"\s?(?:の|人の?|籍の?|出身の?|から(?:の|来た|来ている|派遣された|派遣されている|渡ってきた))?"
    rf"(?:{_KINDS_JA}){{0,2}}{_PEOPLE_JA}"
)

_PEOPLE_KO = (
    r"(?:노동자|근로자|건설자|인력(?!난|시장| 회사|회사|사무소)|사람|주민|국적|공민|종업원|접대원|"
    r"여성|남성|여종업원|직원|선원|어부|벌목공|봉제공|미싱사|기술자|기능공|인부|노무자|일꾼|"
    r"연수생|실습생|유학생|학생|간호사|의사|요리사|개발자|프로그래머|군인|병사|관리자|출신|"
    r"무역일꾼|파견자|체류자|여공|일군|인(?!원|근|접|구|민|권|력))"
)
_KINDS_KO = (
    r"(?:건설|해외|가사|파견|현장|it|정보기술|여성|남성|젊은|봉제|의류|수산물?|가공|공장|식당|벌목|임업|"
    r"농업|어업|외화벌이|단순|숙련|기술|노동|신규|일부|불법|미등록|의료|청소|산업|연수|근로|송출|"
    r"컴퓨터|철도|광산|탄광|제조업|건축|미장|일용직|계약직|외국인|무역|국적의?)"
)
_COUNTRIES_KO = r"(?:북한|북측|조선|중국|러시아|베트남|한국|외국)"
_AFTER_KO = re.compile(
    rf"(?:(?:인|산|계|의)? ?{_KINDS_KO}(?:\([^)]{{1,12}}\))?|의|"
    r"에서 (?:온|나온|건너온|넘어온|들어온|파견된|보낸|보내온))?"
    rf"(?: ?{_KINDS_KO}| (?!{_COUNTRIES_KO})"
    r"[가-힣]{1,4}(?<![은는이가을를에의로서와과도만내안측]))?"
    rf"\s?{_PEOPLE_KO}"
)
_IS_WHERE_KO = re.compile(r"^\s?(?:내|안|현지|지역|주민등록|당국|정부)")

WHOSE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:embass(?:y|ies)|consulates?|missions?|governments?|ministry|authorities|ambassador|"
        r"consul(?:ate)?(?:[ -]general)?|army|regime|leader|flag|passports?) of (?:the )?$"
    ),
    "ru": re.compile(
        r"\b(?:(?:ген)?консульств\w+|посольств\w+|представительств\w+|торгпредств\w+|мид|мвд|"
        r"минтруд\w*|министерств\w+|правительств\w+|власт\w+|посол|посл[аоуе]м?|(?:ген)?консул\w*|"
        r"дипломат\w*|режим\w*|руководств\w+|лидер\w*|спецслужб\w*|флаг\w*|паспорт\w*|"
        r"гражданств\w+|миссии|стороны) $"
    ),
}
"""What a country has, before its name: an embassy of it is somewhere else."""

SHORT_FORMS: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"\b(?:nk|n\.k\.|n\. korea(?:['’]s)?)(?= (?:[a-z-]+ ){{0,1}}?{_PEOPLE_EN}\b)"
    ),
    "ko": re.compile(
        rf"(?<![가-힣一-龯])(?:北|조선(?!족|소|업|해|총련|일보)|북측)"
        rf"(?=인? ?(?:{_KINDS_KO} ?){{0,2}}{_PEOPLE_KO})"
    ),
    "zh": re.compile(r"朝(?=籍)|朝方(?=[^,，。、]{0,3}(?:工人|劳工|女工|务工|劳务))"),
    "ja": re.compile(r"(?<![一-龯])北(?=の?(?:労働者|作業員|出稼ぎ))"),
}
"""Short forms of North Korea that are no name on record, before its people."""

LEAVING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:return\w*|left|leav\w+|withdr\w+|pull\w*|deport\w*|repatriat\w*|expel\w*|expuls\w*|"
        r"recall\w*|evacuat\w*|back|remov\w+|flew|flown|home|departure\w*|exodus|brought|sent)\b"
    ),
    "ru": re.compile(
        r"(?:верну|возвра|уех|уезж|выех|выезд|вывез|вывоз|отъезд|депорт|выдвор|высл|высыл|отозва|"
        r"отзыв|репатри|эваку|покин|улет|вылет|отправ)\w*"
    ),
}
"""Words of leaving: the country that people are taken from is a place."""


def is_nationality(text: str, start: int, end: int, country: str, language: Language) -> bool:
    """Whether the name of a country in a plain text says only whose people somebody is."""
    before, after = text[max(0, start - MAX_BEFORE) : start], text[end : end + MAX_AFTER]
    match language:
        case "en":
            if _AFTER_EN.match(after) and not _IS_WHERE_EN.search(before):
                return True
            if country.lower() == HOME and _SENDS_EN.match(text, end):
                return True
            return _BEFORE_EN.search(before) is not None and not _is_left(before, after, country)
        case "ru":
            found = _BEFORE_RU.search(before)
            if not found:
                return False
            return "из" not in found.group() or not _is_left(before, after, country, "ru")
        case "zh":
            is_from = _BEFORE_ZH.search(before) and _FROM_ZH.match(after)
            return bool(is_from or _AFTER_ZH.match(after))
        case "ja":
            return _AFTER_JA.match(after) is not None
        case "ko":
            return _AFTER_KO.match(after) is not None and not _IS_WHERE_KO.match(after)


def is_owner(text: str, start: int, language: Language) -> bool:
    """Whether the name of a country in a plain text only says whose office or paper it is."""
    return WHOSE[language].search(text[max(0, start - MAX_BEFORE) : start]) is not None


def _is_left(before: str, after: str, country: str, language: Language = "en") -> bool:
    """Whether the clause tells of leaving: “workers from China returned” may be about others."""
    if country.lower() == HOME:
        return False
    clause = CLAUSE_END.split(before)[-1] + CLAUSE_END.split(after)[0]
    return LEAVING[language].search(clause) is not None


def short_forms(text: str, language: Language) -> Iterator[Mark]:
    """Yield the nationality in words such as 北 노동자 and 朝籍."""
    if language in SHORT_FORMS:
        for found in SHORT_FORMS[language].finditer(text):
            yield Mark(*found.span(), MarkKind.NATIONALITY, HOME, Reason.NATIONALITY)
