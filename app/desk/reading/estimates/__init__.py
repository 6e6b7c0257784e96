"""Estimates in the text of a report: a grammar a language, and one proposer for all."""
