"""The complete dataset (`/data.zip`): tables, writers, metadata and a cache of archives."""
