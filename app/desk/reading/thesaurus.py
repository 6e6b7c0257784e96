"""The list `concept` of the vocabulary as words for the proposer of terms.

A concept is used where it has a code of a paper, sector, group or right, and words of it that are
broader than the code are left out.
"""

from collections.abc import Iterable, Mapping

from app.desk.reading.words import plain

Thesaurus = Iterable[Mapping[str, str]]
"""Rows with a concept and its words in `en`, `ko`, `zh`, `ja` and `ru`, apart by `|`."""
OF_CONCEPT: Mapping[str, str] = {
    "work-visa": "paper:work-visa",
    "student-visa": "paper:student",
    "tourist-visa": "paper:tourist-visa",
    "business-visa": "paper:business-visa",
    "trainee-visa": "paper:trainee",
    "short-visa": "paper:short-stay",
    "expired-visa": "paper:expired-visa",
    "work-permit": "paper:work-permit",
    "work-patent": "paper:work-patent",
    "quota": "paper:work-quota",
    "residence-permit": "paper:residence-permit",
    "border-pass": "paper:border-pass",
    "exit-permit": "paper:exit-permit",
    "exit-clearance": "paper:exit-clearance",
    "shipbuilding": "sector:shipbuilding",
    "drone": "sector:drones",
    "joint-venture": "sector:joint-ventures",
    "garment": "sector:garments",
    "textile": "sector:textiles",
    "electronics": "sector:electronics",
    "appliances": "sector:appliances",
    "pharmaceuticals": "sector:pharmaceuticals",
    "plastics": "sector:plastics",
    "food-processing": "sector:food-processing",
    "seafood": "sector:seafood-processing",
    "fishing": "sector:fishing",
    "construction": "sector:construction",
    "hydropower": "sector:hydropower",
    "agriculture": "sector:agriculture",
    "restaurant": "sector:restaurant",
    "catering": "sector:catering",
    "hotel": "sector:hotel",
    "taxi": "sector:taxi",
    "public-transport": "sector:public-transport",
    "restaurant-staff": "group:restaurant-staff",
    "domestic-work": "group:domestic-workers",
    "nurse": "group:health-workers",
    "doctor": "group:health-workers",
    "health-worker": "group:health-workers",
    "seafarer": "group:seafarers",
    "overseer": "group:overseers",
    "military-builders": "group:military-builders",
    "trainee": "group:students",
    "internship": "group:students",
    "overstay": "group:overstayers",
    "undocumented": "group:irregular-migrants",
    "transfer-of-employer": "right:changing-employer",
    "bank-account": "right:banking",
}
"""The codes of concepts of which a text with the words speaks."""
TOO_BROAD = frozenset(
    plain(
        "welder|용접공|焊工|溶接工|сварщик|overstay|overstaying|"
        "crew|экипаж|handler|supervisor|куратор|감독|blasting|dam|плотина|ダム|"
        "発破|爆破|발파|食堂|столовая|canteen|inn|cab|fabric|yarn|ткань|섬유|"
        "plastic|пластик|樹脂|수지|布料|лимит|限额|上限|할당|割当|割り当て|"
        "ceiling on numbers|cap on numbers|patent|практика|實習|实习|実習|실습|見習い|"
        "학생|学生|學生|간호|護理|护理|看護|nursing|bank|banking|은행|银行|銀行|"
        "банк|банковский|bank account|転職|이직|전직|跳槽|換工作|换工作|"
        "job change|change jobs|смена работы|электронный|電子|电子|水产|"
        "水產|海鲜|海鮮|水産|기한 만료|medicines|лекарства|медикаменты|"
        "药品|약품|医疗队|醫療隊|医療チーム|医療団|의료단|building work|施工|"
        "土木|фермер|builder|строитель|건축|одежда|clothes|clothing|"
        "швея|冷库|냉동창고|랭동|수산물|海产|海產|ресторан|food plant|sewing"
    ).split("|")
)
"""Words of those concepts that say more, or something else, in the text of a report."""


def fitting(concept: str, words: str) -> str:
    """Return the words of a concept, apart by `|`, that are no broader than its code."""
    if concept not in OF_CONCEPT:
        return ""
    each = (word.strip() for word in words.split("|"))
    return "|".join(word for word in each if word and plain(word) not in TOO_BROAD)
