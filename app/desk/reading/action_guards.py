"""Words around a verb of the field that make it no report of an event.

The verb is negated or denied, depends on a condition, tells of former times, or is part of a noun
such as “deportation centre”, 출국 심사 and 出境手续.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from app.desk.reading.marks import Language

MAX_BEFORE = 70
MAX_AFTER = 60
CLAUSE: Mapping[Language, str] = {
    "en": r"[,;:.!?—–]| but | and then ",
    "ko": r"[,;:.!?“”\"]|[가-힣]지만 |[가-힣]는데 ",
    "zh": r"[,。;:!?、“”]|但",
    "ja": r"[、。「」]",
    "ru": r"[,;:.!?—–]| но ",
}
BEFORE: Mapping[Language, str] = {
    "en": (
        r"\b(?:refus(?:e|es|ed|ing) to|unwilling to|reluctant to) (?:be )?$|"
        r"\b(?:not(?! only\b)|never|nor|neither|without|no plans?|yet to|"
        r"fail(?:ed|s)? to|rather than|instead of|no one|nobody|none|no)\b[^,;:.]{0,40}$"
        r"|n't\b[^,;:.]{0,30}$"
        r"|\b(?:if|unless|whether|in case|would have|could have|threat(?:s|en|ened|ens|ening)?|"
        r"fear(?:s|ed|ing)?|in order to avoid|to avoid|for fear of)\b[^,;:.]{0,50}$"
        r"|\b(?:until|only (?:after|when|once)|once(?= (?:they|the workers|she|he)\b)|"
        r"as soon as)\b[^,;:.]{0,30}$"
        r"|\b(?:used to|formerly|in the past|historically|traditionally|for decades|"
        r"once(?= [a-z]+ed))\b[^;:.]{0,50}$"
    ),
    "ko": r"(?:예전|과거에|과거엔|한때|종전|옛날|코로나 이전|만약|만일)[^.;]{0,24}$",
    "zh": (
        r"(?:没有|没能|尚未|并未|并非|并没|不会|从未|无意|暂不|未曾|不曾|没|"
        r"未(?![来婚成满知必经]))[^,。;:]{0,7}$"
        r"|(?:如果|若|一旦|假如|倘若|除非|是否|能否|担心|威胁|以免)[^,。;]{0,12}$"
        r"|(?:拒绝|拒不|不愿|不肯)[^,。;]{0,3}$"
        r"|(?:待|须等|要等|等到|直到)[^,。;]{0,6}$"
        r"|(?:停止|暂停|中止|终止|叫停|不再)[^,。;]{0,4}$"
        r"|(?:过去(?![一两三几数0-9])|曾经|以前|从前|往年)[^。;]{0,14}$"
    ),
    "ja": r"(?:もし|仮に|かつて|以前は|従来は|昔は)[^。]{0,24}$",
    "ru": (
        r"\b(?:не|нельзя)\b(?! (?:менее|более|меньше|больше|только|позднее|раньше|исключено))"
        r"(?: [^ ,;.]+)?\s?$|\bникто (?:[^ ,;.]+ ){0,2}$"
        r"|\bотказ(?:ал[а-я]*|ыва[а-я]*)(?:ся|сь)(?: [а-я]+)? $"
        r"|\b(?:только после|лишь после|пока не|вплоть до)(?: [а-я]+){0,3} $"
        r"|\b(?:если|в случае|угрожа[а-я]*|угроз[а-я]*|опаса[а-я]*|чтобы избежать)\b[^,;.]*$"
        r"|\b(?<!не )(?:раньше|прежде|когда-то|в прошлом(?! году| месяце)|"
        r"традиционно)\b[^;.]{0,40}$"
    ),
}
AFTER: Mapping[Language, str] = {
    "en": (
        r"(?: [a-z-]+)? (?:polic(?:y|ies)|office|agency|agencies|compan(?:y|ies)|centre|center|"
        r"procedures?|fees?|programmes?|programs?|laws?|department|hall|terminal|desk|card)\b"
        r"|s?(?: of (?:the |all )?[a-z]+(?: [a-z]+)?)? "
        r"(?:(?:ha[sd]|have|is|are|was|were|did|do|does)(?: not|n['’]t| yet to)|never)\b"
        r"[^,;:.]{0,15}\b(?:beg[aiu]n|start(?:ed)?|taken? place|happen(?:ed)?|resumed?|"
        r"carried out|occur(?:red)?|materiali[sz]ed?)\b"
    ),
    "ko": (
        r"(?:[을를] ?(?:거부|거절|꺼리|마다)|[가-힣]{0,5}지(?:는|도|를)? ?(?:않|못|말|아니)"
        r"|[가-힣]{0,3} ?(?:적|일|계획|사실|바|방침)[이은도]? ?없"
        r"|[가-힣]{0,3}(?:하면|되면|한다면|된다면|할 경우|될 경우|하더라도|하기 전|되기 전|"
        r"할지|될지)"
        r"|(?:된|한|당한|되었던|됐던) (?:사람|이|이들|노동자|근로자|인원|경우|"
        r"일)[이은는도가] ?(?:거의 |전혀 |한 명도 )?없"
        r"|[은는이가도]? ?(?:아직 |실제로 )?(?:없[었다으는]"
        r"|(?:내려지|이뤄지|이루어지|시작되|시행되|진행되|재개되|실시되)지 (?:않|못))"
        r"|[가-힣]{0,3} ?(?:뒤|후|다음)에(?:야|만)| 여부| 전에?(?![가-힣])| (?:사람|이|노동자|"
        r"경우|일)[이은는도가] ?(?:거의 )?없"
        r"|(?<![난온간된한은낸]) ?(?:노동자|근로자|인력|회사|업체|비자|심사|절차|수속|비용|"
        r"당시|문제|일정|규정|제도|업무|센터|시설|보호소|관련|대행|신고|기록|동향|추세))"
    ),
    "zh": (
        r"(?:(?:之|以)?后(?:才|方|再(?:发|支|付))|的话|与否|公司|签证|手续|管理|许可|证|前(?!往)|时(?!间)|中心|费|政策|制度|"
        r"部门|局|检查|大厅|所|业务|合同)"
        r"|(?:工作|行动|计划)?(?:仍|还|至今|目前)?(?:尚未|并未|从未|没有?|未)"
        r"(?:正式|真正|大规模)?(?:开始|进行|实施|启动|发生|恢复|展开)"
        r"(?!.{0,1}的)"
    ),
    "ja": (
        r"(?!しなければ|なければ)(?:[しされてでいはもをがすせるれりっえきらわまみくた]{0,7}?"
        r"(?:ない(?!よう)|なかった|ません|ず(?=[、に。]))"
        r"|[ぁ-ん]{0,4}(?:れば|たら|なら(?!な))|[ぁ-ん]{0,3}(?:場合|かどうか|か否か|前に|恐れ|おそれ)"
        r"|[ぁ-ん]{0,4}(?:者|人|人々|例|労働者)[はがも](?:まだ|誰も|一人も|ほとんど)?"
        r"(?:い(?:ない|なかった|ません)|おら(?:ず|ない)|な(?:い|かった)|見られな|確認されてい?な)"
        r"|[はがも](?:まだ|一度も)?(?:始ま|行われ|実施され|再開され)(?:っ?てい)?(?:ら?な|ら?ず|いな)"
        r"|を(?:拒|渋)|管理|許可|手続|審査|会社|業者|労働者|センター|施設|前(?!に|日|週)|時の|制度|ビザ|査証)"
    ),
    "ru": (
        r"(?: [а-я]+)? (?:центр|комисси|агентств|процедур|визы? )[а-я]*| ли\b| бы\b"
        r"|(?: [а-я]+){0,2} (?:ещё |еще |пока )?не "
        r"(?:нача[лт]|состоя|проводи|производи|возобнов|происходи|было|была|был)[а-я]*\b"
    ),
}
DENIER: Mapping[Language, str] = {
    "en": r"\b(?:denied|denies|denying|deny)\b(?! entry| extension)[^;.]{0,50}$",
    "zh": r"否认[^。;]{0,12}$",
    "ru": r"\b(?:отрица|опроверг)[а-я]*,?(?: что)?(?: [^ ;.]+){0,5} $",
}
"""A denial before the words."""
CLAIM: Mapping[Language, str] = {
    "en": (
        r"\b(?:reports?|claims?|allegations?|rumou?rs?|suggestions?|accusations?) "
        r"(?:of|that|about)\b[^.;]{0,60}$"
    ),
    "ru": (
        r"\b(?:сообщени|слух|заявлени|обвинени|утверждени|информаци)[а-я]* (?:о|об|что)\b"
        r"[^.;]{0,60}$"
    ),
}
"""What is denied, before the words."""
DENIED: Mapping[Language, str] = {
    "en": r".*\b(?:dismissed|denied|rejected|refuted|false|untrue|unfounded|baseless)\b",
    "ko": (
        r"[^.]{0,20}(?:주장|보도|소문|의혹|설)[은는이가을를도]? ?[^.]{0,24}"
        r"(?:부인|일축|반박|사실무근|사실이 아)"
    ),
    "zh": r"[^。]{0,10}(?:传言|说法|报道|传闻|指控)[^。]{0,14}(?:否认|不实|驳斥|不属实)",
    "ja": r"[^。]{0,10}(?:疑惑|見方|憶測|報道|うわさ|主張|指摘|疑い)[^。]{0,20}(?:否定|事実無根)",
    "ru": r".*(?:опроверг|отверг|ложн|не подтверди|не соответству)",
}
"""A denial after the words."""


class Telling(StrEnum):
    """What words tell of an event."""

    REPORTED = "reported"
    DENIED = "denied"
    """Somebody says that it did not happen."""
    NONE = "none"
    """Negated, a condition, long past, or part of a noun."""


def telling(text: str, start: int, end: int, language: Language) -> Telling:
    """Return what the words between two positions of a plain text tell of an event."""
    before = text[max(0, start - MAX_BEFORE) : start]
    clause = re.split(CLAUSE[language], before)[-1]
    # The pattern sees the last letter of the words too.
    if re.search(BEFORE[language], clause) or re.compile(AFTER[language]).match(
        text[: end + MAX_AFTER], end
    ):
        return Telling.NONE
    is_denied = language in DENIER and re.search(DENIER[language], before)
    is_claim = language not in CLAIM or re.search(CLAIM[language], before)
    if is_denied or (is_claim and re.match(DENIED[language], text[end : end + MAX_AFTER])):
        return Telling.DENIED
    return Telling.REPORTED
