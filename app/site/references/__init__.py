"""Citing and sharing pages: reference formats, CSL styles, JSON-LD, licence, feed and share links."""
