"""Calculation of a record's row from its form: payload, dates and terms. Called by `publishing`.

`context` holds the forms that a calculation may read, `facts` the values of one record.
"""
