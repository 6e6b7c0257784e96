"""The codes that rules depend on, each with its label, a sentence of definition and an example: the codebook.

Lists that grow with the field (types of event, papers, sectors …) are data, in `seeds/vocabulary.csv`.
"""
