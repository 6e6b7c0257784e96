"""Uncertain dates: parsing of EDTF (ISO 8601-2), wording, and the geometry of date bars."""
