"""The web layer of all pages: URLs, templates, forms, error pages, caches, cookies, headers.

`app.main` builds the application from it; `app.site` and `app.desk` call it from their routes.
"""
