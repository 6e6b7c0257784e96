"""The licence of the record, as an address."""

from fastapi import Request

from app.web.urls import absolute, url

LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def licence_address(request: Request) -> str:
    """Where the licence can be read: its own address where we know it, else the page that names it."""
    return LICENCES.get(request.app.state.settings.licence) or absolute(request, url("about"))
