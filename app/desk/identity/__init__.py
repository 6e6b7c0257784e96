"""People and what they may do: sign-in, sessions, roles, second factors, mail, the audit log."""
