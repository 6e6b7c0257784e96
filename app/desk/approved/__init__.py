"""The approved state of every record, from which editions are published.

Contains the tables of the approved state, of drafts and of merges, and the conversion between
tables and forms. Packages of the desk and the command line use it.
"""
