"""Whatever has a name or a text but is no row of a list: named records, codes, help sections."""
