"""Words for types of events in five languages; of words that overlap the longest is taken."""

from app.desk.reading.words import Table

ACTIONS: Table = {
    "repatriation": {
        "en": "were sent home|was sent home|returned by|returned on|have returned|"
        "had returned|flown home|returned to the north|returned to north "
        "korea|returned home|return home|go home|went home|gone home|going "
        "home|have left|has left|had left|left for home|repatriat*|sent "
        "home|returns|come back|"
        "came back|boarding buses|boarded buses|leaving for the bridge|"
        "flew home|headed home|departed for|sail home|been sent back|were "
        "sent back|back home",
        "ko": "귀국|귀환|본국으로 돌아|송환|출국|떠난|떠났|귀국길|돌아갔|돌아간|철수했|빠져나갔",
        "zh": "回国|归国|返回国内|遣返|遣送|离境|返国|返朝|登上大巴|离开|撤走|"
        "撤离|离去|回到朝鲜|送还|送回",
        "ja": "帰国|帰った|帰還|送還|出国|離れた|乗り込んだ|引き揚げた|帰途|去った|"
        "戻された|本国に戻",
        "ru": "уехал*|вернул* домой|вернулись|вернуть|репатри*|выехал*|вывезл*|"
        "отправил* домой|возвращени*|убыл*|покинул* страну|отбыл*|вернул*",
    },
    "departure-order": {
        "en": "must go home|must leave…|ordered to leave|told to leave|to be "
        "gone by|ordered out|asked to leave|must be gone",
        "ko": "귀국하라|철수하라|떠나라|전원 철수|출국하라|나가라고|돌려보내라",
        "zh": "限期离境|要求…回国|责令离境|全部回国|必须离境|要求…离开",
        "ja": "帰国するよう|帰国を命じ|帰国を求め|退去を求め|出国を命じ|帰国させるよう",
        "ru": "покинуть|потребовал*…уехать|велели уехать|обязали выехать|должны "
        "уехать|потребовал*…покинули|покинули",
    },
    "sending-home": {
        "en": "sends workers home|sent them home|sending home",
        "ko": "돌려보냈|돌려보내도록|돌려보내기로",
        "zh": "送回国",
        "ja": "送り返した",
        "ru": "отправить домой",
    },
    "deportation": {
        "en": "deport*|expelled|expulsion*|forcibly returned|kicked out|forced return*|refoul*",
        "ko": "추방|강제 북송|강제북송|강제 송환|강제송환|강제 출국|강제퇴거",
        "zh": "驱逐|强制遣返|遣送出境|递解出境|强行遣返|驅逐|强遣",
        "ja": "国外追放|強制送還|強制退去|国外退去|追放",
        "ru": "депорт*|выдвор*|высла*|выслан*|высыла*|принудительно вернул*|принудительн* возвращ*",
    },
    "dispatch": {
        "en": "arrive|arrived|arrives|arrivals|arriving|entered|came in|have "
        "come|were sent to|were sent abroad|dispatched|deployed|hired|took "
        "on|has hired|landed",
        "ko": "도착|입국|들어왔|들어온|들어간다|들어오고|파견|고용했|채용|새로 "
        "고용|송출|유입|투입됐",
        "zh": "抵达|入境|进入|派遣|招用|招聘|招收|来到|派出|输送|到岗|新雇|雇入|到达|派来",
        "ja": "到着|入国|派遣|新たに雇|入った|送り込|受け入れた|雇い入れ|来日|送られ",
        "ru": "прибыл*|прибудет|прибудут|прибыва*|въехал*|въезж*|направил*|наняли|"
        "приехал*|привезл*|"
        "завезл*|прибыти*|принял* на работу",
    },
    "dispatch-plan": {
        "en": "plans to bring in|plans to send|plans to hire|plans to take|plans "
        "to employ|will hire|to be sent|wants "
        "to hire|intends to recruit|plan to send|will send|is to send|to "
        "bring in",
        "ko": "들여올 계획|보낼 것|파견할 계획|보낼 계획|파견할 예정|보낼 예정|"
        "들여올 예정|파견하기로|보내기로|데려올|유치할 계획",
        "zh": "计划…引进|计划…派遣|拟派|拟引进|将派遣|将引进|引进|将…派遣|计划派",
        "ja": "受け入れる計画|派遣する計画|送る計画|派遣する予定|新たに派遣|派遣される|"
        "送られる見通し|受け入れる方針|送る予定",
        "ru": "планиру* привлеч*|планиру* направ*|направить|отправят|собира* "
        "отправить|намерен* привлеч*|хотят завезти|готов* отправить|привлечь",
    },
    "stay-limit": {
        "en": "stay*…limited|limit* how long|limits on stays|stays…cut|shortened "
        "stays|cut the length of stay*|was limited to|limited to a",
        "ko": "체류 기간이…제한|체류기간 제한|체류 기간을 제한|체류를 제한|체류 "
        "기간이…줄었|체류 기간을 줄|체류 기간이…단축",
        "zh": "停留时间被限制|停留期限|限制停留|缩短停留|逗留期缩短|停留期缩短|缩短居留",
        "ja": "滞在が…制限|滞在期間を制限|滞在を…制限|滞在が…短縮|滞在期間が…短縮|"
        "しか滞在を認めない|滞在しか認めない",
        "ru": "срок* пребывания ограничил*|ограничил* срок*|сократил* срок* пребывания|"
        "срок* сократят|срок* пребывания сокра*",
    },
    "visa-nonrenewal": {
        "en": "not renewed|refused to renew|declined to renew|not been renewed|"
        "refuse to extend|refused to extend|no longer renewed|no longer "
        "extended|denied extensions|will not renew",
        "ko": "비자 연장을 거부|연장을 거부|갱신을 거부|연장해 주지|연장되지|"
        "갱신되지|연장을 불허|비자 연장을 중단|연장 불허",
        "zh": "拒绝延长签证|拒绝续签|不予续签|不再续签|不予延期|签证不获延长|拒绝延期|停止续签",
        "ja": "ビザの延長を拒|延長を拒|更新を認め|更新を拒|延長を認め|更新され|延長に応じ",
        "ru": "отказал* продл*|не продлил*|отказал* в продлени*|не продлева*|"
        "перестали продлевать|отказ* в продлени*",
    },
    "visa-issuance-stop": {
        "en": "stop* issuing|stopped…visas|no longer issue*|suspended…visas|"
        "halted…visas|no new visas|ceased issuing|stopped giving",
        "ko": "비자 발급을…중단|발급을…중단|발급 중단|비자를 내주지|발급을 멈|"
        "발급을 거부|사증 발급을 중단|발급을 중지",
        "zh": "停止发放签证|停发|不再签发|停止签发|暂停签发|停止发放|暂停发放|不再发放|停止办理",
        "ja": "発給を停止|発給停止|発給を止め|ビザ発給を停止|発給を中止|発給を拒否|発給を取りやめ",
        "ru": "прекра* выдач*|не выда* виз*|останов* выдач*|приостанов* выдач*|перестал* выдавать",
    },
    "permit-revocation": {
        "en": "revok*|withdrew…permits|cancelled…permits|permits were cancelled|rescinded",
        "ko": "허가를 취소|허가 취소|비자를 취소|비자 취소|허가를 철회",
        "zh": "吊销|撤销许可|注销许可|吊銷|撤销",
        "ja": "許可を取り消|取り消した|取り消され|失効させ",
        "ru": "аннулир*|отозвал* разрешени*|лишил* разрешени*",
    },
    "entry-restriction": {
        "en": "turned away|barred from entering|refused entry|denied entry|entry "
        "ban|banned from entering|not allowed in",
        "ko": "입국을 금지|입국 금지|입국을 거부|입국이 거부|입국 불허|입국을 불허|입국 거부",
        "zh": "禁止入境|拒绝入境|拒绝…入境|不准入境|拒之门外|被拒入境",
        "ja": "入国を拒|入国を禁|入国禁止|入国拒否|入国を認め",
        "ru": "запрет* въезд*|не пустил*|отказал* во въезд*|запрет на въезд",
    },
    "exit-ban": {
        "en": "exit ban|not allowed to leave|barred from leaving|travel ban",
        "ko": "출국금지|출국을 금지|출국 금지",
        "zh": "限制出境|禁止出境|限制離境|不准离境",
        "ja": "出国を禁|出国禁止",
        "ru": "запрет* на выезд|запрет* выезд*|не выпуска*",
    },
    "hiring-ban": {
        "en": "bars firms from hiring|ban on hiring|banned from hiring|not to "
        "hire|forbidden to hire|barred from hiring|stop hiring|prohibited "
        "from hiring|may not hire|must not employ",
        "ko": "고용을 금지|고용 금지|채용을 금지|채용 금지|고용하지 말|고용을 중단",
        "zh": "禁止企业新雇|禁止雇用|禁止招用|不得雇用|不得招用|禁止聘用|禁止录用|禁止…雇",
        "ja": "雇用を禁|雇用禁止|採用を禁|雇うことを禁|雇い入れを禁|雇用してはならない|"
        "雇わないよう|採用しないよう",
        "ru": "запрещает нанимать|запретил*…нанимать|запретил*…принимать на "
        "работу|запрет* нанимать|запрет* на наем|запрет* принимать на работу|"
        "запрет на найм",
    },
    "occupation-ban": {
        "en": "may no longer drive|banned from working as|barred from working "
        "as|barred from working in|may not work as",
        "ko": "업종 취업을 금지|취업을 금지|업종에서 일하지",
        "zh": "禁止从事|不得从事",
        "ja": "就業を禁|就労を禁|従事を禁",
        "ru": "запретил*…работать|запрет* работать|запрет* на работу|запретил* мигрантам",
    },
    "closure-order": {
        "en": "told to shut down|ordered to close|must close|had to close|told "
        "to close|ordered to shut|to be closed within|close within|close "
        "down by",
        "ko": "폐쇄하라|폐업하라|문을 닫으라|폐업을 명|폐쇄를 명|폐업을 지시|폐업을 명시",
        "zh": "责令关闭|要求…关闭|必须关闭|须…关闭|限期关闭|全部关停|全部关闭|勒令停业|须…关停",
        "ja": "閉鎖するよう|閉店するよう|閉鎖を命じ|廃業を命じ|閉鎖を求め|営業停止を命",
        "ru": "обязали закрыться|приказали закрыть|обязаны закрыться|велели закрыть|"
        "предписал* закрыть",
    },
    "business-closure": {
        "en": "closed down|have closed|has closed|shut its doors|shut their doors|"
        "went out of business|will close|closed its doors|were shuttered|"
        "shuttered|ceased trading|closed for good",
        "ko": "문을 닫았|폐업했|영업을 중단|문 닫은|폐업|폐쇄",
        "zh": "关门|停业|歇业|倒闭|关闭了|结业|关张",
        "ja": "閉店|廃業|店を閉め|休業|営業をやめ|店じまい|閉鎖された",
        "ru": "закрылись|закрылся|закрылась|закроются|прекратил* работу|закроется|закрыл* двери",
    },
    "business-reopening": {
        "en": "reopened|reopens|re-opened|resumed business|reopen its doors|back in business",
        "ko": "영업을 재개|다시 문을 열|다시 문을 연|재개장|재개업|영업 재개",
        "zh": "重新开业|恢复营业|重新营业|重新开张|重开",
        "ja": "営業を再開|営業再開|再オープン|再開店|店を再開",
        "ru": "снова открыл*|вновь открыл*|возобновил* работу|открылся вновь|снова заработал*",
    },
    "border-closure": {
        "en": "border…closed|closed the border|sealed the border|border closure|"
        "shut the border|closed its border*|sealed its border*|border was "
        "shut",
        "ko": "국경이 봉쇄|국경을 봉쇄|국경 봉쇄|국경을 닫|국경이 닫|닫힌",
        "zh": "边境…关闭|关闭边境|封锁边境|封关|关闭口岸|口岸关闭|邊境關閉",
        "ja": "国境が閉鎖|国境を閉鎖|国境封鎖|国境を封鎖|国境閉鎖|国境が封鎖",
        "ru": "граница закрыта|закрыл* границ*|закрыти* границ*|границ* закры*",
    },
    "border-reopening": {
        "en": "border…reopen*|reopen the border|border reopening|crossing…reopen|"
        "reopened the border|border will open|border opens",
        "ko": "국경이 열|국경을 열|국경 개방|국경이…열릴|국경이…다시 열|국경 "
        "재개방|언제 열릴지|국경을 다시 열",
        "zh": "重新开放边境|边境重开|边境重新开放|重开边境|恢复通关|口岸重开|重新通关",
        "ja": "国境を再開|国境が再開|国境再開|国境を開|国境開放",
        "ru": "границ* откр*|откр* границ*|открыти* границ*",
    },
    "movement-restriction": {
        "en": "confined to|may not leave the|not allowed outside|locked in|barred "
        "from leaving the dormitory|kept inside|confiscated…passports|"
        "passports were taken|curfew",
        "ko": "숙소 밖으로 나가지|외출을 금지|외출 금지|이동을 제한|격리됐|통행을 "
        "제한|외출이 금지|여권을 압수|여권을 회수",
        "zh": "禁止离开宿舍|不得外出|禁止外出|限制出行|不准外出|没收护照|扣押护照|收走护照",
        "ja": "宿舎から出ることを禁|外出を禁|外出禁止|移動を制限|旅券を取り上げ|"
        "パスポートを取り上げ|パスポート没収",
        "ru": "запретил* покидать|не выпуска* из общежит*|изымал*|изъял* паспорт*|"
        "отобрал* паспорт*|запрет* выходить|заперл*",
    },
    "stay-order": {
        "en": "must stay|told to stay|ordered to stay|instructed to remain|to "
        "stay on|must remain abroad",
        "ko": "남으라고|체류하라|잔류하라|남아 있으라",
        "zh": "继续留在|不得回国|留守",
        "ja": "残るよう|滞在を続けるよう|とどまるよう",
        "ru": "велели…оставаться|оставаться за границей|оставаться|приказали остаться",
    },
    "recall-by-home-state": {
        "en": "were recalled|was recalled|recalled its|recalled their|recalled "
        "workers|summoned|recall of|instructed to withdraw|ordered to return|"
        "called "
        "home|summoned home|pull out of|told to return|ordered back",
        "ko": "소환|철수시키|불러들|복귀하라|철수 지시|귀환 명령|귀국 지시",
        "zh": "撤回|召回|奉召回国|召返|调回",
        "ja": "撤収|引き揚げよ|引き揚げるよう|召還|呼び戻|全員引き揚げ",
        "ru": "отозвать|отозвал* персонал|отзыв*|отозвали|вызвал* домой",
    },
    "deployment-ban": {
        "en": "banned deployment|deployment ban|ban on sending|suspended the "
        "departure|halt* deployment|suspended…deployment|banned…from "
        "going|ban on deployment|suspended sending",
        "ko": "송출 금지|송출을 금지|파견을 금지|파견 금지|송출을 중단|인력 송출 중단|파견을 중단",
        "zh": "禁止派遣|禁止向…派遣|禁止向|暂停派遣|停止派遣|暂停输出|禁止劳务输出|暂停外派",
        "ja": "派遣を禁止|派遣の全面禁止|派遣の禁止|派遣禁止|送り出しを停止|派遣を停止|"
        "派遣を中断|送り出しを禁",
        "ru": "запретил* отправк*|запрет* на отправк*|приостановил* отправк*|"
        "запретил* выезд на работу|приостановил* набор|приостановил*",
    },
    "deployment-reopening": {
        "en": "lifted its ban|ban…lifted|lifted the ban|ban was lifted|lifts ban|lift the "
        "ban|resumed deployment",
        "ko": "송출 금지를 해제|금지를 해제|금지 조치를 해제|파견을 재개|송출을 재개",
        "zh": "解除禁令|解除…禁令|取消…禁令|恢复派遣|解禁",
        "ja": "派遣禁止を解除|禁止を…解除|禁止を解除|禁止措置を解|解禁|派遣を再開",
        "ru": "снял* запрет|отменил* запрет|сняти* запрет*|возобновил* отправк*",
    },
    "crackdown": {
        "en": "raid*|crackdown|rounded up|detained|arrested|round-up|police check*|"
        "swoop*|inspection*|sweep",
        "ko": "단속|급습|체포|검거|구금|불시 점검|적발|일제 점검|붙잡",
        "zh": "突袭|抓获|突击检查|突击行动|搜捕|拘留|抓捕|查处|清查|逮捕|扣押了|拘捕|搜查",
        "ja": "捜索|拘束|摘発|逮捕|取り締まり|一斉検査|立ち入り|強制捜査",
        "ru": "облав*|рейд*|задержал*|задержан*|проверк*|арестовал*|спецопераци*",
    },
    "worker-protest": {
        "en": "strike|strikes|went on strike|protest*|downed tools|stopped work|"
        "riot*|unrest broke out|walked out|refused to work|unrest",
        "ko": "파업|시위|폭동|소요|항의 시위|작업을 거부|작업 거부|집단행동|태업",
        "zh": "罢工|骚乱|抗议|怠工|暴动|示威|罷工|停工抗议",
        "ja": "ストライキ|暴動|抗議行動|就労を拒否|作業を拒否|デモ|職場放棄|騒乱",
        "ru": "забастовк*|бунт*|беспорядк*|протест*|бастова*|отказались работать|забастовал*",
    },
    "economic-distress": {
        "en": "unpaid wages|not been paid|wages were cut|without pay|no work|"
        "went unpaid|wage arrears|withheld wages|laid idle|owed…wages|"
        "paid nothing|wage cut*|back pay",
        "ko": "임금 체불|체불|일감이 없|임금을 받지 못|월급이 밀|밀려 있|일거리가 없|임금 삭감",
        "zh": "欠薪|拖欠工资|没领到工资|没有活干|停工|无工可做|停发工资|减薪|欠发工资",
        "ja": "賃金未払い|未払い|仕事がない|賃金を受け取っていない|賃金カット|"
        "給与の遅配|仕事もない",
        "ru": "невыплат*|не платили|не получал* зарплат*|долг* по зарплате|без "
        "зарплаты|задержк* зарплаты|без работы|задолженност*",
    },
    "contract-termination": {
        "en": "ended…contracts|contracts were ended|contract*…terminated|let "
        "contracts lapse|terminated…contracts|ended the contract*",
        "ko": "계약을 해지|계약 해지|돌려보낼 예정|돌려보낼|계약을 종료|계약 종료|계약을 파기",
        "zh": "终止合同|解除合同|解约|合同终止|提前终止",
        "ja": "契約を打ち切|契約解除|契約を終了|契約を解除",
        "ru": "расторг*|прекратил* контракт*|разорвал* контракт*|не продлил* контракт*",
    },
    "visa-switch": {
        "en": "switched to|changed their visas|on student visas instead|under "
        "other papers|swap* visas",
        "ko": "비자로 바꿔|비자로 전환|비자를 바꿔",
        "zh": "改持|换成|改用|转为留学|改办",
        "ja": "ビザに切り替え|に切り替えた|切り替えて",
        "ru": "перешл* на|сменил* виз*|переоформил*|по студенческим визам",
    },
    "easing": {
        "en": "scrapped|eased|lifted|relaxed|loosened|abolished",
        "ko": "완화|규제를 풀|제한을 풀|폐지했",
        "zh": "放宽|取消了|放松|废除",
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
        "en": "sanctioned|blacklisted|added to its sanctions list|placed on the "
        "sanctions list|designated…under",
        "ko": "제재 명단에|제재 대상에|제재 대상으로 지정|제재했다",
        "zh": "列入制裁名单|实施制裁|制裁名单",
        "ja": "制裁対象に|制裁リストに|制裁を科し",
        "ru": "внес* в санкционн*|ввел* санкции|попал* под санкции",
    },
    "agency-licence": {
        "en": "licence was suspended|license was suspended|suspended…licence*|"
        "revoked…licence*|lost…licence*",
        "ko": "면허를 정지|면허 정지|면허 취소|허가를 정지|영업정지",
        "zh": "吊销执照|吊销牌照|暂停…执照|暂停…牌照",
        "ja": "免許を停止|免許を取り消|業務停止",
        "ru": "приостановил* лицензи*|отозвал* лицензи*|лишил* лицензи*|лицензи* приостанов*",
    },
    "status-restriction": {
        "en": "can't open…accounts|may not open…accounts|banned from driving|"
        "may not drive|cannot drive",
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
