"""Which addresses are compared: those that the sites name, filtered ones, and searches.

Both sides' answers are read for links, so an address that only one of them has is compared, too.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from lxml import etree, html  # type: ignore[import-untyped]

from bench.golden.answers import Answer, Difference, differences
from bench.golden.day import PRIVATE
from bench.golden.reader import HOST
from bench.golden.sides import Site, say

THREADS = 4
PICKED = 4
"""Addresses with a query that are compared of each path and set of keys; also pictures a route."""
FILTERED = 60
SEED = 2019
NOT_COMPARED = re.compile(r"/(desk|static|healthz|metrics)\b")
"""The desk is judged by its public effect, files by the pages, health by its state of a moment."""
PICTURE = (".png",)
"""Costly to draw, and all of a route are drawn alike."""
OLDEST = "1"

SEARCHES = (
    *(
        "Dandong",
        "Hunchun seafood",
        "visa",
        "restaurant closed",
        "quota Primorye",
        "E5",
        "M84",
        "S4",
    ),
    *(
        "unpaid wages",
        "student visas Vladivostok",
        "Kuwait ambassador",
        "UN resolution 2397",
        "2019",
    ),
    *(
        "April 2019",
        "Daily NK",
        "construction -Moscow",
        '"North Korean workers"',
        "sojurn",
        "Angola",
    ),
    *("단둥", "훈춘 수산물", "북한 노동자", "비자 연장", "러시아 유학생", "식당 폐쇄"),
    *("丹东", "朝鲜劳动者", "签证", "珲春", "边境 口岸", "遣返"),
    *("Владивосток", "рабочие из КНДР", "квота Приморье", "студенческая виза"),
    *("北朝鮮 労働者", "丹東", "ビザ", "送還"),
    "zebra caravan",
)
SEARCHED = ("/search", "/search.json", "/search/suggestions", "/api/v1/search", "/events")
FORTY = 40
assert len(SEARCHES) == FORTY


def template_of(routes: Iterable[str]) -> Callable[[str], str]:
    """Return a function from an address to the route that answers it, with the file's ending."""
    known = []
    for route in routes:
        method, path = route.split(" ", 1)
        if method == "GET":
            parts = re.split(r"\{[^}]*?(:path)?\}", path)
            texts = [re.escape(part) for part in parts[::2]]
            holes = ["/?.+" if part else "[^/]+" for part in parts[1::2]]
            pattern = "".join(text + hole for text, hole in zip(texts, [*holes, ""], strict=True))
            known.append((path.count("{"), -len(path), path, re.compile(pattern)))
    known.sort(key=lambda each: each[:3])

    def of(address: str) -> str:
        path = urlsplit(address).path
        for _count, _length, route, pattern in known:
            if pattern.fullmatch(path):
                ending = re.search(r"\.[a-z.-]+$", path) if route.endswith("{name}") else None
                return route + (ending[0] if ending else "")
        return path

    return of


def start_of(routes: Iterable[str]) -> list[str]:
    """Return the routes' own addresses: those without a name in them."""
    paths = [route.split(" ", 1)[1] for route in routes if route.startswith("GET ")]
    return sorted({path for path in paths if "{" not in path and not NOT_COMPARED.match(path)})


def links_of(answer: Answer) -> Iterator[str]:
    """Yield the addresses of this site that an answer names."""
    if answer.kind == "text/html":
        found = _links_of_tree(html.document_fromstring(answer.body.decode() or "<html></html>"))
    elif answer.kind.endswith("json"):
        found = iter(re.findall(r'"((?:http://localhost|/)[^"\\\s<>{}]*)"', answer.body.decode()))
    elif answer.kind.endswith("xml"):
        found = _links_of_tree(etree.fromstring(answer.body))
    else:
        found = iter(())
    for link in (*found, answer.headers.get("location", "")):
        address = link.removeprefix(f"http://{HOST}").partition("#")[0]
        if re.match("/(?!/)", address) and not NOT_COMPARED.match(address):
            yield address


def _links_of_tree(tree: Any) -> Iterator[str]:
    for element in tree.iter(etree.Element):
        for name in ("href", "src", "content", "data-src"):
            if element.get(name):
                yield element.get(name)


def keys_of(address: str) -> tuple[str, ...]:
    """Return the keys of an address's query except the edition."""
    return tuple(sorted({key for key, _ in parse_qsl(urlsplit(address).query)} - {"edition"}))


def rank(address: str) -> str:
    """Order addresses as if by chance, the same for every run."""
    return sha256(address.encode()).hexdigest()


