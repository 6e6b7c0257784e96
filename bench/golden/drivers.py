"""Who does the acts of `day.py`: one class for each kind of desk that a commit may have."""

from collections.abc import Collection, Mapping, Sequence

import httpx2
import pyotp

from bench.golden.day import ADMIN, DAY, ROLES
from bench.golden.reader import HOST, PageError, Reader, client_of

PASSWORD = "four words and a horse"
FIELDS = {
    "place": "terms.0.code",
    "paraphrase": "citations.0.paraphrase",
    "speaker": "citations.0.chain.0.attribution",
    "private note": "note",
}
"""Names of the day's values in the forms of records, where they differ."""
Values = Mapping[str, str]


class SheetDesk:
    """A sheet for each report, long forms for drafts, and a queue for acts of two persons."""

    ROUTES = frozenset({"POST /desk/sources/{id}/choose", "POST /desk/drafts/{id:int}"})
    """A side with all of these has this desk."""
    FIELDS: Mapping[str, str] = FIELDS

    def __init__(self, port: int, first_link: str) -> None:
        self.port = port
        self.people: dict[str, Reader] = {}
        self.codes: dict[str, list[str]] = {}
        self.edition = 0
        """The last one that was published."""
        self.records: dict[str, str] = {}
        """Ids that the desk gave, by the day's names of them."""
        self.drafts: dict[str, str] = {}
        """Addresses of drafts, by the day's names or ids of their records."""
        self._open(first_link)

    def touched(self) -> list[str]:
        """Return the ids of all records that the day made or changed."""
        return sorted({*map(self._id, self.drafts), *self.records.values()})

    def _id(self, name: str) -> str:
        return self.records.get(name, name)

    def _typed(self, values: Values) -> dict[str, str]:
        return {self.FIELDS.get(name, name): value for name, value in values.items()}

    # People --------------------------------------------------------------------------------------

    def _open(self, link: str) -> None:
        """Let everybody join: the first admin by the site's link, the others by invitations."""
        for name, role in ROLES.items():
            typed = {"Your name": name, "Password": PASSWORD}
            if name == ADMIN:
                typed["E-mail"] = _email(name)
            else:
                admin = self.people[ADMIN].open("/desk/people")
                admin.press("Create an invitation", {"E-mail": _email(name), "role": role})
                link = admin.find("//input[contains(@value, '/desk/welcome/')]/@value")[0]
            person = self.people[name] = Reader(client_of(self.port))
            person.open(link.removeprefix(f"http://{HOST}")).press("Save and sign in", typed)
            if role != "contributor":
                secret = "".join(person.find("//*[contains(@class, 'secret')]/text()")).split()
                code = pyotp.TOTP("".join(secret)).now()
                person.press("Turn it on", {"Your password": PASSWORD, "Code": code})
                self.codes[name] = person.find("//*[contains(@class, 'codes')]//li/text()")
            person.open("/desk").expect("My desk")

    def sign_in(self, by: str) -> None:
        person = self.people[by].open("/desk").press("Sign out").open("/desk/sign-in")
        person.press("Sign in", {"E-mail": _email(by), "Password": PASSWORD})
        if by in self.codes:
            # A code of the app works once; a recovery code needs no waiting for the next.
            person.press("Continue", {"Code": self.codes[by].pop()})
        person.open("/desk").expect("My desk")

    # Reports and entries -------------------------------------------------------------------------

    def begin_report(self, by: str, name: str, url: str, values: Values) -> None:
        person = self.people[by].open("/desk/sources").press("Look up", {"url": url})
        person.press("Add it without reading the page")
        self.records[name] = person.at.partition("?")[0].rsplit("/", 1)[1]
        typed = {"published_basis": "stated", "title_basis": "printed", "extent": "full", **values}
        person.press("Save draft", {f"source.{field}": text for field, text in typed.items()})

    def add_entry(self, by: str, report: str, name: str, kind: str, values: Values) -> None:
        person = self.people[by].open(f"/desk/sources/{self._id(report)}")
        person.press("Add an event" if kind == "E" else "Add an estimate")
        self.drafts[name] = person.at.partition("?")[0]
        self.records[name] = person.find("//form[@id='draft']//input[@name='id']/@value")[0]
        person.press("save", self._typed(values)).open(f"{self.drafts[name]}?check=1")
        if person.has_button("looked all"):
            person.press("looked all")

    def submit(self, by: str, report: str) -> None:
        """The report's button submits everything that was entered from it."""
        person = self.people[by].open(f"/desk/sources/{self._id(report)}")
        if "check=1" in person.press("Submit for review").at:
            raise PageError(f"{report} can't be submitted: {person.said()}")

    def mend(self, by: str, entry: str, values: Values) -> None:
        self._submit(self.people[by].open(self.drafts[entry]), self._typed(values))

    def _submit(self, person: Reader, typed: Values) -> None:
        if "/drafts/" in person.press("submit", typed).at:
            raise PageError(f"{person.at} can't be submitted: {person.said()}")

    # Review --------------------------------------------------------------------------------------

    def _review(self, by: str, entry: str) -> Reader:
        return self.people[by].open(self.drafts[entry].replace("/drafts/", "/review/"))

    def give_back(self, by: str, entry: str, comment: str) -> None:
        person, draft = self._review(by, entry), self.drafts[entry].rsplit("/", 1)[1]
        if person.has_button(f"return {draft}"):
            person.press(f"return {draft}", {f"comment.{draft}": comment})
        else:
            person.press("return", {"comment": comment})

    def approve(self, by: str, entries: Sequence[str]) -> None:
        for entry in entries:
            if entry not in self.drafts:
                person = self.people[by].open(f"/desk/review/reports/{self._id(entry)}")
                person.press("decide", ticked=["tick.", "confirm."])
            elif (person := self._review(by, entry)).has_button("approve"):
                person.press("approve", ticked=["confirm."])
            elif person.has_button("decide") and not person.has("input[@name='publish'][@checked]"):
                person.press("decide", ticked=["tick.", "confirm."])

    def publish(self, by: str, summary: str) -> None:
        person = self.people[by].open("/desk/review")
        person.press("Publish ticked changes", {"Summary of this edition": summary})
        self.edition = int(person.expect(r"Published as edition (\d+)")[1])

    # Published records ---------------------------------------------------------------------------

    def _begin_change(self, person: Reader, record: str, button: str = "Edit") -> None:
        self.drafts[record] = person.press(button).at.partition("?")[0]

    def edit(self, by: str, record: str, values: Values, why: str, reason: str) -> None:
        person = self.people[by].open(f"/desk/records/{record}")
        self._begin_change(person, record)
        self._submit(person, {**self._typed(values), "change.why": why, "change.reason": reason})

    def submit_change(self, by: str, record: str, why: str, reason: str) -> None:
        person = self.people[by].open(self.drafts[record])
        self._submit(person, {"change.why": why, "change.reason": reason})

    def conflict(self, by: str, record: str, other: str, theirs: Values, mine: Values) -> None:
        person = self.people[by].open(f"/desk/records/{record}")
        self._begin_change(person, record)
        self.people[other].open(self.drafts[record]).press("save", self._typed(theirs))
        person.press("save", self._typed(mine))
        choices = person.find("//input[@value='mine'][starts-with(@name, 'take.')]/@name")
        person.press("Save my choices", dict.fromkeys(choices, "mine"))

    def restore(self, by: str, record: str) -> None:
        person = self.people[by].open(f"/desk/records/{record}")
        self._begin_change(person, record, person.find("//button[@name='version']/@value")[-1])

    def merge(self, by: str, gone: str, kept: str, reason: str, second: str) -> None:
        gone, kept = self._id(gone), self._id(kept)
        person = self.people[by].open(f"/desk/records/{kept}/merge?with={gone}")
        person.press("Merge and publish", {"keep": kept, "reason": reason})
        if person.has_button("Merge and publish"):
            # The page asks whether citations support the words of the kept record.
            person.press("Merge and publish", ticked=["confirm."])
        self._confirm(second, person, "Merged in edition")

    def withdraw(self, by: str, record: str, reason: str, second: str) -> None:
        person = self.people[by].open(f"/desk/records/{self._id(record)}")
        self._confirm(second, person.press("Withdraw", {"reason": reason}), "was withdrawn")

    def purge(self, by: str, record: str, reason: str, second: str) -> None:
        id = self._id(record)
        person = self.people[by].open(f"/desk/records/{id}/purge")
        self._confirm(second, person.press("Remove permanently", {"reason": reason, "typed": id}))

    def _confirm(self, second: str, asker: Reader, done: str = "") -> None:
        """Let the second person confirm, unless the page says with `done` that it is done."""
        person = self.people[second].open("/desk/confirmations")
        if person.has_button("confirm"):
            person.press("confirm")
        elif not done or done not in asker.text():
            raise PageError(f"nothing waits for {second}; {asker.at}: {asker.said()}")


