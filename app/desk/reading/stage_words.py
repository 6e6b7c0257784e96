"""Words for the stages of a rule and for its taking effect, in five languages."""

import re
from collections.abc import Mapping

from app.desk.reading.marks import Language

ORDINAL: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:first|second|third|fourth|fifth|last|final|initial|next) "
        r"(?:step|stage|phase|tranche)\b|"
        r"\b(?:step|stage|phase) (?:one|two|three|four|five|[1-5]|i{1,3}|iv)\b"
    ),
    "ko": re.compile(
        r"(?:[1-5]|[일이삼사]|첫|두|세|네|마지막|최종)(?: ?번째)? ?단계(?!적|로 나|에 걸쳐)|"
        r"(?<![0-9])[1-5]차(?:로는|로|적으로|에는|는)(?= )"
    ),
    "zh": re.compile(
        r"第[一二三四五1-5](?:步|阶段|階段|期)|首(?:个)?(?:阶段|期|步)|最后(?:一步|(?:一个)?阶段)"
    ),
    "ja": re.compile(r"第[一二三四五1-5](?:段階|弾|期)|[一二三四1-5](?:段階|段)目|最終段階"),
    "ru": re.compile(
        r"\b(?:перв|втор|трет|четверт|пят|последн|заключительн)[а-я]+ (?:этап|стади|фаз|шаг)[а-я]*"
    ),
}
"""The number of a stage."""
ELLIPTIC: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:in|under|at|during|with) the (?:second|third|fourth|last|final)(?=[,:])"
    ),
    "ko": re.compile(r"(?:두|세|네) ?번째(?:로는|로|는)"),
    "zh": re.compile(r"(?:其次|最后)(?=[,，])"),
    "ja": re.compile(r"(?:次いで|最後に)"),
    "ru": re.compile(r"\b(?:на|во) (?:втором|третьем|четвертом|последнем|второй|третий)(?=[ ,:])"),
}
"""The number of a stage without its noun, after a stage that has one."""
STEPWISE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:in|over) (?:two|three|four|five|several|[2-5]) (?:steps|stages|phases)\b|"
        r"step by step|\bin (?:steps|stages|phases)\b|phased? in|\bphased\b|\bstaggered\b"
    ),
    "ko": re.compile(r"단계적|(?:[2-5]|두|세|네) ?(?:개 )?단계(?:로|에 걸쳐)|순차(?:적)?"),
    "zh": re.compile(r"分(?:[二两兩三四五2-5]|几)?(?:个)?(?:步|阶段|階段|期)|逐步|分批"),
    "ja": re.compile(r"段階的|[二三四五2-5]段階(?:で|に)|順次"),
    "ru": re.compile(r"поэтапн|в (?:два|три|четыре|несколько|[2-5]) этапа|этапами|ступенчат"),
}
"""Words for a rule that comes in stages."""
EFFECT: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:takes? effect|took effect|taking effect|(?:com|enter)(?:e|es|ing|s)? into force|"
        r"in force|effective|appl(?:y|ies|ied)|(?:begin|start)s?\b|kicks? in|extend(?:s|ed)? to|"
        r"be (?:introduced|extended|added|barred|banned|required|covered)|follows?|starting|"
        r"will (?:stop|no longer)|may no longer|ban(?:s|ned)?\b|freeze)"
    ),
    "ko": re.compile(r"시행|적용|발효|실시|금지|의무화|확대|시작|중단|제한된|제한한|완화|대상"),
    "zh": re.compile(
        r"施行|实施|實施|生效|适用|適用|执行|執行|实行|扩大到|扩至|禁止|停止|不得|不再|推行"
    ),
    "ja": re.compile(r"施行|適用|発効|実施|開始|始ま|拡大|禁止|義務|対象|停止|制限"),
    "ru": re.compile(
        r"вступ[а-я]+ в силу|действ[а-я]+|ввод[ия][а-я]+|введ[уе]т[а-я]*|начн[уе]т[а-я]*|"
        r"начина[а-я]+|распростран[а-я]+|примен[а-я]+|запре[тщ][а-я]+|заработа[а-я]+|косн[уе]тся|перестан[уе]т"
    ),
}
"""Words of a rule that begins to apply."""
DEMAND: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:must|ha(?:ve|s|d) to|ordered|told|required|obliged|(?:is|are|were|was) to|"
        r"instructed|should|need to|deadline)\b"
    ),
    "ko": re.compile(
        r"해야|하여야|라고 (?:지시|통보|명령|요구)|하도록|라고 했|떠나야|나가야|기한|[아어여]야 한"
    ),
    "zh": re.compile(r"须|須|必须|应当|应于|不得|要求|责令|限|命令|务必"),
    "ja": re.compile(
        r"なければならない|なくてはならない|よう(?:に)?(?:命|求|指示|通告|要求)|期限|義務|こととする|する[。」]?$"
    ),
    "ru": re.compile(
        r"\b(?:должн[а-я]+|обязан[а-я]*|обязал[а-я]*|надлежит|предпис[а-я]+|потребовал[а-я]*|"
        r"велел[а-я]*|приказал[а-я]*|следует|предстоит)"
    ),
}
"""Words of what has to be done."""
STRONG_BREAK: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"[;,:]"),
    "ko": re.compile(r"[;,:]|(?<=[가-힣])(?:고|며|지만)(?= )"),
    "zh": re.compile(r"[;,、:。]"),
    "ja": re.compile(r"[、;。]"),
    "ru": re.compile(r"[;,:]"),
}
"""Where the clause of one stage ends and that of the next begins."""
WEAK_BREAK: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:and|while|but)\b"),
    "ko": re.compile(r"(?:및|그리고| 등)"),
    "zh": re.compile(r"[和及与並并而]"),
    "ja": re.compile(r"(?:および|及び|と)"),
    "ru": re.compile(r"\b(?:и|а|но)\b"),
}
NO_OBJECT: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:from|by|and|or|the|at|latest|of|until|to|then|also|only|on|in|as|later|than|again|not)\b"
    ),
    "ko": re.compile(r"부터|까지|및|또는|늦어도|는|은|에"),
    "zh": re.compile(r"[自从起于至到前之和或并与的]|最迟|以前|之前|生效|施行|实施"),
    "ja": re.compile(r"から|まで|に|と|または|の|は|遅くとも"),
    "ru": re.compile(r"\b(?:с|со|до|и|а|или|не|позднее|позже|к|года|году)\b"),
}
"""Words beside a day that name nobody whom the stage is for."""
MIN_OBJECT_LETTERS = {"en": 4, "ru": 4, "ko": 2, "zh": 2, "ja": 2}
SIGNED: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:signed|issued|adopted|approved|passed|published|announced)\b"),
    "ko": re.compile(r"서명|공포|채택|의결|승인|발표"),
    "zh": re.compile(r"签署|发布|通过|批准|公布|宣布"),
    "ja": re.compile(r"署名|公布|採択|可決|承認|発表"),
    "ru": re.compile(r"\b(?:подписал|издал|принял|утвердил|одобрил|опубликовал|объявил)"),
}
"""What is done to a rule before it takes effect."""
