"""Words that lead back to a speaker named before, or say that a speaker is not to be named."""

import re
from collections.abc import Mapping

from app.desk.reading.marks import Language

PRONOUN: Mapping[Language, str] = {
    "en": r"\b(?P<a>he|she|they)(?: also| later| then| further)? {saying}\b"
    r"|[,\"”] {saying} (?P<b>he|she|they)\b|\baccording to (?P<c>him|her|them)\b",
    "ko": r"(?<![가-힣])(?P<a>그녀|그)(?:[는가도]|에 따르면)(?=[ ,].*{saying}|[ ,].*말합니다)"
    r"|(?<![가-힣])(?P<b>그녀|그)의 (?:말|설명|전언|증언)에",
    "zh": r"(?P<a>[他她])(?!们|們|国|國|人)(?=[^,。;]{{0,8}}?{saying})"
    r"|(?P<b>[他她][们們])(?=[^,。;]{{0,4}}?{saying})",
    "ja": r"(?P<a>彼女(?!ら|たち)|彼(?![らの女])|彼ら|同氏)(?:は|も|が|によると)(?=.*{saying})"
    r"|(?P<b>彼女|彼)の(?:話|説明|証言)",
    "ru": r"\b{saying} (?P<a>он|она|они)\b|\b(?P<b>он|она|они)(?: также| еще| потом)? {saying}"
    r"|\bпо (?P<c>его|ее|их) (?:словам|мнению|оценке|данным)\b",
}
"""“He” and “she” beside a verb of saying; `{saying}` is replaced by that verb."""
PRONOUNS = re.compile(
    r"he|she|they|him|her|them|그녀?|[他她][们們]?|彼女?|彼ら|同氏|он[аи]?|его|ее|их"
)
SHE = re.compile(r"she|her|그녀|她|她[们們]|彼女|она|ее")
THEY = re.compile(r"they|them|他[们們]|她[们們]|彼ら|они|их")
NEUTRAL = re.compile(r"그|同氏|его|ее|их")
"""Tell no gender: 그 may be a woman, and Russian endings are those of the noun."""

POINTING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:the same|the said|the|this|that)\s+"),
    "ko": re.compile(r"(?:이|그|해당|앞서의|위의|같은)\s"),
    "zh": re.compile(r"(?:这一?[名位个]|該|该|上述|前述|那一?[名位个]|同一[名位]?)"),
    "ja": re.compile(r"(?:この|その|同(?!盟|僚|国|業|組)|前出の|先の|同じ)"),
    "ru": re.compile(r"(?:это[тйм]|эта|этой|этого|тот же|та же|того же|той же|тот|та)\s+"),
}
"""What is before a noun for somebody named before."""
POINTED_AT: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:the|this|that)(?: same| said)? (?:person|speaker|interviewee|latter)"),
    "ko": re.compile(
        r"(?:이|그|해당)\s(?:인사|사람|책임자|지배인|인물|담당자|일꾼|여인|남자|여자|여성|남성)"
    ),
    "zh": re.compile(
        r"(?:这一?[名位]|該|该|上述|前述|那一?[名位]|同一[名位]?)[^,。、;:“”的]{0,6}?"
        r"(?:人|人士|男子|女子|消息源|者|员|長|长|方|局|部|院|馆|社|会|机构)"
    ),
    "ja": re.compile(r"(?:この|その|同|前出の)(?:人物|人|男性|女性|男|女|責任者|筋|省|庁|局|院)"),
    "ru": re.compile(r"(?:этот|эта|тот же|та же) (?:человек|мужчина|женщина|девушка)"),
}
"""Whole phrases that are a speaker only if one was named before."""
ANYBODY: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"sources?|persons?|people|insiders?|informants?|contacts?|speaker|interviewee|latter|"
        r"man|woman"
    ),
    "ko": re.compile(r"소식통|관계자|인사|사람|인물|정보원|여인|여자|남자|여성|남성"),
    "zh": re.compile(
        r"(?:消息|知情)?人士?|男子|女子|消息源|消息来源|线人|知情者|负责人|爆料人|受访者"
    ),
    "ja": re.compile(r"(?:消息|関係|情報)?筋|関係者|人物|人|男性|女性|男|女|情報提供者|消息通|氏"),
    "ru": re.compile(r"источник\w*|собеседни\w+|человек|мужчина|женщина|девушка"),
}
"""Nouns for anybody who was named before, whatever that person was called."""
ANOTHER = re.compile(
    r"\b(?:another|other|a second|a third|a fourth|a different|second|third|several|some|many|"
    r"more)\b|(?:^|\s)(?:또 다른|다른|또 한|두 번째|여러)\s|另一|另外|其他|还有|多名|多位|部分|"
    r"別の|他の|もう一人|複数|\b(?:друг\w+|ещ[её]|втор\w+|несколько|ины[ехм]\w*)\b"
)
"""Somebody who was not named before."""
ONE = re.compile(
    r"^(?:an?|one|two|three|four|five)\s|(?:^|\s)(?:한|어느|모)\s(?=[가-힣])|[一两几][名位个]|"
    r"某[名位个]?|^有|(?:^|、|の)ある|一人の|[二三四]人の|"
    r"\b(?:один|одна|одного|одной) из\b|\bнек\w+ "
)
"""Somebody whom the words do not name: “a scholar”, 一位学者."""
STAFF = re.compile(
    r"\b(?:staff(?: member)?|staffer|employee|clerk|receptionist|operator on duty)\b|직원|관계자|"
    r"담당자|工作人员|职员|员工|職員|担当者|係員|関係者|\b(?:сотрудни\w+|служащ\w+|источник\w*)"
)
"""Somebody of an office that is named, while the person is not."""
NAME_AFTER = re.compile(r",\s+(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][\w’-]+ [A-Z][\w’-]+|\bnamed [A-Z]")
BODY_NAME = re.compile(r"\b[A-Z][\w’-]+ (?:(?:of|for|and) )?[A-Z]|\b(?:called|named|known as)\b")
SURNAME: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:(?:Mr|Mrs|Ms|Dr)\.? )?([A-Z][a-z]+)$"),
    "ko": re.compile(r"([가-힣])(?:모|아무개|[가-힣]{0,2})?\s?씨$"),
    "ja": re.compile(r"([一-龯]{1,3})(?:さん|氏)$"),
}
"""A name by which somebody named before is called again."""
NAMED_SO: Mapping[Language, str] = {
    "en": r"\b{surname}\b",
    "ko": r"(?:^|\s){surname}(?:모|아무개|[가-힣]{{0,2}}) ?씨",
    "ja": r"{surname}",
}
"""How a phrase has that name."""