class Comparing:
    """The comparison under way: two sites, what was compared, and what differs."""

    def __init__(self, base: Site, head: Site) -> None:
        self.base, self.head = base, head
        self.routes = [*base.side.routes, *head.side.routes]
        self.route_of = template_of(self.routes)
        self.done: set[str] = set()
        self.found: list[Difference] = []
        self.linked: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        """Addresses with a query, and pictures, by path and keys: some of them are compared."""
        self.offered: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        """Values of the filters that the forms of lists offer, by path and key."""

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
        route = self.route_of(address)
        found = differences(route, address, old, new)
        if PRIVATE.encode() in new.body + old.body:
            found.append(Difference(route, address, "private", "", PRIVATE))
        links = [*links_of(new)]
        if found:
            links += links_of(old)
        if old.kind == "text/html" and not urlsplit(address).query and address.count("/") == 1:
            self._read_forms(old)
        return found, links

    def _read_forms(self, answer: Answer) -> None:
        for form in html.document_fromstring(answer.body.decode()).iter("form"):
            path = urlsplit(form.get("action") or "").path
            if f"GET {path}.json" not in self.routes:
                continue
            for each in form.xpath(".//option | .//input[@type='checkbox' or @type='radio']"):
                key = (
                    each.xpath("string(ancestor::select/@name)") or each.get("name") or ""
                ).strip()
                if key and each.get("value"):
                    self.offered[path][key].add(each.get("value"))

    # The parts -----------------------------------------------------------------------------------

    def crawl(self) -> None:
        """Compare every address without a query that a page names, in both editions."""
        newest = str(self.base.edition())
        todo = start_of(self.routes)
        while todo:
            say(f"  {len(todo)} addresses, each in both editions")
            following: dict[str, None] = {}
            for link in self.compare([*todo, *(f"{each}?edition={OLDEST}" for each in todo)]):
                path, keys = urlsplit(link).path, keys_of(link)
                if keys:
                    self.linked[path, keys].add(link)
                elif path.endswith(PICTURE) or link.endswith(f"edition={newest}"):
                    self.linked[self.route_of(path), keys].add(link)
                else:
                    following[path] = None
                    kind, name = path.rpartition("/")[::2]
                    if f"GET /api/v1{kind}/{{name}}" in self.routes and "." not in name:
                        following[f"/api/v1{path}"] = None
            todo = [each for each in following if each not in self.done]

    def linked_ones(self) -> None:
        """Compare some of the addresses with a query that pages name, and some pictures."""
        groups = self.linked.values()
        self.compare(link for each in groups for link in sorted(each, key=rank)[:PICKED])

    def filtered(self) -> int:
        """Compare 60 filtered lists, each with its files; return how many."""
        chance = random.Random(SEED)
        for (path, keys), addresses in self.linked.items():
            if len(keys) == 1 and path in self.offered:
                self.offered[path][keys[0]].update(
                    dict(parse_qsl(urlsplit(each).query))[keys[0]] for each in addresses
                )
        chosen: dict[str, None] = {}
        while len(chosen) < FILTERED:
            path = chance.choice(sorted(self.offered))
            # A key with one value only says how another one is meant.
            names = sorted(key for key, values in self.offered[path].items() if len(values) > 1)
            keys = tuple(chance.sample(names, min(len(names), chance.choice((1, 1, 2, 2, 3)))))
            pairs = [(key, chance.choice(sorted(self.offered[path][key]))) for key in sorted(keys)]
            edition = [("edition", OLDEST)] if chance.random() < 0.25 else []
            chosen[f"{path}?{urlencode([*pairs, *edition], safe=':/,')}"] = None
        lists = {_list_of(each) for each in chosen}
        links = [*chosen]
        while links:
            # Files, and the same with its keys in the site's order.
            links = [each for each in self.compare(links) if _list_of(each) in lists]
            links = [each for each in links if each not in self.done]
        return len(chosen)

    def searches(self) -> None:
        self.compare(f"{path}?q={quote(words)}" for words in SEARCHES for path in SEARCHED)

    def after_the_day(self, records: Sequence[str]) -> int:
        """Compare again what the day can have changed: its records, all lists and their files."""
        paths = {"E": "/events", "M": "/estimates", "S": "/sources"}
        pages = [f"{paths[record[0]]}/{record}" for record in records]
        newest = self.base.edition()
        addresses = [*start_of(self.routes), *pages, *(f"{page}.json" for page in pages)]
        addresses += [f"/api/v1{page}" for page in pages]
        addresses += [f"{each}?edition={OLDEST}" for each in addresses]
        addresses += [f"/changes?id={record}" for record in records]
        for edition in range(2, newest + 1):
            addresses += [f"/changes.json?since={edition}", f"/changes.json?edition={edition}"]
            addresses += [f"{page}?edition={edition}" for page in pages]
        addresses += [f"/cite.json?of={page}?edition={newest}" for page in (*pages, "/events")]
        addresses += ["/events?place=dandong", "/estimates?place=dandong", "/search?q=Golden"]
        self.compare(addresses, again=True)
        return len(dict.fromkeys(addresses))


def _list_of(address: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """Return the list of an address, without the ending of a file, and its filters."""
    parts = urlsplit(address)
    pairs = frozenset(pair for pair in parse_qsl(parts.query) if pair[0] != "edition")
    return parts.path.partition(".")[0], pairs
