"""Which addresses are compared: those that the sites name, filtered ones, and searches.

Both sides' answers are read for links, so an address that only one of them has is compared, too.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from lxml import etree, html  # type: ignore[import-untyped]

from bench.golden.answers import Answer, Difference, differences
from bench.golden.day import PRIVATE
from bench.golden.reader import HOST
from bench.golden.sides import Site, say
from bench.search import read_queries

THREADS = 4
PICKED = 4
"""Addresses with a query that are compared of each path and set of keys; also pictures a route."""
FILTERED = 60
SEED = 2019
NOT_COMPARED = re.compile(r"/(desk|static|healthz|metrics)\b")
"""The desk is judged by its public effect, files by the pages, health by its state of a moment."""
QUERIES = 40
SEARCHED = ("/search", "/search.json", "/search/suggestions", "/api/v1/search", "/events")


class Routes:
    """The routes of both sides."""

    def __init__(self, routes: Iterable[str]) -> None:
        paths = {route.split(" ", 1)[1] for route in routes if route.startswith("GET ")}
        # A route without a name comes before one with a name that would match it, too.
        self.paths = sorted(paths, key=lambda path: (path.count("{"), -len(path)))
        self.patterns = {path: re.compile(_pattern(path)) for path in self.paths}

    def of(self, address: str) -> str:
        """Return the route that answers an address, with the ending of its file."""
        path = urlsplit(address).path
        route = next((each for each in self.paths if self.patterns[each].fullmatch(path)), path)
        ending = re.search(r"\.[a-z.-]+$", path) if route.endswith("{name}") else None
        return route + (ending[0] if ending else "")

    def without_names(self) -> list[str]:
        return [path for path in self.paths if "{" not in path and not NOT_COMPARED.match(path)]


def _pattern(path: str) -> str:
    escaped = re.split(r"(\{[^}]*\})", path)
    return "".join(
        ("/?.+" if each.endswith(":path}") else "[^/]+") if each[:1] == "{" else re.escape(each)
        for each in escaped
    )


def links_of(answer: Answer) -> Iterator[str]:
    """Yield the addresses of this site that an answer names."""
    found = [answer.headers.get("location", "")]
    if answer.kind.endswith("json"):
        found += re.findall(r'"((?:http://localhost|/)[^"\\\s<>{}]*)"', answer.body.decode())
    elif answer.kind.endswith(("html", "xml")) and answer.body:
        parse = html.document_fromstring if answer.kind.endswith("html") else etree.fromstring
        found += parse(answer.body).xpath("//@href | //@src | //@content | //@data-src")
    for link in found:
        address = link.removeprefix(f"http://{HOST}").partition("#")[0]
        if re.match("/(?!/)", address) and not NOT_COMPARED.match(address):
            yield address


def keys_of(address: str) -> tuple[str, ...]:
    """Return the keys of an address's query except the edition."""
    return tuple(sorted({key for key, _ in parse_qsl(urlsplit(address).query)} - {"edition"}))


class Comparing:
    """The comparison under way: two sites, what was compared, and what differs."""

    def __init__(self, base: Site, head: Site) -> None:
        self.base, self.head = base, head
        self.routes = Routes([*base.side.routes, *head.side.routes])
        self.done: set[str] = set()
        self.found: list[Difference] = []
        self.linked: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        """Addresses with a query, and pictures, by path and keys: some of them are compared."""
        self.offered: dict[str, set[tuple[str, str]]] = defaultdict(set)
        """Keys and values of the filters that the forms of lists offer, by path."""

    def compare(self, addresses: Iterable[str], *, again: bool = False) -> list[str]:
        """Compare addresses that were not compared yet; return links that they name, in order."""
        todo = [each for each in dict.fromkeys(addresses) if again or each not in self.done]
        self.done.update(todo)
        links: dict[str, None] = {}
        with ThreadPoolExecutor(THREADS) as pool:
            for found, named in pool.map(self._compare_one, todo):
                self.found += found
                links.update(dict.fromkeys(named))
        return [*links]

    def _compare_one(self, address: str) -> tuple[list[Difference], list[str]]:
        old, new = self.base.get(address), self.head.get(address)
        route = self.routes.of(address)
        found = differences(route, address, old, new)
        if PRIVATE.encode() in new.body + old.body:
            found.append(Difference(route, address, "private", "", PRIVATE))
        if f"{address}.json" in self.routes.paths:
            self._read_forms(address, old)
        return found, [*links_of(new), *(links_of(old) if found else ())]

    def _read_forms(self, path: str, answer: Answer) -> None:
        tree = html.document_fromstring(answer.body)
        for each in tree.xpath("//form[@method='get' or not(@method)]//*[@value]"):
            key = each.get("name") or each.xpath("string(ancestor::select/@name)")
            if key and each.get("value"):
                self.offered[path].add((key, each.get("value")))

    # The parts -----------------------------------------------------------------------------------

    def crawl(self) -> None:
        """Compare every address without a query that a page names, in both editions."""
        todo = self.routes.without_names()
        while todo:
            say(f"  {len(todo)} addresses, each in both editions")
            following: dict[str, None] = {}
            for link in self.compare([*todo, *(f"{each}?edition=1" for each in todo)]):
                path, keys = urlsplit(link).path, keys_of(link)
                if keys or path.endswith(".png"):
                    # Pictures are costly to draw, and all of a route are drawn alike.
                    self.linked[path if keys else self.routes.of(path), keys].add(link)
                else:
                    following[path] = None
            todo = [each for each in following if each not in self.done]

    def linked_ones(self) -> None:
        """Compare some of the addresses with a query that pages name, and some pictures."""
        for addresses in self.linked.values():
            # As if by chance, the same for every run.
            ranked = sorted(addresses, key=lambda each: sha256(each.encode()).hexdigest())
            self.compare(ranked[:PICKED])

    def filtered(self) -> None:
        """Compare filtered lists, each as a page and as files."""
        chance = random.Random(SEED)
        for _each in range(FILTERED):
            path = chance.choice(sorted(self.offered))
            offered = sorted(self.offered[path])
            chosen = chance.sample(offered, min(chance.choice((1, 1, 2, 3)), len(offered)))
            query = urlencode(sorted(chosen), safe=":/,")
            self.compare(f"{path}{ending}?{query}" for ending in ("", ".json", ".csv"))

    def searches(self) -> None:
        words = [each.words for each in read_queries()][:: len(read_queries()) // QUERIES]
        self.compare(f"{path}?q={quote(each)}" for each in words for path in SEARCHED)

    def after_the_day(self, records: Sequence[str]) -> None:
        """Compare again what the day can have changed: its records, all lists and their files."""
        paths = {"E": "/events", "M": "/estimates", "S": "/sources"}
        pages = [f"{paths[record[0]]}/{record}" for record in records]
        newest = self.base.edition()
        once = [*self.routes.without_names(), *(f"/api/v1{page}" for page in pages)]
        once += [f"{page}{ending}" for page in pages for ending in ("", ".json")]
        addresses = [*once, *(f"{each}?edition=1" for each in once)]
        addresses += [f"/changes?id={record}" for record in records]
        for edition in range(2, newest + 1):
            addresses += [f"/changes.json?since={edition}", f"/changes.json?edition={edition}"]
            addresses += [f"{page}?edition={edition}" for page in pages]
        addresses += [f"/cite.json?of={page}?edition={newest}" for page in (*pages, "/events")]
        addresses += ["/events?place=dandong", "/estimates?place=dandong", "/search?q=Golden"]
        self.compare(addresses, again=True)