ANONYMOUS: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"on (?:the )?condition of anonymity|(?:ask|request|insist|wish|want|prefer|chos|choos|"
        r"hop)\w*(?: \w+)? (?:anonymity|to (?:remain|stay|be) (?:anonymous|unnamed)|"
        r"(?:not to be|that \w+ not be|not be) (?:named|identified|quoted by name))|"
        r"(?:declin|refus)\w+ to (?:be (?:named|identified)|give (?:his|her|their|a)\b[^,.;]{0,12}"
        r"names?)|(?:not|n.t) (?:to|want\w* to|wish\w* to|willing to) be (?:named|identified)|"
        r"\bw(?:as|ere) not (?:named|identified)|spoke anonymously|"
        r"whose (?:real )?names? (?:\w+ ){1,3}(?:withheld|changed)|under a pseudonym|"
        r"(?:without|not) giving (?:his|her|their|a) names?"
    ),
    "ko": re.compile(
        r"익명을? ?(?:요구|요청|전제|조건|원|바라|부탁|당부)|익명으로|"
        r"(?:이름|신원|신분|실명|성명)을? ?(?:밝히|공개하|드러내|알리)(?:지|기|길|는 것을)|"
        r"(?:이름|신원)을 (?:밝히)?[^.]{0,6}꺼"
    ),
    "zh": re.compile(
        r"不(?:愿|願|愿意|想|希望|便|肯|欲)[^,。;]{0,6}?(?:姓名|名字|身份|身分|具名|真名|露名)|"
        r"不具名|未具名|匿名|要求不[^,。;]{0,6}(?:名|身份)|隐去(?:姓名|真名)|化名|"
        r"拒绝(?:透露|公开)[^,。;]{0,3}(?:名|身份)"
    ),
    "ja": re.compile(
        r"匿名(?:を|の|で|希望)|(?:名前|氏名|実名|名|身元)(?:を|は)(?:明か|出|伏せ|公表し|公に)"
        r"(?!した)|仮名"
    ),
    "ru": re.compile(
        r"условиях анонимности|сохранени\w+ анонимности|"
        r"(?:попроси|проси|просьб|пожела|захоте|желающ|предпоч|отказа)\w*[^,.;]{0,40}?"
        r"(?:им[ея]\w*|анонимн\w+|неназван\w+|представ\w+|называть)|"
        r"им[яе]\w* (?:\w+ )?не (?:называ|раскрыва|разглаша)\w+|не назва\w+ (?:своего|себя|имени)|"
        r"имя изменено"
    ),
}
"""What says that a speaker does not want to be named."""
UNNAMED = re.compile(
    r"\b(?:anonymous|unnamed|unidentified)\b|익명의|이름을 밝히지|不具名|匿名|анонимн|неназванн"
)
"""Within the words for a speaker: not named."""

