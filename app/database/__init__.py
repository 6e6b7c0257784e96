"""The database: engines and sessions of the two logins, roles, migrations, backups, the PostgreSQL that starts itself.

For whoever starts the application or a command; pages only meet `sessions`.
"""
