"""The closed lists of codes: enums with labels, definitions and examples. Data only.

The class docstrings are text of the codebook. Open lists (types of event, industries …) are rows of
`seeds/vocabulary.csv`.
"""
