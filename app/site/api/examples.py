"""Example programs of the API page. A test runs them, except those in R."""

from dataclasses import dataclass

from app.i18n.translate import N_, _


@dataclass(frozen=True)
class Example:
    anchor: str
    language: str
    title: str
    code: str
    is_run: bool
    """Whether a test runs it. The page marks the others as untested."""


def examples(base: str) -> list[Example]:
    return [
        Example(anchor, language, _(title), code.strip().replace("{base}", base), language != "R")
        for anchor, language, title, code in EXAMPLES
    ]


EXAMPLES = [
    (
        "curl-list",
        "sh",
        N_("The first rows of a list, and how many there are"),
        """\
api={base}
curl --silent --fail "$api/events?place=china&from=2019&limit=5"
""",
    ),
    (
        "curl-again",
        "sh",
        N_("Only if there is a new edition: otherwise the second response is empty"),
        """\
api={base}
curl --silent --fail --etag-save events.etag \\
  --output events.json "$api/events?place=china"
curl --silent --fail --etag-compare events.etag \\
  --write-out '%{http_code}\\n' "$api/events?place=china"
""",
    ),
    (
        "curl-lookup",
        "sh",
        N_("Whether the record has a source, ignoring tracking parameters in its address"),
        """\
api={base}
curl --silent --fail --get "$api/lookup" --data-urlencode \\
  'url=https://www.example.org/news/1?utm_source=letter'""",
    ),
    (
        "pandas-list",
        "Python",
        N_("All pages of a list as a table"),
        """\
import json
from urllib.parse import urljoin
from urllib.request import urlopen

import pandas as pd

api = "{base}"
address, rows = f"{api}/estimates?place=china&limit=100", []
while address:
    with urlopen(urljoin(api, address)) as answer:
        page = json.load(answer)
    rows += page["items"]
    address = page["next"]

figures = pd.DataFrame(rows)
print(page["edition"], len(figures), page["total"])
print(figures[["id", "low", "point", "high", "as_of"]].head())""",
    ),
    (
        "pandas-csv",
        "Python",
        N_("The same rows as CSV, with typed dates and lists"),
        """\
import pandas as pd

site = "{base}".removesuffix("/api/v1")
events = pd.read_csv(
    f"{site}/events.csv?place=china",
    parse_dates=["earliest", "latest"],
)
events["places"] = events["places"].str.split(";")
print(len(events), events["earliest"].min().date())""",
    ),
    (
        "mirror",
        "Python",
        N_("A copy of the record; run it again to update the copy"),
        """\
import json
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

api, kept = "{base}", Path("sojourn-copy.json")
copy = {"follow": f"{api}/changes?since=0", "records": {}}
if kept.exists():
    copy = json.loads(kept.read_text())
address = copy["follow"]
while address:
    with urlopen(urljoin(api, address)) as answer:
        page = json.load(answer)
    for change in page["items"]:
        if change["record"]:
            copy["records"][change["id"]] = change["record"]
        else:  # withdrawn, merged or removed
            copy["records"].pop(change["id"], None)
    address = page["next"]
copy["follow"] = page["follow"]
kept.write_text(json.dumps(copy))
print(page["edition"], len(copy["records"]))""",
    ),
    (
        "r-list",
        "R",
        N_("A list as a data frame"),
        """\
library(jsonlite)

api <- "{base}"
page <- fromJSON(paste0(api, "/estimates?place=china&limit=1000"))
figures <- page$items
print(page$edition)
print(head(figures[, c("id", "low", "point", "high", "as_of")]))""",
    ),
]
