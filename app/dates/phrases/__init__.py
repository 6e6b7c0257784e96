"""Dates in words of five languages: "late April", 지난 4월, 去年底, 昨年夏, к концу года.

`reading.read_phrase` returns what a phrase may mean on the day of an article. The words of
all languages are in words.txt; `lexer` splits a phrase, and knows numbers and their units.
"""
