"""What FastAPI, Jinja and htmx need: URLs, templates, forms, error pages, caches, cookies, security headers."""
