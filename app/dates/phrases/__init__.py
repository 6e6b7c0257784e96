"""Dates in words of five languages: "late April", 지난 4월, 去年底, 昨年夏, к концу года.

`reading.read_phrase` returns what a phrase may mean on the day of an article. Each language has a
module with its words; `lexer` splits a phrase, and knows the numbers of all languages.
"""
