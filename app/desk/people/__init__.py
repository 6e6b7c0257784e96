"""`/desk/people` and `/desk/audit`: accounts and the audit log, for admins."""
