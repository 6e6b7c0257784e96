"""The desk: where editors work.

Private and mutable. Only `app.record.publishing` publishes content of the desk. The packages are
described in docs/architecture.md; `routes` collects their routers.
"""
