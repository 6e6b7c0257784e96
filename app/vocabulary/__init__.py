"""The closed lists of codes, as enums: one file for each subject. Data only."""
