"""Chinese words for numbers and what they count, in simplified and traditional characters."""

import re

from app.desk.reading.estimates.grammar import Grammar, change, length, share, words_only
from app.desk.reading.estimates.numbers import east_asian
from app.desk.reading.marks import Figure


def _percent(found: re.Match[str]) -> Figure | None:
    number = east_asian(found.group().removeprefix("百分之"))
    return number and Figure("exact", number.low / 100, number.high / 100, "ratio", form="share")


NUMBER = (
    r"(?:[0-9][0-9,]*(?:\.[0-9]+)?[十百千万萬亿億]*|[一二三四五六七八九两兩][一二三四五六七八九十百千万萬亿億零两]*"
    r"|十[一二三四五六七八九]?[万]?|[百千万](?=[余多名人家]))"
)
PERSON = r"(?:名|人(?!民|员|員|士|均|权|權|力|工|道)|位|个人|個人|口人)"
NOUNS = (
    r"(?:多?(?:朝鲜|外籍|外国|本地|年轻)?(?:女工|女性工人|女性|男子|"
    r"工人|劳工|勞工|劳动者|员工|技术人员|服务员|人员|学生|研修生|实习生|"
    r"船员|海员))"
)
GRAMMAR = Grammar(
    number=NUMBER,
    value=east_asian,
    joints=r"[到至~～〜–—-]",
    before=(
        (r"(?:大约|大約|约为|约有|約有|约|約|大概|估计有|估計|左右|平均)", "about"),
        (r"(?:将近|將近|接近|近|几乎|幾乎)(?:有)?", "nearly"),
        (r"(?:超过|超過|逾|多于|高于|超出|超)(?:有)?", "more-than"),
        (r"(?:至少|不少于|不少於|不下|不低于|起码|最少)(?:有)?", "at-least"),
        (r"(?:最多|多达|多達|至多|不超过|不超過|高达|高達|上限为|可达)(?:有)?", "up-to"),
        (r"(?:不到|不足|少于|少於|低于|未满|未滿)", "fewer-than"),
    ),
    inside=(
        (r"(?:个|個)多(?=月|星期|小时)", "more-than"),
        (r"(?:多|余|餘)(?=[名人个個家份元位辆月年天])", "more-than"),
        (r"来(?=[名人个家])", "about"),
    ),
    after=(
        (r"(?:左右|上下|前后)", "about"),
        (r"多(?![名人个位家])", "more-than"),
        (r"(?:以上|及以上)", "at-least"),
        (r"(?:以下|以内|之内|内|內)", "up-to"),
    ),
    units=(
        (r"(?:%|％|个百分点|個百分點)", "percent"),
        (r"成(?=多|。|的|以|左|受|上|工|员|人|,|,|。|朝|劳|$|都|仍|在)", "tenths"),
        (rf"{PERSON}?{NOUNS}", "people"),
        (PERSON, "people"),
        (r"(?:元人民币|元|块钱|人民币)", "yuan"),
        (r"(?:美元|美金)", "usd"),
        (r"卢布", "rub"),
        (r"(?:韩元|韓元|韩币)", "krw"),
        (r"日元", "jpy"),
        (r"欧元", "eur"),
        (
            r"(?:家|间(?!隔)|個工地|个工地|座)(?:[^,，。、]{0,4}?(?:餐厅|餐馆|"
            r"饭店|工厂|企业|公司|厂|酒店|农场))?",
            "businesses",
        ),
        (r"份(?:工作|劳动|劳务)?(?:许可|許可)?", "permits"),
        (r"(?:张|本)?签证", "visas"),
        (r"(?:辆|輛|艘|台)(?:大巴|巴士|客车|卡车|船)?", "vehicles"),
        (r"(?:架次|架(?:包机|飞机|专机)|个航班|个班次|班(?:航班|飞机))", "flights"),
        (r"(?:户|戶|个家庭)", "families"),
        (r"个(?:国家|县|市|区|地区|城市|省)", "districts"),
        (r"(?:个|個)?(?:小时|小時|钟头)", "hours"),
        (r"(?:天|日(?=内|之内|以内))(?!前)", "days"),
        (r"(?:周|週|个星期|個星期|星期)(?![一二三四五六日末前])", "weeks"),
        (r"(?:(?:个|個)|(?<=[个個]多))月(?!前|签|的短)", "months"),
        (r"年(?=内|之内|以内|以上|多|,|,|。|来|后|的|$)(?!前)", "years"),
        (r"[周岁歲]+", "years"),
        (r"倍", "times"),
    ),
    gap=r"\s?(?:的)?",
    per_before=(
        (r"(?:每天|每日|一天|日均)(?:有|工作)?", "day"),
        (r"(?:每周|每週|每星期|一周)(?:有|工作)?", "week"),
        (
            r"(?:每人)?(?:每月|每个月|月薪|月工资|一个月|月均)(?:工资)?(?:净得|"
            r"净赚|只拿到|能拿|挣|赚|收入|可得|有|为)?",
            "month",
        ),
        (r"(?:每年|年均|一年)(?:有)?", "year"),
        (r"(?:每小时|每小時|时薪|时薪为)", "hour"),
        (r"(?:向)?(?:每人|人均|每名工人)(?:收取|收|约)?", "person"),
    ),
    phrases=(
        (
            r"(?:成百上千|成千上万|成千|数以[百千万]计|數以[百千萬]計|数[十百千万]|"
            r"數[十百千萬]|几[十百千万]|幾[十百千萬]|上[百千万]|好几[十百千])"
            r"(?:名|人|位|个)?(?:女工|工人|劳工)?",
            words_only(),
        ),
        (r"十[几幾](?:个|個)?(?:名|人|位)", words_only()),
        (r"(?:十[几幾]|几十|数十)(?:家|个工地|间)", words_only("businesses")),
        (r"(?:减少|減少|下降|缩减|锐减)了?(?:约)?(?:一半|五成)|减半", change(-0.5)),
        (
            r"(?P<about>约有?|大约)?(?P<nearly>近|将近)?(?P<more_than>超过|逾)"
            r"?(?:一半|半数)(?P<about2>左右)?(?P<at_least>以上)?(?=的|以|人|工|,|,|已|仍|左|。)",
            share(0.5),
        ),
        (r"(?P<about>约|大约)?(?P<nearly>近)?三分之一(?P<at_least>以上)?", share(0.333)),
        (r"(?P<about>约|大约)?(?P<nearly>近)?三分之二(?P<at_least>以上)?", share(0.667)),
        (r"(?P<about>约|大约)?(?P<nearly>近)?四分之一", share(0.25)),
        (r"(?P<about>约|大约)?(?P<nearly>近)?四分之三", share(0.75)),
        (r"(?P<about>约|大约)?(?P<nearly>近)?五分之一", share(0.2)),
        (r"百分之(?:[一二三四五六七八九十]+)", _percent),
        (r"(?P<at_least>至少)?半年(?P<at_least2>以上)?(?!前)", length(6, "months")),
    ),
    no_number_before=r"(?:[0-9][.,]|第|[上下这這同唯统之单某另])$",
    no_number_after=r"[0-9]|号|號|月(?!薪)|季度|日(?![内之以])|年(?!内|之内|以内|以上|"
    r"多|,|,|。|来|后|的|$)|些|旦|样|直|般|起|定|带|度|方|路|切|时|再|"
    r"向|致",
    falls=r"减少|減少|下降|降低|缩减|减薪|锐减|下跌|跌",
    rises=r"增加|上升|增长|上涨|激增|提高|涨",
    pay=r"月薪|月工资",
)
