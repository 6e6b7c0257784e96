"""The web layer that all pages share: URLs, templates, forms, error pages, caches, cookies, headers.

`app.main` builds the application from it; `app.site` and `app.desk` call it from their routes.
"""
