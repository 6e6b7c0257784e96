"""Marks that the desk proposes in the text of a report, without a model.

`article.read_article` splits a text into sentences and asks each proposer for marks: dates,
estimates, names, terms, speakers, hedges and actions. `rows` makes proposed rows of them, and
`relays` compares texts. The package knows no database and no HTTP, and nothing here is saved.
"""
