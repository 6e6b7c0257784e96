"""Fuzzers: made-up and damaged inputs for the code that reads what others wrote.

`runner.py` runs one of `FUZZERS` for some minutes; the other modules have a fuzzer each.
"""
