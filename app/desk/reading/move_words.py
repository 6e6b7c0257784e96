"""Words for people who come, go, stay, are on the way, kept or without work, in five languages."""

import re
from collections.abc import Mapping

from app.desk.reading.marks import Language
from app.desk.reading.words import Table

MOVES: Table = {
    "repatriation": {
        "en": "flew…home|flown…home|"
        "were sent home|was sent home|returned by|returned on|have returned|"
        "had returned|flown home|returned to the north|returned to north korea|"
        "returned home|return home|go home|went home|gone home|going home|have left|"
        "has left|had left|already left|since left|left for home|repatriat*|sent home|"
        "come back|came back|"
        "boarding buses|boarded buses|leaving for the bridge|flew home|headed home|"
        "departed for|sail home|been sent back|were sent back|back home|flew back|"
        "fly home|flying home|flew out|went back|gone back|going back|travelled home|"
        "traveled home|returning home|returned to their country|"
        "returned to their homeland|left the country|leave for home|headed back|"
        "brought home|came home|on their way home|returns",
        "ko": "귀국|귀환|본국으로 돌아|송환|출국|떠난|떠났|귀국길|돌아갔|돌아간|철수했|"
        "빠져나갔|돌아왔|돌아온|귀향|본국행|빠져나간|돌려보내졌|본국으로 보내|귀국했|"
        "출국했",
        "zh": "回国|归国|返回国内|遣返|遣送|离境|返国|返朝|登上大巴|离开|撤走|撤离|离去|"
        "回到朝鲜|送还|送回|返乡|启程回国|撤出|飞回|返回朝鲜|返回本国|返回祖国|"
        "回到祖国|回到本国|离华|离俄",
        "ja": "帰国|帰った|帰還|送還|出国|離れた|乗り込んだ|引き揚げた|帰途|去った|戻された|"
        "本国に戻|帰りま|帰っていっ|帰って行っ|帰郷|引き揚げ|祖国に戻|故郷に戻|国に戻|"
        "帰途に",
        "ru": "уехал*|вернул* домой|вернулись|вернуть|репатри*|выехал*|вывезл*|"
        "отправил* домой|возвращени*|убыл*|покинул* страну|отбыл*|вернул*|улетел*|"
        "улета*|вылетел*|возвратил*|вернувш*|разъехал*|уезжа*|возвраща* домой|"
        "возвраща* на родину|вернул* на родину|выезжа*",
    },
    "departure-order": {
        "en": "must go home|must leave…|ordered to leave|told to leave|to be gone by|"
        "ordered out|asked to leave|must be gone|must leave|have to leave|"
        "has to leave|had to leave|must depart|shall leave|required to leave|"
        "ordered home|ordered them to leave|leave the country by|told to go home|"
        "asked to go home|given…to leave|must…or leave|must…or go home|have to…or leave|"
        "had to…or leave|told to…or leave|either…or leave|either…or go home|"
        "deadline to leave|instructed to leave",
        "ko": "귀국하라|철수하라|떠나라|전원 철수|출국하라|나가라고|돌려보내라|출국해야|"
        "출국하여야|떠나야|귀국해야|철수해야|귀국하여야|출국 명령|출국명령|퇴거 명령|"
        "퇴거명령|나가야|아니면 떠나|아니면 출국|자진 출국하|출국을 명령|떠날 것을",
        "zh": "清退|要在…离境|要在…离开|需在…离境|需在…离开|要于…离境|限期离境|要求…回国|"
        "责令离境|全部回国|必须离境|要求…离开|应当离境|应离境|"
        "须离境|应当…离境|应…离境|须…离境|必须…离境|限…离境|勒令…离开|勒令离境|"
        "必须回国|须回国|要么…离境|要么…离开|要么…回国|或者…离境|责令…离|离境令|命令…离开|务必离境|必须离开|必须…离开|须离开",
        "ja": "帰国するよう|帰国を命じ|帰国を求め|退去を求め|出国を命じ|帰国させるよう|"
        "出国しなければ|退去しなければ|帰国しなければ|退去命令|出国命令|立ち退くよう|"
        "国外に出るよう|出国を命|退去を命|去らなければ",
        "ru": "покинуть|потребовал*…уехать|велели уехать|обязали выехать|должны уехать|"
        "потребовал*…покинули|покинули|должн* выехать|обязан* выехать|"
        "обязан* покинуть|должн* покинуть|надлежит покинуть|надлежит выехать|"
        "предписа* покинуть|предписа* выехать|приказа* выехать|приказа* покинуть|"
        "потребова* покинуть|должн* уехать|требу* покинуть|либо уехать|либо выехать|"
        "либо покинуть|или уехать|или выехать|или покинуть",
    },
    "sending-home": {
        "en": "sends workers home|sent them home|sending home|sent their workers home|"
        "send workers home|send them home|sent its workers home|send home…workers|"
        "sent home…workers|sends home…workers|send…workers home",
        "ko": "돌려보냈|돌려보내도록|돌려보내기로|돌려보낸",
        "zh": "送回国|送他们回国|送她们回国",
        "ja": "送り返した|帰国させた|送り返し",
        "ru": "отправить домой|отправить…домой|отправил* на родину|отправя* домой",
    },
    "deportation": {
        "en": "deport*|expelled|expulsion*|forcibly returned|kicked out|forced return*|"
        "refoul*|removed from the country|forcibly sent back|sent back by force|"
        "thrown out of|forcibly removed|forced out",
        "ko": "추방|강제 북송|강제북송|강제 송환|강제송환|강제 출국|강제퇴거|쫓겨|"
        "강제로 돌려보|강제귀국|강제 귀국",
        "zh": "驱逐|强制遣返|遣送出境|递解出境|强行遣返|驅逐|强遣|逐出|遣送回|强制离境|驱离|"
        "强制出境",
        "ja": "国外追放|強制送還|強制退去|国外退去|追放|送り返され|強制的に帰国|国外に退去|"
        "強制帰国",
        "ru": "депорт*|выдвор*|высла*|выслан*|высыла*|принудительно вернул*|"
        "принудительн* возвращ*|изгна*|выдворя*",
    },
    "dispatch": {
        "en": "arrive|arrived|arrives|arrivals|arriving|entered|came in|have come|"
        "were sent to|were sent abroad|dispatched|deployed|hired|took on|has hired|"
        "landed|flew in|were brought in|was brought in|brought in|have been sent|"
        "recruited|taken on|came to work|went abroad to work|were flown in|"
        "sent to work|sends…workers to|sent…workers to",
        "ko": "도착|입국|들어왔|들어온|들어간다|들어오고|파견|고용했|채용|새로 고용|송출|"
        "유입|투입됐|건너왔|도착했|데려왔|데려온|채용했|고용하기 시작|파견됐|파견했|"
        "입국했|파견한|받아들였",
        "zh": "抵达|入境|进入|派遣|招用|招聘|招收|来到|派出|输送|到岗|新雇|雇入|到达|派来|"
        "派往|外派|运抵|接收了|雇了|招收了|新招|招来|抵埠|入境了",
        "ja": "到着|入国|派遣|新たに雇|入った|送り込|受け入れた|雇い入れ|来日|送られ|着いた|"
        "迎え入れ|やって来|やってき|送り出さ|雇用した|雇い始め|採用し|派遣さ|到着し|"
        "入国し",
        "ru": "прибыл*|прибудет|прибудут|прибыва*|въехал*|въезж*|направил*|наняли|приехал*|"
        "привезл*|завезл*|прибыти*|принял* на работу|прилетел*|прилета*|приехавш*|"
        "прибывш*|завез*|ввезл*|нанял*|привлекл*|отправил* на работу|приезжа*|прибыв*",
    },
    "dispatch-plan": {
        "en": "plans to bring in|plans to send|plans to hire|plans to take|plans to employ|"
        "will hire|to be sent|wants to hire|intends to recruit|plan to send|will send|"
        "is to send|to bring in|plan to bring|plans to bring|plans to recruit|"
        "will be sent|will arrive|will bring in|would send|expects to send|"
        "intends to send|intends to hire|aims to hire|is to bring in|set to arrive|"
        "due to arrive|planning to hire|planning to send|planning to bring|"
        "agreed to send|will take on|hopes to recruit|hopes to hire|wants to bring in|"
        "will recruit|expected to arrive|expected to come|expected to be sent|"
        "expected to be dispatched|expected to enter",
        "ko": "들여올 계획|보낼 것|파견할 계획|보낼 계획|파견할 예정|보낼 예정|들여올 예정|"
        "파견하기로|보내기로|데려올|유치할 계획|받아들일|데려오기로|채용할 계획|"
        "고용할 계획|입국할 예정|도착할 예정|들어올 예정|파견될|투입할 계획|충원할|"
        "유치하기로|모집할|받기로|입국할|고용하기로",
        "zh": "计划…引进|计划…派遣|拟派|拟引进|将派遣|将引进|引进|将…派遣|计划派|拟招|拟雇|"
        "将招|将雇|计划…雇|计划…招|将…抵达|将接收|打算…招|有意…引进|准备…派|将派出|"
        "计划…接收|将…入境|将有…抵达|拟…引进|计划招",
        "ja": "受け入れる計画|派遣する計画|送る計画|派遣する予定|新たに派遣|派遣される|"
        "送られる見通し|受け入れる方針|送る予定|迎える計画|雇う計画|雇用する計画|"
        "招く計画|採用する計画|派遣する方針|派遣を計画|受け入れる予定|受け入れを計画|"
        "来る予定|到着する予定|入国する予定|送り込む計画|迎える予定",
        "ru": "планиру* привлеч*|планиру* направ*|направить|отправят|собира* отправить|"
        "намерен* привлеч*|хотят завезти|готов* отправить|привлечь|планиру* нанять|"
        "планиру* принять|намерен* нанять|собира* нанять|хот* нанять|хочет нанять|"
        "приедут|прилетят|завезут|нанять|будут направлен*|ожида* прибыти*|"
        "планиру* завезти|набрать",
    },
    "stay-order": {
        "en": "must stay|told to stay|ordered to stay|instructed to remain|to stay on|"
        "must remain abroad|told to remain|ordered to remain|ordered to stay put|"
        "must remain|stay on abroad",
        "ko": "남으라고|체류하라|잔류하라|남아 있으라|남아야|잔류하도록|체류하도록|귀국하지 말",
        "zh": "继续留在|不得回国|留守|留下继续|继续滞留|原地待命|暂不回国",
        "ja": "残るよう|滞在を続けるよう|とどまるよう|残留するよう|現地にとどま|帰国しないよう",
        "ru": "велели…оставаться|оставаться за границей|оставаться|приказали остаться|"
        "приказа* остаться|велен* остаться|приказа* не возвращаться",
    },
    "recall-by-home-state": {
        "en": "were recalled|was recalled|recalled its|recalled their|recalled workers|"
        "summoned|recall of|instructed to withdraw|ordered to return|called home|"
        "summoned home|pull out of|told to return|ordered back|ordered…to return|"
        "ordered…home|ordered to come home|called back",
        "ko": "소환|철수시키|불러들|복귀하라|철수 지시|귀환 명령|귀국 지시|복귀 명령|소환령|"
        "철수 명령|철수를 지시|귀환을 지시|불러들이|소환장|철수하도록",
        "zh": "撤回|召回|奉召回国|召返|调回|奉命回国|下令…撤回|下令…回国|召…回国|撤回令",
        "ja": "撤収|引き揚げよ|引き揚げるよう|召還|呼び戻|全員引き揚げ|帰還命令|撤収を命|"
        "帰国を指示|呼び戻し|撤収を指示",
        "ru": "отозвать|отозвал* персонал|отзыв*|отозвали|вызвал* домой|отзыва* рабочих|"
        "отозван*|приказ* вернуться|велен* вернуться|приказ о возвращении",
    },
    "deployment-ban": {
        "en": "suspended labour exports|suspended labor exports|halted labour exports|"
        "banned deployment|deployment ban|ban on sending|suspended the departure|"
        "halt* deployment|suspended…deployment|banned…from going|ban on deployment|"
        "suspended sending|suspend*…deployment|deployment…suspended|stop* sending|"
        "ban*…from working in|banned its citizens|banned its nationals|"
        "bar*…from going|moratorium on…deployment|ban on workers going|"
        "prohibit*…deployment|deployment…halted|stopped…from going|"
        "ban on travel for work",
        "ko": "송출 금지|송출을 금지|파견을 금지|파견 금지|송출을 중단|인력 송출 중단|"
        "파견을 중단|송출을 잠정|송출을 전면|송출 중지|송출을 중지|파견 중단|"
        "파견을 중지|해외 취업을 금지|송출이 중단|송출 중단|파견을 잠정|"
        "출국을 허용하지|인력 송출을 금",
        "zh": "禁止派遣|禁止向…派遣|禁止向|暂停派遣|停止派遣|暂停输出|禁止劳务输出|暂停外派|"
        "暂停…劳务|停止…劳务|禁止…前往|暂停向|停止向|禁止输出|停止输出|暂停…输出|"
        "暂停派|停派|禁止…务工|停止外派",
        "ja": "派遣を禁止|派遣の全面禁止|派遣の禁止|派遣禁止|送り出しを停止|派遣を停止|"
        "派遣を中断|送り出しを禁|送り出しを中|派遣を見合わせ|渡航を禁|出稼ぎを禁|"
        "送り出し停止|派遣停止|送り出しを一時|派遣を一時|送り出しを見合わせ",
        "ru": "запретил* отправк*|запрет* на отправк*|приостановил* отправк*|"
        "запретил* выезд на работу|приостановил* набор|приостан* отправк*|"
        "приостан* выезд*|запрет* отправ*|остановил* отправк*|прекратил* отправк*|"
        "мораторий на отправк*|запрет* выезжать на работу|запрет* гражданам выезжать|"
        "приостан* направлени*",
    },
    "deployment-reopening": {
        "en": "lifted its ban|ban…lifted|lifted the ban|ban was lifted|lifts ban|"
        "lift the ban|resumed deployment|lifted…ban|lifting of the ban|"
        "resume* sending|resume* deployment|ended its ban|ends ban|"
        "reopened…deployment",
        "ko": "송출 금지를 해제|금지를 해제|금지 조치를 해제|파견을 재개|송출을 재개|"
        "송출 재개|파견 재개|금지가 해제|금지를 풀|송출을 다시",
        "zh": "恢复向…派遣|恢复…派遣|"
        "解除禁令|解除…禁令|取消…禁令|恢复派遣|解禁|解除…派遣|重启派遣|恢复…输出|"
        "恢复向|恢复劳务|重新派遣|恢复外派",
        "ja": "派遣禁止を解除|禁止を…解除|禁止を解除|禁止措置を解|解禁|派遣を再開|派遣再開|"
        "送り出しを再開|渡航禁止を解除|送り出しを解禁|派遣を再び",
        "ru": "снял* запрет|отменил* запрет|сняти* запрет*|возобновил* отправк*|снят запрет|"
        "снима* запрет|отмен* запрет|возобнов* отправк*|сня* запрет",
    },
    "movement-restriction": {
        "en": "confined to|may not leave the|not allowed outside|locked in|"
        "barred from leaving the dormitory|kept inside|confiscated…passports|"
        "passports were taken|curfew|passports…taken|passports…confiscated|"
        "took…passports|passport…taken|seized…passports|held…passports|"
        "withheld…passports|kept…passports|locked up|locked inside|not let out|"
        "kept under guard|barred from going out|not allowed to go out|"
        "not allowed to leave the|forbidden to leave the|confiscated…passport|"
        "confiscat*…documents|collected…passports|confined…to their",
        "ko": "숙소 밖으로 나가지|외출을 금지|외출 금지|이동을 제한|격리됐|통행을 제한|"
        "외출이 금지|여권을 압수|여권을 회수|여권을 빼앗|여권을 뺏|여권 압수|"
        "여권을 가져갔|외출하지 못|밖에 나가지 못|감금|외출을 통제|이동이 제한|"
        "여권을 압류|여권이 압수|외출을 제한|여권을 몰수|여권…회수|여권…거둬|외출…금지",
        "zh": "禁止离开宿舍|不得外出|禁止外出|限制出行|不准外出|扣押…护照|扣留…护照|"
        "扣下…护照|收走…护照|没收…护照|收缴…护照|没收护照|扣押护照|收走护照|"
        "扣留护照|没收…护照|扣压护照|护照…没收|护照…扣|护照被|软禁|不让出门|禁足|"
        "不许外出|限制外出|限制人身自由|收缴护照",
        "ja": "宿舎から出ることを禁|外出を禁|外出禁止|移動を制限|旅券を取り上げ|"
        "パスポートを取り上げ|パスポート没収|旅券を没収|パスポートを没収|外出できな|"
        "外出を制限|監禁|パスポートを奪|旅券を奪|パスポートを取られ|外出が禁|"
        "パスポートの没収|旅券…回収|パスポート…回収",
        "ru": "запретил* покидать|не выпуска* из общежит*|изымал*|изъял* паспорт*|"
        "отобрал* паспорт*|запрет* выходить|заперл*|отобра*…паспорт*|отнял*…паспорт*|"
        "забра*…паспорт*|паспорт*…забра*|паспорт*…отобра*|паспорт*…изъя*|"
        "удержива*…паспорт*|запрещ* выходить|держ* взаперти|запира*|изъял*|"
        "изъят* паспорт*|изыма*",
    },
    "exit-ban": {
        "en": "exit ban|not allowed to leave|barred from leaving|travel ban|"
        "forbidden to leave the country|barred from leaving the country",
        "ko": "출국금지|출국을 금지|출국 금지|출국을 막|출국이 금지",
        "zh": "限制出境|禁止出境|限制離境|不准离境|禁止…出境|不许出境|限制…出境",
        "ja": "出国を禁|出国禁止|出国を認めな|出国を禁止",
        "ru": "запрет* на выезд|запрет* выезд*|не выпуска*|не выпустил*|запрет* выезжать",
    },
    "entry-restriction": {
        "en": "turned away|barred from entering|refused entry|denied entry|entry ban|"
        "banned from entering|not allowed in|turned back at|not let in|"
        "entry was refused|kept out|stopped at the border|barred entry|turned…away",
        "ko": "입국을 금지|입국 금지|입국을 거부|입국이 거부|입국 불허|입국을 불허|"
        "입국 거부|입국이 금지|되돌려 보냈|입국하지 못|입국이 불허|입국을 막",
        "zh": "禁止入境|拒绝入境|拒绝…入境|不准入境|拒之门外|被拒入境|拒入境|禁止…入境|"
        "不许入境|不允许入境|劝返|限制入境|不让入境",
        "ja": "入国を拒|入国を禁|入国禁止|入国拒否|入国を認めな|入国を認めず|"
        "入国を認めていな|入国させな|入国できな|追い返|"
        "入国を制限",
        "ru": "запрет* въезд*|не пустил*|отказал* во въезд*|запрет на въезд|не впустил*|"
        "запрещен* въезд|закры* въезд|въезд…запре*|отказ* во въезде|не пуска*",
    },
    "border-closure": {
        "en": "border…closed|closed the border|sealed the border|border closure|"
        "shut the border|closed its border*|sealed its border*|border was shut|"
        "border is closed|border has been closed|borders closed|crossing…closed|"
        "crossing…shut|sealed off|closing the border|border shut|borders were closed|"
        "closed its crossing*|closing of the border",
        "ko": "국경이 봉쇄|국경을 봉쇄|국경 봉쇄|국경을 닫|국경이 닫|닫힌|국경이 폐쇄|"
        "국경을 폐쇄|국경 폐쇄|세관이 닫|통관이 중단|국경이 막",
        "zh": "边境…关闭|关闭边境|封锁边境|封关|关闭口岸|口岸关闭|邊境關閉|封闭边境|"
        "边境封闭|封境|闭关|关闭了口岸|封锁了边境|边境封锁",
        "ja": "国境が閉鎖|国境を閉鎖|国境封鎖|国境を封鎖|国境閉鎖|国境が封鎖|国境を閉|"
        "国境が閉|国境閉|往来を停止|税関が閉",
        "ru": "граница закрыта|закрыл* границ*|закрыти* границ*|границ* закры*|"
        "перекры* границ*|погранпереход* закры*|закры*…погранпереход*|границ*…закры*",
    },
    "border-reopening": {
        "en": "border…reopen*|reopen the border|border reopening|crossing…reopen|"
        "reopened the border|border will open|border opens|opened the border|"
        "opening of the border|reopening of the border|borders reopen*|reopens…border|"
        "reopen*…crossing*|border reopens",
        "ko": "국경이 열|국경을 열|국경 개방|국경이…열릴|국경이…다시 열|국경 재개방|"
        "언제 열릴지|국경을 다시 열|국경이 다시|국경이 개방|국경을 개방|통관 재개|"
        "국경이 재개|국경을 재개",
        "zh": "重新开放边境|边境重开|边境重新开放|重开边境|恢复通关|口岸重开|重新通关|"
        "开放边境|边境开放|口岸恢复|重开口岸|恢复口岸|开放口岸",
        "ja": "国境を再開|国境が再開|国境再開|国境を開|国境開放|往来を再開|往来再開|"
        "国境が開|国境を再び",
        "ru": "границ* откр*|откр* границ*|открыти* границ*|возобнов*…движени*…границ*|"
        "откро* границ*",
    },
    "worker-protest": {
        "en": "strike|strikes|went on strike|protest*|downed tools|stopped work|riot*|"
        "unrest broke out|walked out|refused to work|unrest|stoppage*|walkout|"
        "demonstrat*|sit-in|laid down tools|work stoppage|rioted",
        "ko": "파업|시위|폭동|소요|항의 시위|작업을 거부|작업 거부|집단행동|태업|농성|"
        "집단 항의|항의 집회|집단 파업|들고일어",
        "zh": "罢工|骚乱|抗议|怠工|暴动|示威|罷工|停工抗议|闹事|抗争|集体抗议|静坐",
        "ja": "ストライキ|暴動|抗議行動|就労を拒否|作業を拒否|デモ|職場放棄|騒乱|座り込み|"
        "抗議デモ|抗議集会|蜂起",
        "ru": "забастовк*|бунт*|беспорядк*|протест*|бастова*|отказались работать|"
        "забастовал*|митинг*|взбунтовал*|стачк*|забастов*",
    },
    "economic-distress": {
        "en": "unpaid wages|not been paid|wages were cut|without pay|no work|went unpaid|"
        "wage arrears|withheld wages|laid idle|owed…wages|paid nothing|wage cut*|"
        "back pay|withheld…wages|withheld…pay|withheld…salar*|wages…unpaid|"
        "haven't been paid|had not been paid|nobody paid|did not pay|unpaid salar*|"
        "salaries…unpaid|no wages|never paid|wages were withheld|have not been paid|"
        "without wages|out of work|were not paid|not paid for",
        "ko": "임금 체불|체불|일감이 없|임금을 받지 못|월급이 밀|밀려 있|일거리가 없|"
        "임금 삭감|임금을 못|월급을 못|임금이 밀|임금을 체불|체불됐|임금을 주지|"
        "월급을 주지|급여를 받지|임금을 지급하지|일감이 끊|일자리를 잃|임금을 떼|"
        "월급을 받지",
        "zh": "扣留…工资|扣押…工资|扣下…工资|扣留…薪|欠薪|拖欠工资|没领到工资|没有活干|停工|"
        "无工可做|停发工资|减薪|欠发工资|"
        "拖欠…工资|工资被拖欠|克扣工资|工资未发|发不出工资|没拿到工资|没发工资|"
        "未支付工资|失业|拖欠薪水|扣发工资|拖欠…薪|讨薪|欠发|停发了工资",
        "ja": "賃金未払い|未払い|仕事がない|賃金を受け取っていない|賃金カット|給与の遅配|"
        "仕事もない|未払|無給|仕事がなく|賃金不払い|失業|賃金が…われていな|"
        "賃金が…われな|賃金が…われず|給料が…われていな|給料が…われな|給料が…われず|"
        "給与が…われていな|給与が…われな|賃金を…払わな|賃金を…払わず|"
        "賃金を…払っていな|給料を…払わな|給料を…払っていな|給料をもらえな|"
        "給料をもらっていな",
        "ru": "невыплат*|не платили|не получал* зарплат*|долг* по зарплате|без зарплаты|"
        "задержк* зарплаты|без работы|задолженност*|не выплачива*|не выплатил*|"
        "не платят|не получа* зарплат*|задерж* зарплат*|остал* без работы|"
        "задолженност* по зарплат*|удержива* зарплат*|не заплатил*|без оплаты",
    },
    "contract-termination": {
        "en": "ended…contracts|contracts were ended|contract*…terminated|"
        "let contracts lapse|terminated…contracts|ended the contract*|laid off|"
        "made redundant|must dismiss|have to dismiss|had to dismiss|ordered to dismiss|"
        "told to dismiss|sacked|fired…workers|contracts…cancelled|terminat*…contract*|"
        "lay-offs|layoffs|dismissed…workers|workers…dismissed|dismissed from|"
        "contracts expired|contract* ended|ended their contract*",
        "ko": "계약을 해지|계약 해지|돌려보낼 예정|돌려보낼|계약을 종료|계약 종료|"
        "계약을 파기|해고|계약을 끝|계약이 끝|감원|정리해고|계약이 만료|계약을 취소|"
        "해약",
        "zh": "终止合同|解除合同|解约|合同终止|提前终止|辞退|解雇|裁员|裁掉|开除|遣散|解聘|"
        "终止…合同|解除…合同|合同到期",
        "ja": "契約を打ち切|契約解除|契約を終了|契約を解除|解雇|雇い止め|契約を終え|"
        "契約が終|契約終了|契約満了|契約を破棄|リストラ",
        "ru": "расторг*|прекратил* контракт*|разорвал* контракт*|не продлил* контракт*|"
        "уволил*|увольнен*|уволен*|расторжени*|прекратил* договор*|контракт* истек*|"
        "разорвал* договор*|увольня*",
    },
}
STAYING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:stay(?:s|ed|ing)?|remain(?:s|ed|ing)?|live[sd]?|living|"
        r"work(?:s|ed|ing)?(?! permits?)|"
        r"(?:is|are|were) (?:still )?(?:in|at|based|employed|housed|there|here)|reside[sd]?)\b"
    ),
    "ko": re.compile(
        r"체류(?! ?기간)|머물|머무르|남아|일하[고는며]|거주|상주|잔류|근무|있는 것으로"
    ),
    "zh": re.compile(r"滞留|居留|停留|留在|仍在|居住|工作着|还有|现有|务工|驻留"),
    "ja": re.compile(r"滞在|残って|残る|働いて|働く|とどまって|住んで|居住|在留"),
    "ru": re.compile(
        r"\b(?:оста(?:лось|лись|ются|ется|вались)|наход\w+|работа(?:ют|ет|ло|ли)|прожива\w+|"
        r"пребыва\w+|живет|живут|занят\w*|трудятся)\b"
    ),
}
"""Verbs of being and staying somewhere."""
ON_THE_WAY: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:cross(?:ed|ing)?|got (?:on|onto|off)|board(?:ed|ing)|climbed (?:onto|into|aboard)|"
        r"set (?:off|out)|departed|passed through|travel(?:l)?ed|"
        r"(?:was|were) (?:bused|driven|taken)|"
        r"took (?:a|the) (?:train|bus|ferry|plane)|rode)\b"
    ),
    "ko": re.compile(
        r"건넜|건너간|건너갔|넘어갔|넘어간|넘어왔|출발했|통과했|이동했|"
        r"(?:버스|열차|기차|비행기|여객기|배|차량|트럭)[^.,]{0,8}(?:탔|탄 |올랐|올라|탑승)"
    ),
    "zh": re.compile(
        r"过江|过境|跨过|越过|渡过|登上|坐上|启程|出发|"
        r"乘坐?[^,。]{0,10}(?:前往|离开|出发)|(?:经|通过)[^,。]{0,8}(?:口岸|大桥|海关)"
    ),
    "ja": re.compile(
        r"搭乗|渡った|渡って|越えた|越えて|乗り込|乗った|乗って|出発し|通過し|"
        r"向かった"
    ),
    "ru": re.compile(
        r"\b(?:пересек\w+|переш\w+|переехал\w+|переправил\w+|погрузил\w+|проехал\w+|"
        r"сел[аи]? (?:в|на) (?:автобус|поезд|самолет|паром)\w*|проследовал\w+|"
        r"прошл\w+ (?:через|границ|таможн)\w*)"
    ),
}
"""Verbs of people on the way: who crosses a river is not present anywhere."""
