"""The same lists and records for programs, under one address that keeps its promises: `/api/v1`.

`asking` reads a question strictly, `lists`, `mirror` and `lookup` answer what has no list as a page, `pages` has the
addresses. `resources` names what there is; `schemas` and `document` describe it as OpenAPI, from the same filters,
columns and forms that answer; `reference` is that description for readers.
"""
