"""Addresses of lists, and of their files."""

LIST_VIEWS = [
    *(
        "/events?",
        "/events?from=2019&to=2019&place=china",
        "/events?q=workers&sort=-happened",
        "/events?not_type=dispatch",
    ),
    *(
        "/estimates?",
        "/estimates?place=russia",
        "/sources?lang=ko",
    ),
]


def file_address(view: str, ending: str) -> str:
    path, _mark, query = view.partition("?")
    return f"{path}{ending}?{query}"
