"""Accounts of the people who work at the desk, used by every package of the desk.

Contains sign-in, sessions, roles, second factors, mail, the audit log, and requests that a second
person has to confirm.
"""
