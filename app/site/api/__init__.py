"""`/api` and `/api/v1`: lists and records as JSON for programs, with a stable description.

`schemas` and `document` generate the OpenAPI description from the filters, columns and forms that
answer requests. `reference` shows it on the page `/api`.
"""
