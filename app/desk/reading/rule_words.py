"""Words for rules, papers and businesses, in five languages."""

from app.desk.reading.words import Table

RULES: Table = {
    "stay-limit": {
        "en": "stay*…limited|limit* how long|limits on stays|stays…cut|shortened stays|"
        "cut the length of stay*|was limited to|limited to a|maximum stay|cut…stay*|"
        "may stay no more|stay no longer than|reduced…stay*|stays of no more",
        "ko": "체류 기간이…제한|체류기간 제한|체류 기간을 제한|체류를 제한|체류 기간이…줄었|"
        "체류 기간을 줄|체류 기간이…단축|체류를 허용하|체류 허용 기간|"
        "체류 기간을 단축",
        "zh": "停留时间被限制|停留期限|限制停留|缩短停留|逗留期缩短|停留期缩短|缩短居留|"
        "停留不得超过|居留不得超过|停留…缩短|居留…缩短",
        "ja": "滞在が…制限|滞在期間を制限|滞在を…制限|滞在が…短縮|滞在期間が…短縮|"
        "しか滞在を認めない|滞在しか認めない|滞在期間を短縮|滞在は…まで",
        "ru": "срок* пребывания ограничил*|ограничил* срок*|сократил* срок* пребывания|"
        "срок* сократят|срок* пребывания сокра*|срок* пребывания уменьш*|"
        "не более…пребыва*|сократ* срок пребывания",
    },
    "visa-nonrenewal": {
        "en": "not renewed|refused to renew|declined to renew|not been renewed|"
        "refuse to extend|refused to extend|no longer renewed|no longer extended|"
        "denied extensions|will not renew|not extended|were not renewed|"
        "refused renewal*|stopped renewing|no renewals|non-renewal|won't renew|"
        "not be renewed|not be extended|decline to renew|refusing to renew|"
        "stopped extending|refuses to renew|refused an extension|refused extensions",
        "ko": "비자 연장을 거부|연장을 거부|갱신을 거부|연장해 주지|연장되지|갱신되지|"
        "연장을 불허|비자 연장을 중단|연장 불허|연장하지 않|갱신하지 않|연장이 거부|"
        "연장해주지|재발급을 거부|연장을 해주지|갱신이 거부|연장을 안|연장이 안",
        "zh": "不再…延期|不再…续期|不再…延长|停止…延期|停止…续签|暂停…续签|拒绝延长签证|"
        "拒绝续签|不予续签|不再续签|不予延期|签证不获延长|拒绝延期|"
        "停止续签|不再延期|不给续签|未予续签|未获续签|不予延长|不再延长|无法续签|"
        "没有续签|拒绝续|不续签|未获延期|不给延期",
        "ja": "ビザの延長を拒|延長を拒|更新を認めな|更新を認めず|更新を認めていな|更新を認めませ|"
        "更新を拒|延長を認めな|延長を認めず|延長を認めていな|更新されな|更新されず|延長に応じな|"
        "延長に応じず|延長に応じていな|"
        "更新しな|延長しな|延長が認められな|更新が認められな|更新を停止|更新拒否|延長拒否|"
        "更新に応じな|更新に応じず",
        "ru": "отказал* продл*|не продлил*|отказал* в продлени*|не продлева*|"
        "перестали продлевать|отказ* в продлени*|не продлят|не продлен*|"
        "отказыва* продлева*|отказыва* в продлении|не продля*|продлевать отказ*|"
        "продлить отказ*",
    },
    "visa-issuance-stop": {
        "en": "stop* issuing|stopped…visas|no longer issue*|suspended…visas|halted…visas|"
        "no new visas|ceased issuing|stopped giving|stopped giving out|"
        "no longer grant*|stop* granting|visas are no longer issued|"
        "no visas are issued|halt* issu*|suspend* issu*|stopped handing out|"
        "visa* suspended|suspension of visas|freeze on visas|no longer giving",
        "ko": "비자 발급을…중단|발급을…중단|발급 중단|비자를 내주지|발급을 멈|발급을 거부|"
        "사증 발급을 중단|발급을 중지|발급하지 않|발급이 중단|비자를 주지 않|"
        "발급 정지|발급을 정지|발급이 멈|발급이 정지|발급을 끊|비자 중단",
        "zh": "停止发放签证|停发|不再签发|停止签发|暂停签发|停止发放|暂停发放|不再发放|"
        "停止办理|不发签证|不再受理|停办|停止受理|拒发签证|暂不发放|暂停办理|停签|"
        "不再颁发|停止颁发|停止审批|不再批",
        "ja": "発給を停止|発給停止|発給を止め|ビザ発給を停止|発給を中止|発給を拒否|"
        "発給を取りやめ|発給しな|発給が停止|発給を見合わせ|発給されな|発給を凍結|"
        "発給が止ま|発給中止|受け付けを停止",
        "ru": "прекра* выдач*|не выда* виз*|останов* выдач*|приостанов* выдач*|"
        "перестал* выдавать|не выдают*|перестал* выда*|выдач*…прекращ*|"
        "выдач*…приостан*|не оформля*|прекратил* оформ*|прекратил* прием",
    },
    "permit-revocation": {
        "en": "revok*|withdrew…permits|cancelled…permits|permits were cancelled|rescinded|"
        "permits…withdrawn|permits…cancelled|permits…canceled|visas…cancelled|"
        "visas…canceled|cancelled…visas|canceled…visas|cancelled…permit*|"
        "canceled…permit*|stripped of…permits|invalidated|annulled|declared invalid|"
        "permits…revoked|visas…revoked",
        "ko": "허가를 취소|허가 취소|비자를 취소|비자 취소|허가를 철회|허가가 취소|"
        "비자가 취소|사증이 취소|자격을 취소|자격이 취소|무효화|허가증을 회수|"
        "허가를 박탈|허가를 무효|취소됐|취소했",
        "zh": "吊销|撤销许可|注销许可|吊銷|撤销|作废|取消…许可|取消…签证|取消…资格|收回许可|"
        "宣布…无效|注销",
        "ja": "許可を取り消|取り消した|取り消され|失効させ|無効と|許可が取り消|査証を取り消|"
        "ビザを取り消|剥奪",
        "ru": "аннулир*|отозвал* разрешени*|лишил* разрешени*|отмен* разрешени*|отмен* виз*|"
        "аннул*|недействительн*|отозван* разрешени*|отзыва* разрешени*",
    },
    "hiring-ban": {
        "en": "bars firms from hiring|ban on hiring|banned from hiring|not to hire|"
        "forbidden to hire|barred from hiring|stop hiring|prohibited from hiring|"
        "may not hire|must not employ|may not employ|must not hire|not to employ|"
        "prohibit* hiring|prohibited from employing|banned from employing|"
        "forbid* hiring|no employer may|ban on employing|barred from employing|"
        "forbidden to employ|bans hiring|banned…hiring|prohibit*…employment of",
        "ko": "고용을 금지|고용 금지|채용을 금지|채용 금지|고용하지 말|고용을 중단|"
        "고용할 수 없|채용할 수 없|고용해서는 안|채용하지 못|고용을 금|채용을 금|"
        "고용이 금지|고용하지 못",
        "zh": "禁止企业新雇|禁止雇用|禁止招用|不得雇用|不得招用|禁止聘用|禁止录用|禁止…雇|"
        "不得雇|不准雇|严禁雇|禁止…用工|禁止使用|不得聘用|不许雇|不得录用|严禁招|"
        "不得使用|禁止雇",
        "ja": "雇用を禁|雇用禁止|採用を禁|雇うことを禁|雇い入れを禁|雇用してはならない|"
        "雇わないよう|採用しないよう|雇ってはなら|雇用できな|採用を禁止|雇わせな|"
        "雇用が禁|雇用禁じ",
        "ru": "запрещает нанимать|запретил*…нанимать|запретил*…принимать на работу|"
        "запрет* нанимать|запрет* на наем|запрет* принимать на работу|запрет на найм|"
        "запрещ* нанимать|запрещено нанимать|запрещ* привлекать|запрет* привлекать|"
        "не вправе нанимать|не имеют права нанимать|запрещ* принимать|"
        "запрет* использовать труд",
    },
    "occupation-ban": {
        "en": "may no longer drive|banned from working as|barred from working as|"
        "barred from working in|may not work as|barred from…jobs|banned from…jobs|"
        "ban on working as|may not work in|prohibited from working|"
        "banned from working|forbidden to work|barred from working|"
        "not allowed to work|banned…from working|bars…from working|bar…from working",
        "ko": "업종 취업을 금지|취업을 금지|업종에서 일하지|취업을 제한|취업 금지|"
        "취업할 수 없|취업이 금지|취업을 불허",
        "zh": "禁止从事|不得从事|禁止…从事|不得…从事|禁止…就业|禁止打工|禁止务工|不准打工",
        "ja": "就業を禁|就労を禁|従事を禁|働くことを禁|就労禁止|就労を制限|就労が禁|就労を認めな",
        "ru": "запретил*…работать|запрет* работать|запрет* на работу|запретил* мигрантам|"
        "запрещ* работать|запрещено работать|запрещ* мигрантам|запрещ* иностранцам",
    },
    "closure-order": {
        "en": "told to shut down|ordered to close|must close|had to close|told to close|"
        "ordered to shut|to be closed within|close within|close down by|must shut|"
        "told to shut|ordered the closure|closure order*|ordered…to close|"
        "ordered…closed|orders…to close|be closed by",
        "ko": "폐쇄하라|폐업하라|문을 닫으라|폐업을 명|폐쇄를 명|폐업을 지시|폐업을 명시|"
        "폐쇄 명령|폐업 명령|문을 닫아야|문 닫으라|폐쇄하도록|폐쇄 조치|폐쇄를 지시|"
        "폐쇄하여야",
        "zh": "责令关闭|要求…关闭|必须关闭|须…关闭|限期关闭|全部关停|全部关闭|勒令停业|"
        "须…关停|勒令关闭|勒令…关闭|责令…关闭|查封|被要求关闭|限期停业|责令停业|取缔|"
        "勒令…停业|须关闭",
        "ja": "閉鎖するよう|閉店するよう|閉鎖を命じ|廃業を命じ|閉鎖を求め|営業停止を命|"
        "閉鎖命令|閉鎖を指示|閉店を命|閉めるよう|営業停止",
        "ru": "обязали закрыться|приказали закрыть|обязаны закрыться|велели закрыть|"
        "предписал* закрыть|потребова* закрыть|приказа* закрыть|предписа* закр*|"
        "обяза* закрыть|должн* закрыть",
    },
    "business-closure": {
        "en": "closed down|have closed|has closed|shut its doors|shut their doors|"
        "went out of business|will close|closed its doors|were shuttered|shuttered|"
        "ceased trading|closed for good|shut down|closing down|have shut|has shut|"
        "stopped trading|stopped operating|ceased operating|wound up|went bankrupt|"
        "suspended operations|halted operations|since closed|closing its doors|"
        "closes its doors|closed their doors|were closed|was closed|shut up shop|"
        "ceased operations",
        "ko": "문을 닫았|폐업했|영업을 중단|문 닫은|폐업|폐쇄|문을 닫|영업을 접|영업 중단|"
        "휴업|운영을 중단|가동을 중단|가동 중단|문닫|영업을 끝",
        "zh": "关门|停业|歇业|倒闭|关闭了|结业|关张|关了门|停止营业|关停|停产|停止运营|关店|"
        "结束营业|已关闭|相继关闭|被关闭|关了",
        "ja": "閉店|廃業|店を閉め|休業|営業をやめ|店じまい|閉鎖された|閉めた|閉まっ|閉じた|"
        "閉業|営業を終|操業を停止|操業停止|倒産|店を畳|閉店し|閉鎖し",
        "ru": "закрылись|закрылся|закрылась|закроются|прекратил* работу|закроется|"
        "закрыл* двери|закрылось|закрыли ресторан*|закрыли предприяти*|закрыл* завод*|"
        "закрыл* фабрик*|были закрыты|прекратил* деятельност*|остановил* работу|"
        "обанкротил*|закрыты",
    },
    "business-reopening": {
        "en": "reopened|reopens|re-opened|resumed business|reopen its doors|"
        "back in business|open again|opened again|resumed operations|resumed work|"
        "restarted operations|has reopened|have reopened",
        "ko": "영업을 재개|다시 문을 열|다시 문을 연|재개장|재개업|영업 재개|다시 영업|"
        "다시 문 열|가동을 재개|영업을 다시",
        "zh": "重新开业|恢复营业|重新营业|重新开张|重开|复工|复业|重新开门|恢复生产",
        "ja": "営業を再開|営業再開|再オープン|再開店|店を再開|操業を再開|営業を始め|店を開け直",
        "ru": "снова открыл*|вновь открыл*|возобновил* работу|открылся вновь|"
        "снова заработал*|возобнов* работу|возобновил* деятельност*|открыл* снова|"
        "открыл*…снова|заработал* снова",
    },
    "crackdown": {
        "en": "was picked up|were picked up|"
        "raid*|crackdown|rounded up|detained|arrested|round-up|police check*|swoop*|"
        "inspection*|sweep|rounding up|taken into custody|apprehended|nabbed|"
        "picked up by police|arrests",
        "ko": "들이닥쳐|들이닥친|들이닥쳤|압수했|압수수색|단속|급습|체포|검거|구금|불시 점검|"
        "적발|일제 점검|붙잡|연행|붙잡혔|구류|"
        "체포됐|단속됐|검거됐",
        "zh": "被捕|落网|"
        "突袭|抓获|突击检查|突击行动|搜捕|拘留|抓捕|查处|清查|逮捕|扣押了![^,。;]{0,10}[薪资照件]|拘捕|搜查|"
        "抓走|被抓|拘押|扣留![^,。;]{0,10}[薪资照件]|拘禁|缉捕|抓了|查获|收押",
        "ja": "捜索|拘束|摘発|逮捕|取り締まり|一斉検査|立ち入り|強制捜査|検挙|拘留|家宅捜索|"
        "連行|身柄を拘束|収容され",
        "ru": "облав*|рейд*|задержал*|задержан*|проверк*|арестовал*|спецопераци*|арест*|"
        "схватил*|поймал*|взят* под стражу|задержив*",
    },
    "visa-switch": {
        "en": "switched to|changed their visas|on student visas instead|under other papers|"
        "swap* visas",
        "ko": "비자로 바꿔|비자로 전환|비자를 바꿔",
        "zh": "改持|换成|改用|转为留学|改办",
        "ja": "ビザに切り替え|に切り替えた|切り替えて",
        "ru": "перешл* на|сменил* виз*|переоформил*|по студенческим визам",
    },
    "easing": {
        "en": "scrapped|eased|lifted|relaxed|loosened|abolished",
        "ko": "완화|규제를 풀|제한을 풀|폐지했",
        "zh": "放宽|取消了…限制|取消了…禁令|取消了…规定|取消了…要求|取消了…限额|放松|废除",
        "ja": "緩和|撤廃|廃止した",
        "ru": "смягчил*|отменил*|ослабил*|упростил*",
    },
    "import-detention": {
        "en": "detained…shipments|detained…goods|detained shipments|seized…shipments|"
        "withhold release order|detention of goods",
        "ko": "화물을 압류|통관을 보류|수입을 보류",
        "zh": "扣押货物|扣留货物|暂扣货物",
        "ja": "貨物を差し止|輸入を差し止|貨物を押収",
        "ru": "задержал* груз*|арестовал* груз*|конфисковал* товар*",
    },
    "sanctions-designation": {
        "en": "sanctioned|blacklisted|added to its sanctions list|"
        "placed on the sanctions list|designated…under",
        "ko": "제재 명단에|제재 대상에|제재 대상으로 지정|제재했다",
        "zh": "列入制裁名单|实施制裁|制裁名单",
        "ja": "制裁対象に|制裁リストに|制裁を科し",
        "ru": "внес* в санкционн*|ввел* санкции|попал* под санкции",
    },
    "agency-licence": {
        "en": "licence was suspended|license was suspended|suspended…licence*|"
        "revoked…licence*|lost…licence*|licen*…revoked|licen*…cancelled|"
        "lost its licence|lost their licence*|blacklisted|suspended…licen*|"
        "licen*…suspended",
        "ko": "면허를 정지|면허 정지|면허 취소|허가를 정지|영업정지|면허를 취소|허가 정지|"
        "등록을 취소|업무정지|면허가 취소|면허가 정지",
        "zh": "吊销执照|吊销牌照|暂停…执照|暂停…牌照|吊销…执照|吊销…牌照|取消…牌照|"
        "吊销…资质|暂停…资质|停业整顿",
        "ja": "免許を停止|免許を取り消|業務停止|登録を取り消|免許取り消|業務停止命令|免許停止",
        "ru": "приостановил* лицензи*|отозвал* лицензи*|лишил* лицензи*|"
        "лицензи* приостанов*|лишил*…лицензи*|лицензи*…отозва*|отозва*…лицензи*|"
        "аннулир*…лицензи*",
    },
    "status-restriction": {
        "en": "can't open…accounts|may not open…accounts|banned from driving|may not drive|"
        "cannot drive",
        "ko": "계좌를 개설할 수 없|운전을 금지",
        "zh": "限制银行业务|不得开户|不得驾驶",
        "ja": "口座を開設できな|運転を禁",
        "ru": "запрещено водить|запрещено открывать счета|запретили водить",
    },
    "legal-instrument": {
        "en": "resolution was adopted|adopted a resolution",
        "ko": "만장일치로 채택|결의를 채택|결의안을 채택",
        "zh": "通过决议|通过了决议",
        "ja": "決議を採択",
        "ru": "принял* резолюци*",
    },
    "state-agreement": {
        "en": "signed a memorandum|signed an agreement|memorandum of understanding|"
        "signed a protocol|signed a labour agreement",
        "ko": "양해각서를 체결|협정을 체결|협정에 서명|양해각서에 서명",
        "zh": "签署协议|签署备忘录|签署议定书|签订协议",
        "ja": "覚書を交わ|覚書に署名|協定に署名|協定を結",
        "ru": "подписал* соглашени*|подписал* меморандум*|подписал* протокол*",
    },
    "warning": {
        "en": "warned employers|warned firms|warned agencies|cautioned employers",
        "ko": "업체들에 경고|고용주들에게 경고",
        "zh": "警告雇主|警告企业",
        "ja": "雇用主に警告|企業に警告",
        "ru": "предупредил* работодател*",
    },
}