PERSON: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:manager|director|owner|boss|recruiter|spokes\w+|activist|pastor|volunteer|head|"
        r"employer|contractor|missionary|priest|nun|worker|official|chief|chaplain|lawyer|man|"
        r"woman|operator on duty|staff member|employee|clerk)s?\b"
    ),
    "ko": re.compile(
        r"대표|지배인|사장|공장장|점장|원장|대변인|활동가|선교사|목사|신부|수녀|업주|고용주|"
        r"관계자|직원|자원봉사자|경찰관|씨"
    ),
    "zh": re.compile(
        r"人(?!权|民|社|力)|[厂店校]长|经理|老板|传教士|神父|修女|牧师|志愿者|雇主|船东|人员|员工"
    ),
    "ja": re.compile(
        r"者|[場店社]長|支配人|報道官|活動家|宣教師|神父|修道女|牧師|オーナー|雇い主|職員|さん|氏"
    ),
    "ru": re.compile(
        r"представител|директор|управляющ|менеджер|руководител|хозя|владел|активист|секретар|"
        r"священник|монахин|волонт|миссионер|предпринимател|начальник|сотрудни|правозащитник"
    ),
}
"""In the words for a body: a person who speaks for it."""
MANY: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:two|three|four|five|several|some|many|people|men|women|families|police|"
        r"(?!(?:his|hers|its|this|was|has|us|boss|witness|eyewitness|business|press)\b)\w+s)\b"
    ),
    "ko": re.compile(r"들(?:[은이도]|$|\s)|두 |세 |여러 "),
    "zh": re.compile(r"们|們|多[名位]|[两二三四几][名位个]|一些|有[^人]{0,4}人士"),
    "ja": re.compile(r"たち|ら$|複数|[二三四2-9]人"),
    "ru": re.compile(
        r"\b(?:два|две|двое|двух|двум\w*|три|трое|трех|несколько|\w+(?:ники|тели|цы|ты|лы|ры|ков|"
        r"телей|цев|тов)|люди|рабочие|местные)\b"
    ),
}
AFTER_NOUN = re.compile(
    r",|\b(?:who|whose|of|in|at|on|from|with|for|to|familiar|close|near|котор\w+|из|в|на|с|от)\b"
)
HE_IS = re.compile(
    r"\b(?:man|businessman|spokesman|father|husband|brother|son|mr|middleman|priest|nephew)\b|"
    r"남성|남자|아버지|남편|男|父|夫|兄弟|\b(?:мужчин\w+|торгов(?:ец|ца|цу)|собеседник\w*|жител[ьяю]|"
    r"чиновник\w*|бизнесмен\w*|водител[ьяю]|продав(?:ец|ца)|предпринимател[ьяю]|рабоч(?:ий|его))\b"
)
SHE_IS = re.compile(
    r"\b(?:woman|businesswoman|spokeswoman|mother|wife|sister|daughter|mrs|ms|miss|nun|waitress|"
    r"maid|seamstress|niece)\b|여성|여자|여인|어머니|아내|수녀|女(?!士兵)|母|妻|姐|妹|姉|"
    r"\b(?:женщин\w+|жительниц\w+|сотрудниц\w+|собеседниц\w+|работниц\w+|торговк\w+|хозяйк\w+|"
    r"студентк\w+|продавщиц\w+|повар\w*их\w+|горничн\w+|домработниц\w+|мать|сестра|жена|"
    r"посредниц\w+|монахин\w+|чиновниц\w+|девушк\w+)\b"
)
SAID_THAT_SHE = re.compile(
    r"\b(?:said|says|added|told|testified|explained)(?: \w+){0,4}?(?:, [^,]{1,40},)?(?: that)? "
    r"(he|she)\b"
)
"""A trader of whom the words go on with “she had heard it”: tells that the trader is a woman."""

CITING: Mapping[Language, tuple[str, str]] = {
    "en": (
        r"\b(?:citing|cited|cites|quoting|quoted|quotes)(?: [a-z]+)?\s*$",
        r"^ (?:cited|quoted) by ",
    ),
    "ko": (r"(?!)", r"^(?:[을를]|의 (?:말|전언|설명|증언)을) ?인용"),
    "zh": (r"(?:援引|引述|引用|引)(?:自)?$", r"(?!)"),
    "ja": (r"(?!)", r"^(?:の(?:話|証言|説明)(?:として|を引用)|を引用|の話を)"),
    "ru": (r"\b(?:со ссылкой на|ссылаясь на|цитиру\w+|процитировал\w*)(?: слова)?\s*$", r"(?!)"),
}
"""What is between an outlet and the source that it passes on: before the source, and after it."""
REPORT_OF_OUTLET = re.compile(
    r"the report|the article|이 보도|해당 보도|该报道|这篇报道|同紙|この報道|記事"
)
