"""Links of an actor to its page, and to its entries in other registers."""

from collections.abc import Iterator

from app.record.names.directory import Directory
from app.record.payloads import PublishedActor
from app.site.components.urls import PageLink
from app.web.urls import url

REGISTERS = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{id}"),
    "opensanctions": ("OpenSanctions", "https://www.opensanctions.org/entities/{id}/"),
    "lei": ("LEI", "https://search.gleif.org/#/record/{id}"),
    "isni": ("ISNI", "https://isni.org/isni/{id}"),
}
"""Name and address of each register, by the field that holds the id."""


def register_links(form: PublishedActor) -> Iterator[tuple[str, str]]:
    """Yield the label and address of each entry in another register."""
    for field, (title, address) in REGISTERS.items():
        if id := str(form.get(field, "")):
            yield f"{title} {id}", address.format(id=id)


def actor_page_link(directory: Directory, code: str) -> PageLink:
    return PageLink(directory.label("actor", code), url("actor", code=code))
