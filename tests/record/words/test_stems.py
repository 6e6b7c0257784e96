"""Stems in Python are those of PostgreSQL, except for a few words."""

import csv
import re

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.record.words.stems import STOP_WORDS, stem
from tests.support.database_server import SMALL_RECORD

WORDS = re.compile(r"[a-z]+|[а-яё]+")
MAX_SHARE_DIFFERENT = 0.005
"""Snowball has changed since the version in PostgreSQL: emergency, organization, university."""
RUSSIAN = "рабочих рабочие рабочим трудовая трудовых виза визы визами высылка высланы депортировали"


def test_nearly_all_stems_equal_those_of_postgresql(reader: Session) -> None:
    words = set(RUSSIAN.split()) | STOP_WORDS | {"generously", "skies", "dying"}
    for file in SMALL_RECORD.glob("*.csv"):
        with file.open(encoding="utf-8") as rows:
            words |= {
                word
                for row in csv.reader(rows)
                for cell in row
                for word in WORDS.findall(cell.lower())
            }
    # PostgreSQL 15 and 18 disagree on three letters with a doubled one: "added", "egged", "offing".
    words = {word for word in words if not re.match(r"[aeo](.)\1(ed|ing)", word)}
    lexized = text("""
        SELECT word, ts_lexize(
            CASE WHEN word ~ '[a-z]' THEN 'english_stem' ELSE 'russian_stem' END::regdictionary,
            word)
        FROM unnest(CAST(:words AS text[])) AS words (word)
    """)
    found = {row[0]: row[1] for row in reader.execute(lexized, {"words": sorted(words)})}
    assert {word for word, lexemes in found.items() if not lexemes} <= STOP_WORDS
    different = {word for word, lexemes in found.items() if lexemes and lexemes != [stem(word)]}
    different_share = len(different) / len(found)
    assert different_share <= MAX_SHARE_DIFFERENT, sorted(different)
    assert not any(re.match("[а-яё]", word) for word in different)
