"""The lists that grow with the field, in the hands of admins: codes are added, renamed and retired, never removed."""
