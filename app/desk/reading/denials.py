"""Proposes denials: words of somebody who denies what was reported, or does not know of it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence
from app.desk.reading.words import plain
from app.vocabulary.citations import Stance

DENYING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:den(?:y|ies|ied|ying)(?! (?:entry|extension|bail|visas?|access|permission|them\b|"
        r"him\b|her\b|wrongdoing|guilt|(?:the |all |any )?charges))"
        r"|denials?\b(?! of (?:entry|access|bail))"
        r"|(?:dismiss|reject|refut|rebutt|disput|contradict)(?:s|es|ed|ing)? (?:the |this |that |"
        r"these |those |such |any |all |both )?(?:[a-z-]+ )?(?:reports?|claims?|allegations?|"
        r"accounts?|accusations?|findings?|conclusions?|figures?|numbers?|criticisms?|rumou?rs?|"
        r"suggestions?|statements?|it\b|them\b|as )"
        r"|(?:call|call(?:ed|s)|describ(?:ed|es)|dismiss(?:ed|es)) "
        r"(?:it|this|that|them|[a-z ]{3,40}?) (?:as )?(?:an? )?"
        r"(?:untrue|false|baseless|unfounded|fabricated|fabrication|nonsense|lies?)"
        r"|(?:is|are|was|were) (?:simply |completely |entirely |totally )?(?:untrue|false|baseless|"
        r"unfounded|groundless|fabricated|not true|pure invention)"
        r"|no such (?:thing|order|plan|rule|measure|event|raid|case|incident|instruction|"
        r"restriction|decision|ban|policy|deportations?|workers?)"
        r"|no (?:plan|order|rule|instruction|decision|measure)s? of (?:the|that|this) (?:kind|sort)"
        r"|nothing of (?:the|that|this) (?:kind|sort)"
        r"|never (?:happened|took place|occurred|gave any such)|"
        r"did not (?:happen|take place|occur))"
    ),
    "ko": re.compile(
        r"(?<!혐의를 )(?<!혐의는 )부인(?:했|하|한다|해|하며|하고)|일축|반박|"
        r"사실무근|사실이 아니|사실과 다르|"
        r"(?:그런|그러한|이런|해당) (?:일|사실|지시|계획|명령|조치|방침)[은이도]? ?(?:전혀 )?없|"
        r"(?<=[가-힣])(?:은|는|이|가) 전혀 없(?:었다|다|습니다|었습니다)|허위(?: 사실|라|이|보도)|"
        r"날조|근거 ?없는|(?:한|하나)도 없다고 (?:밝|말|부인|반박)|한 명도 없다"
    ),
    "zh": re.compile(
        r"(?:予以)?(?:(?:否认|否認)(?![^,。]{0,8}(?:受贿|罪|拖欠税))|驳斥|駁斥|辟谣|闢謠|反驳)|并无此事|並無此事|绝无此事|没有这回事|没有此事|"
        r"没有这样的(?:事|计划|规定|命令)|不存在(?:这|此|任何|所谓|上述)|(?:纯)?属(?:谣言|虚构|子虚乌有|捏造)|"
        r"不属实|與事實不符|与事实不符|并非事实|不是事实|不实(?:报道|消息|传言)|毫无根据|子虚乌有|无中生有"
    ),
    "ja": re.compile(
        r"否定(?:し|す|的)|(?<!容疑を)(?<!起訴内容を)否認(?:し|す)|事実無根|事実では(?:ない|ありません)|"
        r"(?:そのような|そうした|こうした|そんな)(?:事実|こと|指示|計画|命令|措置)は(?:一切|全く)?"
        r"(?:ない|ありません|なかった)|事実と異なる|反論し|一蹴し|でたらめ|虚偽だ|"
        r"1人も(?:い|雇用してい)ない|一人もいない"
    ),
    "ru": re.compile(
        r"\b(?:опроверг(?:а[а-я]+|л[аи]?|н[а-я]+)?|опровержени[а-я]+|отрица(?:ет|ют|л[аи]?|я)"
        r"(?! вину| причастность)|отверг(?:л[аи]?|ает|ают)? (?:эт|так|сообщ|обвин|слух)[а-я]+|"
        r"не соответству[а-я]+ действительности|не соответствовал[а-я]* действительности|"
        r"неправд[а-я]+|это ложь|ложны[а-я]+ (?:сведени|информаци|сообщени)[а-я]+|выдумк[а-я]+|"
        r"ничего подобного|ничего такого|(?:никак(?:ого|ой|их)) (?:так(?:ого|ой|их) )?"
        r"(?:приказа|запрета|указания|распоряжения|плана|рейдов?|высылок?|депортаци[а-я]+|проверок)"
        r" (?:не|нет)|(?:такого|таких|такой|подобного|подобных) (?:приказ|распоряжени|указани|план|"
        r"решени|провер|рейд)[а-я]* (?:нет|не было|не существует|не проводил[а-я]+)|"
        r"не проводил[а-я]+, заявил|(?<=, )что никого не [а-я]+|никого не (?:высыл|депортир|"
        r"вывозил|задержив)[а-я]+)"
    ),
}
"""Words of a denial."""
NONE_HERE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:(?:has|have|had|employs?|employed) no (?:such |north korean |foreign )*"
        r"(?:workers?|nationals|citizens|employees|north koreans|labou?rers)\b"
        r"|(?:does|do|did)(?: not|n't) (?:employ|hire|use|have) (?:any )?(?:such |foreign )*"
        r"(?:north koreans?|workers|nationals|citizens|people from)"
        r"|there (?:are|were|is|was) no (?:north koreans?|such people)"
        r"|no north koreans? (?:work|live|are|were)\b"
        r"|no (?:citizens|nationals|workers|people) (?:of|from) (?:the )?[a-z ]{2,30}?"
        r" (?:are|were|work|live|have been)\b"
        r"|never (?:hired|employed|had) (?:any )?north koreans?)"
    ),
    "ko": re.compile(
        r"(?:노동자|근로자|인력|직원|북한 ?사람|북한인|종업원)(?:은|는|이|가|을|를)? ?"
        r"(?:한 명도 |전혀 |현재 )?(?:없(?:다|었|습|고|으)|고용하(?:지 않|고 있지 않)|"
        r"(?:고용한|쓴|받은) 적[이은]? ?없|쓰지 않|두고 있지 않)"
    ),
    "zh": re.compile(
        r"(?:没有|并无|未曾?|不|从未|没)(?:任何|雇用|聘用|雇佣|使用|招用|招收|过){0,3}"
        r"(?:朝鲜|朝籍|朝方|外籍|这样的|此类)(?:籍)?(?:工人|劳工|员工|人员|人)"
    ),
    "ja": re.compile(
        r"(?:北朝鮮|そのような|該当する|外国人)[^、。「」]{0,8}?(?:労働者|従業員|人|作業員|国籍者)は"
        r"(?:1人も|一人も|誰も|現在)?(?:い(?:ない|ません)|雇(?:って|用して)い(?:ない|ません)|"
        r"おらず|おりません|働いていない)"
    ),
    "ru": re.compile(
        r"\b(?:(?:граждан|рабочих|работников|строителей|северокорейцев|людей|иностранцев|таких)"
        r"(?: [а-я]+){0,4}? (?:у нас|у них|здесь|там|в (?:штате|компании)|"
        r"на (?:стройке|объект[а-я]+|заводе|предприятии|фабрике))(?: [а-я]+)? "
        r"(?:нет|не было|не имеется|не работает)\b"
        r"|не (?:нанимал|привлекал|трудоустраивал)[аи]? (?:граждан|рабоч|северо|работник|иностран)"
        r"|(?:у нас|у них|здесь) нет (?:таких|никаких|граждан|рабочих|северо|работник)"
        r"|(?:граждан|рабочих) кндр (?:[а-я]+ ){0,3}?нет\b)"
    ),
}
"""Words of somebody who says that there are no such people: a denial only if somebody says it."""
UNKNOWING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:(?:had|has|have) (?:not|never) heard (?:of|about|any)|"
        r"(?:had|has|have) heard nothing|(?:was|were|is|are|am) (?:not aware|unaware)|not aware of|"
        r"(?:had|has|have) no (?:knowledge|information|record)|kn(?:e|o)ws? nothing (?:of|about)|"
        r"did not know (?:of|about))"
    ),
    "ko": re.compile(
        r"(?:들어본|들은|들어 본) (?:적|바)[이가도은]? ?없|금시초문|"
        r"(?:아는|파악된|파악한|알고 있는) (?:바|것|내용)[이가는은도]? ?없|모르는 일|알지 못한다"
    ),
    "zh": re.compile(
        r"(?:没有|未|没|从未|从没)(?:曾)?听(?:说|闻|到)(?:过|有)?|不(?:太)?了解(?!决)|不知情|不清楚|不掌握|"
        r"不知道(?:此事|有|这)|没有(?:有关|相关|这方面的?)(?:信息|消息|情况)"
    ),
    "ja": re.compile(
        r"(?:把握|承知|関知|認識)(?:は|を)?(?:し|でき)て(?:い|お)(?:ない|らず|りません|ません)|"
        r"聞いたことが?(?:ない|ありません)|知らない(?:と|」)|分からないと|"
        r"情報(?:は|を)(?:持ち合わせ|持って)(?:て)?い?ない"
    ),
    "ru": re.compile(
        r"\b(?:(?:ничего )?(?:об этом |о таком |про это )?не слыша(?:л[аи]?|ли|т)|не (?:в курсе|"
        r"осведомл[а-я]+)|не знал[аи]? (?:об?|про)|ничего не (?:знает|знают|известно)|"
        r"не располага(?:ет|ют|ем|л[аи]?) (?:[а-я]+ )?(?:сведени|информаци|данны)[а-я]+|"
        r"нет (?:такой )?(?:информации|сведений|данных) об? (?:этом|так|подобн)[а-я]*)"
    ),
}
"""Words of not knowing of it."""
UNCONFIRMED: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:(?:could|can|did|has|have|would)(?: not|n't)(?: be| been)?(?: independently)? "
        r"(?:confirm(?:ed)?|verif(?:y|ied)|corroborated?)"
        r"|(?:was|were) (?:not able|unable) to (?:independently )?(?:confirm|verify|corroborate)"
        r"|unable to (?:independently )?(?:confirm|verify)|neither confirm(?:ed)? nor den(?:y|ied)"
        r"|declined to confirm|no confirmation|(?:had|has|have|there (?:is|was)) nothing to "
        r"(?:confirm|say|add|share|announce)|"
        r"(?:had|has|have) no(?:thing)? (?:comment|to comment) on|"
        r"declined to comment on|would not (?:confirm|comment on))"
    ),
    "ko": re.compile(
        r"확인(?:하지|되지|할 수|해 ?준|한|된)[은는이도]? ?"
        r"(?:않|못|없|바 없|바가 없|적 없|적이 없)|확인된 바|"
        r"확인해 ?(?:줄|드릴) (?:수|것|내용|사항|게|바|만한 것)[은는이가도]? ?(?:전혀 )?없|"
        r"(?:언급|말씀드릴|공개|소개)할 (?:수|것|내용|사항|게|만한 것)[은는이가도]? ?없"
    ),
    "zh": re.compile(
        r"(?:无法|未能|未予|没有|无从|不予|未获|尚未)(?:独立|得到|获得)?"
        r"(?:证实|證實|核实|核實|确认|確認|查证)|没有(?:什么)?(?:可以|可|能够|可供)(?:证实|确认|透露|提供|补充)的|"
        r"不予(?:置评|评论)|拒绝(?:证实|确认|评论|置评)|没有可(?:证实|确认|透露)"
    ),
    "ja": re.compile(
        r"確認(?:は|を)?(?:し|でき|取れ)て(?:い|お)(?:ない|らず|りません|ません)|"
        r"確認(?:でき|が取れ|は取れ)(?:な|て(?:い|お)(?:な|ら|り|ま))|裏付け(?:られ|は取れ)(?:な|て)|"
        r"確認(?:できる|する|した)(?:こと|もの|内容|情報)は(?:何も)?(?:ない|ありません|なかった)|"
        r"(?:お答え|申し上げる|コメントする|言える)(?:こと|もの)?は(?:何も)?(?:ない|ありません|差し控え|控え)|"
        r"コメント(?:は|を)(?:控え|差し控え|避け|拒)"
    ),
    "ru": re.compile(
        r"\b(?:(?:подтвердить|проверить|подтверждения)(?: [а-я]+){0,4} не (?:удалось|смог[а-я]*|"
        r"удается)|не (?:удалось|смог(?:л[аи])?|может|могут|удается) (?:[а-я]+ )?(?:подтвердить|"
        r"проверить|подтверждени[а-я]+)|"
        r"(?:нечего|ничего не (?:может|могут|можем|могу)) (?:подтвердить|сообщить|добавить|сказать|"
        r"комментировать)|отказал(?:ся|ась|ись|ось) (?:подтвердить|комментировать|подтверждать)|"
        r"(?:комментировать|подтверждать) (?:[а-я]+ ){0,5}(?:не стал[аи]?|отказал(?:ся|ась|ись))|"
        r"не (?:стал[аи]?|будет|будут) (?:подтверждать|комментировать)|"
        r"не подтвер(?:дил[аи]?|ждает|ждают|жден[а-я]*))"
    ),
}
"""Words of not confirming it."""


class DenialProposer:
    """Marks the first words of a denial in a sentence, or else of not knowing or confirming."""

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        text = plain(sentence.text)
        is_said = any(mark.kind is MarkKind.SPEAKER for mark in known)
        unknowing = UNKNOWING[sentence.language].search(text)
        none_here = NONE_HERE[sentence.language].search(text) if is_said else None
        for patterns, stance, reason in (
            (DENYING, Stance.DISPUTES, Reason.DENIAL),
            (UNKNOWING, Stance.MENTIONS, Reason.UNKNOWING),
            (UNCONFIRMED, Stance.MENTIONS, Reason.UNCONFIRMED),
        ):
            found = patterns[sentence.language].search(text)
            # “Has heard nothing of the kind” denies nothing.
            if reason is Reason.DENIAL and found and unknowing and _goes_on(unknowing, found):
                continue
            if found:
                yield Mark(found.start(), found.end(), MarkKind.DENIAL, stance.value, reason)
                return
            if none_here and reason is Reason.DENIAL:
                yield Mark(*none_here.span(), MarkKind.DENIAL, stance.value, reason)
                return


def _goes_on(before: re.Match[str], found: re.Match[str]) -> bool:
    """Whether words begin within or just after others."""
    return before.start() <= found.start() <= before.end() + 1