def _email(name: str) -> str:
    return f"{name.lower()}@example.org"


class ReportDesk(SheetDesk):
    """A report is a folder of drafts, each entered as a card."""

    ROUTES = frozenset({"POST /desk/sources/{id}", "POST /desk/drafts/{id:int}"})
    FIELDS: Mapping[str, str] = {
        **FIELDS,
        "place": "card.where",
        "happened": "card.when",
        "as_of": "card.when",
        "extent": "copies.0.extent",
    }

    def begin_report(self, by: str, name: str, url: str, values: Values) -> None:
        person = self.people[by].open("/desk/sources").press("Look up", {"url": url})
        person.press("Add it without reading the page")
        self.records[name] = person.at.partition("?")[0].rsplit("/", 1)[1]
        typed = {"published_basis": "stated", "title_basis": "printed", "extent": "full", **values}
        person.press("done", self._typed(typed))

    def add_entry(self, by: str, report: str, name: str, kind: str, values: Values) -> None:
        person = self.people[by].open(f"/desk/sources/{self._id(report)}").press(f"new {kind}")
        self.drafts[name] = person.find("//form[@id='draft']/@action")[0]
        self.records[name] = person.find("//form[@id='draft']//input[@name='id']/@value")[0]
        sure = {"citations.0.certainty": "firm"}
        unit = {"unit": "people"} if kind == "M" else {}
        person.press("done", {**sure, **unit, **self._typed(values)})


DRIVERS = (SheetDesk, ReportDesk)
Desk = SheetDesk


def spend_the_day(routes: Collection[str], port: int, first_link: str) -> Desk:
    """Do all acts at the desk with these routes, each as “POST /address”."""
    for driver in DRIVERS:
        if driver.ROUTES.issubset(routes):
            break
    else:
        raise SystemExit("No driver of bench/golden/drivers.py knows this desk.")
    desk = driver(port, first_link)
    for number, act in enumerate(DAY, 1):
        try:
            getattr(desk, act.kind)(act.by, **act.what)
        except (PageError, httpx2.HTTPError, LookupError) as error:
            raise SystemExit(f"Act {number} of the day, {act.kind}: {error!r}") from error
    return desk
