"""Words for types of events in five languages; of words that overlap the longest is taken."""

from app.desk.reading.move_words import MOVES
from app.desk.reading.rule_words import RULES
from app.desk.reading.words import Table

ACTIONS: Table = {**MOVES, **RULES}
