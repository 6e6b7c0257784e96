"""Citing and sharing pages: reference formats, CSL styles, JSON-LD, licence, and links."""
