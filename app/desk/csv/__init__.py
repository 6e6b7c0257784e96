"""The seeds' format: approved records as CSV files, written and read.

The command line, the imports of the desk and the tests use it.
"""
