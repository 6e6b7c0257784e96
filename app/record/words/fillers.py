"""Words of questions that say nothing about what is asked for."""

import re

FILLERS = frozenset(
    re.findall(
        r"\S+",
        """
        many much number numbers list show tell find give please latest recent news information info
        data about regarding concerning anything something happened happen happens happening
        does did doing is there any get got know known said say says exactly ever still
        report reports reported
        сколько какие какой каких когда где кто почему зачем ли новости последние данные сообщения
        информация
        몇 몇명 몇명이 얼마나 얼마 언제 어디 어디서 누가 무엇 무슨 어떤 왜 어떻게 관련 대한 대해
        최근 소식 뉴스 자료 현황 있나 있나요 있습니까 인가요 그리고 및
        따른 따라 위한 위해 통해 의한 못한 못하는 않은 않는 않는다 않았다 있는 있다 없다
        이상 이하 약 중 내
        多少 几个 幾個 什么 什麼 什么时候 哪里 哪裡 哪些 谁 誰 为什么 為什麼 怎么 怎麼 如何 最新
        关于 關於 消息 新闻 新聞 情况 情況 有没有 的 了 在 和 与
        何人 いくつ いつ どこ だれ 誰が なぜ どの どんな について
        に関する 最新 ニュース 情報 は が を に で の と も
        """,
    )
)

ASKS_FOR_NUMBER = re.compile(
    r"\b(how many|number of)\b|сколько|число|количество|численность|몇 ?명|얼마나"
    r"|多少|几个|幾個|何人|いくつ",
    re.IGNORECASE,
)
"""Words of a question that an estimate answers."""
