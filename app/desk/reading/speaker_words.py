"""Words for speakers, by who says it: the first row with a word in the phrase decides."""

from app.desk.reading.words import Table
from app.vocabulary.citations import Attribution

PERSONS = {
    *(Attribution.NAMED_OFFICIAL, Attribution.ANONYMOUS_OFFICIAL, Attribution.NGO),
    *(Attribution.EXPERT, Attribution.COMPANY, Attribution.ANONYMOUS_SOURCE),
    Attribution.RESIDENT,
}
"""Kinds of speakers who may be one person."""
HEADS: Table = {
    Attribution.UN_PANEL: {
        "en": "un panel|panel of experts|u.n. panel|un experts|un monitors",
        "ko": "유엔 전문가패널|유엔 전문가 패널|전문가패널|전문가 패널",
        "zh": "联合国专家小组|专家小组|专家组",
        "ja": "専門家パネル",
        "ru": "групп* экспертов оон|групп* экспертов|панел* экспертов",
    },
    Attribution.INTELLIGENCE: {
        "en": "intelligence service|intelligence agency|spy agency|nis|"
        "intelligence official*|spy chief|military intelligence",
        "ko": "국가정보원|국정원|정보당국|정보기관|정보 당국",
        "zh": "国家情报院|情报机构|情报部门|情报院",
        "ja": "国家情報院|情報総局|情報機関|情報当局|国情院",
        "ru": "разведк*|спецслужб*|разведывательн*",
    },
    Attribution.OTHER_OUTLET: {
        "en": "newspaper|news agency|broadcaster|daily paper|media|news site|magazine|"
        "local press|tv channel|radio station|the press|daily|portal|the paper",
        "ko": "언론|매체|신문|통신사|방송사|방송은|일간지",
        "zh": "媒体|媒體|朝中社|韩联社|共同社|法新社|路透社|美联社|塔斯社|日报|时报|周刊|"
        "报纸|通讯社|电视台|电台",
        "ja": "メディア|紙|通信社|放送局|テレビ局|紙面",
        "ru": "сми|газет*|агентств*|телеканал*|издани*|журнал|портал*|радиостанци*",
    },
    Attribution.DOCUMENT: {
        "en": "report|document|data|statistics|notice|figures|records|survey|study|"
        "indictment|register|census|circular|memo|ruling|leaflet|white paper",
        "ko": "보고서|문서|자료|통계|공고|판결문|문건|공문|지침|백서",
        "zh": "报告|文件|数据|统计|公告|報告|资料|通知|通报|裁决|白皮书",
        "ja": "報告書|文書|統計|資料|通達|通知|白書|判決|告示",
        "ru": "доклад*|отчет*|документ*|статистик*|реестр*|данн* росстата|приказ|"
        "постановлени*|справк*|меморандум*",
    },
    Attribution.NAMED_OFFICIAL: {
        "en": "ambassador|governor|minister|president|consul general|mayor|envoy|"
        "the foreign minister|prime minister|secretary|undersecretary|consul-general",
        "ko": "대사는|대사가|장관|차관|주지사|총리|대통령|시장은|총영사는|국장은|국장이|"
        "청장|차관보|영사는",
        "zh": "大使!馆|部长|州长|总理|省长|市长|总领事说|局长|署长|司长|领事说",
        "ja": "労働相|内相|法相|移民相|"
        "大使!館|大臣|次官|知事|首相|外相|労相|総領事は|長官|局長|次長",
        "ru": "посол|посла|министр|министра|губернатор*|президент|мэр|премьер*|генконсул|"
        "министр*|замминистр*|глава мид|глава минтруда|вице-премьер*|консул",
    },
    Attribution.ANONYMOUS_OFFICIAL: {
        "en": "official|officials|diplomat|diplomats|officer|lawmaker|civil servant|cadre|"
        "bureaucrat|consular employee|government source*|source in the government|"
        "an embassy employee|clerk at the ministry|attache|inspector|inspectors|"
        "consul|prosecutor|police officer|staff member … bureau|staff member … department|"
        "employee … bureau|employee … department|staff member … ministry",
        "ko": "당국자|의원|외교관|고위관리|관리는|관리가|북한 간부|간부는|간부가|한 간부|"
        "공무원|영사관 직원|대사관 직원|영사관 관계자|대사관 관계자|노동부 관계자|"
        "부 관계자|청 관계자|정부 관계자|보안원|조사관|감독관은|영사관 측|이민국 직원|"
        "경찰관|세관 직원|시청 직원|구청 직원",
        "zh": "官员|议员|官員|干部|幹部|外交官|公务员|使馆人员|领馆人员|政府人士|高官|警员|"
        "检察官|领事|稽查员|公安人员|局…工作人员|厅…工作人员|海关…工作人员|馆…工作人员",
        "ja": "大使館筋|領事館筋|政府筋|政府関係筋|議員|当局者|政府高官|幹部|外交官|"
        "省の担当者|省関係者|政府関係者|高官|領事館員|捜査員|検事|検察官|領事|係官|"
        "局の職員|省の職員|庁の職員|税関職員|市の職員",
        "ru": "чиновник*|депутат*|сенатор*|дипломат|дипломата|дипломаты|"
        "сотрудник министерств*|сотрудник посольств*|сотрудник консульств*|"
        "источник* в правительств*|источник* в администрац*|дежурн* полиц*|полицейск*|"
        "источник* в министерств*|источник* в мид|источник* в мэри*|источник* в полиц*|"
        "источник* в ведомств*|источник* в посольств*|источник* в консульств*|"
        "источник* в комитет*|консул*|следовател*|инспектор*|"
        "пограничник*|сотрудник* управлени*|сотрудник* департамент*|сотрудник* таможн*",
    },
    Attribution.GOVERNMENT: {
        "en": "ministry|government spokes*|spokesman|spokeswoman|spokesperson|government|"
        "embassy|consulate|bureau|authorities|department|police|labour office|"
        "prosecutors|officials' statement|immigration service|labour bureau|"
        "customs office|court|immigration authorities|coast guard|cabinet|"
        "labor department|interior ministry|home office|army",
        "ko": "외교부|외무성|통일부|노동부|법무부|대변인|정부는|정부가|대사관은|영사관은|"
        "총영사관은|경찰|당국은|당국이|당국|이민국|출입국|검찰|보위부|법원|해경|"
        "내무부|이민당국|총리실|세관은|세관이|고용노동부|인사부",
        "zh": "发言人|發言人|外交部|劳动部|商务部|政府|使馆|领事馆|当局|警方|移民局|"
        "海关总署|统一部|公安|内政部|内务部|劳工部|劳动部门|移民署|法院|海关说|人社部|"
        "警察|官方|保障局|商务局|劳动局|管理局|人社局",
        "ja": "報道官|政府|外務省|労働省|厚労省|大使館|総領事館|警察|当局は|入管|統一省|"
        "内務省|法務省|入管庁|移民局|裁判所|雇用省|税関は|官邸",
        "ru": "мид|министерств*|правительств*|представител* правительства|посольств*|"
        "консульств*|полици*|мвд|минтруд*|прокуратур*|власти|властей|мэри*|"
        "пресс-секретар*|официальн* представител*|миграционн* служб*|администраци*|"
        "умвд|увд|гувд|омвд|следственн* комитет*|росгварди*|суд|кабмин*|ведомств*|департамент*|"
        "управлени*|погранслужб*|таможн*|роструд*|"
        "комитет* по труд*|комитет* по занятост*|краев* комитет*|областн* комитет*|"
        "городск* комитет*|комитет* правительств*|служб* занятост*|центр* занятост*",
    },
    Attribution.NGO: {
        "en": "charity|activist group|rights group|rights groups|ngo|activists|campaigners|"
        "human rights organisation|civic group|rights organisation|trade union|union|"
        "committee for human rights|monitoring group|human rights watch|amnesty|"
        "association|foundation|coalition|network|migrant group|activist|missionary|"
        "pastor|aid group|volunteer|volunteers|shelter|nun|priest|chaplain|"
        "social worker|campaign group|aid worker|aid workers|migrants' group",
        "ko": "인권단체|앰네스티|휴먼라이츠워치|시민단체|탈북민 단체|활동가|선교사|노조|"
        "지원단체|민간단체|비정부기구|엔지오|신부는|신부가|수녀|목사|자원봉사자|쉼터|"
        "지원센터|이주민센터|단체는|단체가",
        "zh": "人权团体|特赦组织|人权观察|人权组织|维权组织|非政府组织|活动人士|传教士|"
        "民间团体|工会|神父|修女|牧师|志愿者|收容所|协会|基金会|团体|义工",
        "ja": "人権団体|アムネスティ|ヒューマン・ライツ|支援団体|市民団体|活動家|宣教師|"
        "労組|NGO|神父|修道女|牧師|ボランティア|シェルター|支援者|npo|団体は|団体・",
        "ru": "правозащитн*|общин*|диаспор*|землячеств*|ассоциаци*|отраслев* союз*|союз*|"
        "amnesty|human rights watch|нко|активист*|волонтер*|профсоюз*|"
        "благотворительн* организаци*|миссионер*|священник*|монахин*|приют*|фонд*|"
        "волонтёр*|общественник*",
    },
    Attribution.EXPERT: {
        "en": "expert|experts|professor|researcher|researchers|scholar|think tank|analyst|"
        "academic|economist|lawyer|fellow at|historian|demographer|lecturer",
        "ko": "전문가|교수|연구위원|연구원|학자|연구자|분석가|박사|변호사|연구자들|강사",
        "zh": "专家|教授|学者|研究员|分析师|專家|學者|律师|法学家|研究人员|讲师",
        "ja": "専門家|教授|研究者|研究員|アナリスト|学者|弁護士|専門職|講師",
        "ru": "эксперт*|профессор*|исследовател*|аналитик*|ученый|ученые|экономист*|"
        "востоковед*|юрист*|адвокат*|демограф*|политолог*|ученых",
    },
    Attribution.OBSERVERS: {
        "en": "observers|analysts|commentators|some say",
        "ko": "관측통|분석가들|관측자들",
        "zh": "观察人士|观察家|分析人士|外界",
        "ja": "観測筋|識者",
        "ru": "наблюдател*|аналитики|обозревател*",
    },
    Attribution.COMPANY: {
        "en": "company|firm|plant manager|factory manager|employer|director of the plant|"
        "owner of the|spokesman for the firm|company spokes*|recruiter|"
        "shipping company|managing director|head of a company|restaurant manager|"
        "factory owner|contractor|employers|boss|bosses|recruiters|recruitment agency|"
        "airline|operator|managers|shipyard|staffing agency|the agency",
        "ko": "회사 측|회사 대표|대표는|대표가|공장 측|업체 측|업체 대표|지배인|사장|"
        "회사 관계자|공장장|기업인|업체는|회사는|고용주|업주|고용주들|인력업체|항공사|"
        "점장|대표이사|원장은",
        "zh": "厂方|管理人员|工厂负责人|公司|企业负责人|厂长|老板|经理|雇主|厂家|业主|旅行社|"
        "店主|店长|船东|"
        "中介公司|企业方|承包商|老板娘|船厂方",
        "ja": "会社側|広報担当|広報|工場側|支配人|社長|経営者|責任者|工場長|会社は|雇用主|同社|"
        "旅行会社|"
        "店長|オーナー|派遣会社は|航空会社|経営側|船主|雇い主",
        "ru": "представител* компании|директор*|управляющ*|менеджер*|компани*|работодател*|"
        "владелец|владельц*|руководств* завода|предпринимател*|подрядчик*|хозяин*|"
        "хозяйк*|хозяев*|руководител*|гендиректор*|застройщик*|начальник*|"
        "авиакомпани*",
    },
    Attribution.ANONYMOUS_SOURCE: {
        "en": "source|sources|insider|insiders|informant|trader|traders|businessman|"
        "businesswoman|businesspeople|merchant|employee|driver|foreman|"
        "foremen|person familiar|people familiar|shipping agents|agent|agents|broker|guide|"
        "interpreter|person with knowledge|someone close|person in|people with|"
        "people who|person who|people close|person close|person with|two people|"
        "manager|one of them|porter|taxi driver|translator|middleman|contact|"
        "on condition of anonymity|shop owner|cook|guard|clerk|receptionist|"
        "staff member|travel agent|middlemen|brokers|drivers|merchants|employees|"
        "attendant",
        "ko": "소식통|무역업자|무역상|무역일꾼|사업가|상인|관계자|정보원|익명을 요구한|"
        "대북사업가|가이드|브로커는|직원은|직원이|통역|업자|운전기사|안내원|중개인|"
        "브로커|경비원|승무원|직원들|직원 |기사는|중개업자",
        "zh": "消息人士|知情人士|人士|商人|业内人士|匿名|不愿透露姓名|不愿具名|前台人员|"
        "线人|贸易商|知情者|司机|中间人|消息来源|消息源|中介|代理人|介绍人|员工|职员|"
        "导游|工作人员|店员|保安|厨师|翻译",
        "ja": "消息筋|関係筋|情報筋|筋|業者|関係者|匿名|事業家|商人|情報提供者|運転手|"
        "仲介人|外交筋|担当者|詳しい|実業家|監督|ブローカー|仲介|通訳|案内人|職員|"
        "ガイド|警備員|社員|店員",
        "ru": "источник*|собеседник*|торговец|торговц*|бизнесмен*|инсайдер*|осведомленн*|"
        "посредник|сотрудник|сотрудниц*|водител*|прораб*|на условиях анонимности|"
        "пожелавш* остаться неназванн*|коммерсант*|знаком* с ситуацией|переводчик*|"
        "служащ*|брокер*|агент|гид|охранник*|кассир*|диспетчер*|экскурсовод*|продавец|"
        "продавщиц*|посредниц*|повар*",
    },
    Attribution.RESIDENT: {
        "en": "resident|residents|worker|workers|witness|witnesses|eyewitness|local|locals|"
        "villager|villagers|neighbour|neighbours|labourer|defector|shopkeeper|"
        "housemaid|former worker|maid|seamstress|man|woman|chinese national|citizen|"
        "farmer|farmers|shopkeepers|relatives|relative|families|husband|wife|brother|"
        "sister|mother|father|student|nurse|teacher|returnee|returnees|migrant|"
        "migrants|passenger|survivor|survivors|domestic worker|labourers|waitress|"
        "fisherman|builder|men|women|father of",
        "ko": "가사노동자가|여성 노동자가|"
        "주민|노동자는|노동자가|노동자 [가-힣]씨|근로자는|목격자|탈북민|한 노동자|"
        "이웃|종업원은|근로자가|조선족|씨는|씨가|씨에|농민|상점 주인|주인은|주인이|"
        "학생은|가족은|가족들|귀환자|이주민|노동자들|여성은|남성은|탈북자|승객|교민|"
        "이주노동자는|어민",
        "zh": "居民|村民|目击者|工人|市民|居民们|朝鲜族|韩国人|中国人|华侨|劳工|女工|邻居|"
        "脱北者|农民|家属|学生|移工|看护|乘客|网友|亲属|妇女|女子|男子|华人|民众|渔民|"
        "移民|返乡者",
        "ja": "住民|労働者|目撃者|市民|村民|脱北者|男性|女性|従業員|朝鮮族|さん|農家|家族|"
        "親族|学生|店主|移民|漁師|実習生|乗客|看護師|帰国者",
        "ru": "домработниц*|горничн*|сиделк*|"
        "жител*|рабоч*|очевид*|местн*|свидетел*|сосед*|работниц*|перебежчи*|фермер*|"
        "родственник*|родствен*|студент*|мигрант*|сестра|брат|жена|муж|мать|отец|"
        "женщин*|мужчин*|пассажир*|строител*|семь*|старожил*",
    },
}
