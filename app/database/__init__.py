"""PostgreSQL: connections, sessions, roles, migrations, backups, and the embedded server.

`app.main` and `app.cli` call it. Routes use the session classes only.
"""
