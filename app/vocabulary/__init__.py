"""The codes that rules depend on, each with its label, a definition and an example: the codebook. Data only.

Lists that grow with the field (types of event, industries …) are rows of `seeds/vocabulary.csv`.
"""
