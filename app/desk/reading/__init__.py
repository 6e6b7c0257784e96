"""Marks in the text of a report, found without a model: dates, numbers and known names."""
