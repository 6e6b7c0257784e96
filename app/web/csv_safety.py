"""Protection against formula injection in CSV and XLSX files."""

FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""The last four are =, +, - and @ in full width: East Asian spreadsheets run these, too."""


def escape_formula(cell: str) -> str:
    """Prefix a cell with an apostrophe if a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell
