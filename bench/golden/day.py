"""A day at the desk: what people do there, judged by what readers see afterwards.

A desk that other buttons lead through has a class of its own, which is written before the former
desk goes. Records that the day makes are called by names; the desk gives their ids.
"""

from collections.abc import Sequence

import pyotp

from bench.golden.reader import HOST, PageError, Reader, client_of

ADMIN, EDITOR, OTHER_EDITOR, WRITER = "Amal", "Basma", "Dana", "Chidi"
ROLES = {ADMIN: "admin", EDITOR: "editor", OTHER_EDITOR: "editor", WRITER: "contributor"}
PRIVATE = "PRIVATE-MARKER"
"""Written into fields that only the desk may see. It may be in no answer to readers."""
PASSWORD = "four words and a horse"
REPORT = {
    "outlet": "daily-nk",
    "published": "2019-05-14",
    "published_basis": "stated",
    "language": "ko",
    "title": "단둥 노동자 비자 연장 중단",
    "title_basis": "printed",
    "title_en": "Visas of workers in Dandong are not extended",
    "copies.0.extent": "full",
}
SAID = {
    "card.where": "dandong",
    "card.when": "2019-05",
    "citations.0.paraphrase": "The office no longer extends visas of workers.",
    "citations.0.chain.0.attribution": "resident",
    "citations.0.certainty": "firm",
    "note": PRIVATE,
}
EVENT = {
    **SAID,
    "title": "Dandong stops extending visas",
    "summary": "Reported by one newspaper.",
    "type": "stay-limit",
    "card.nationality": "kp",
}
SECOND = {**EVENT, "title": "Visas in Dandong end", "card.when": "2019-05-13"}
THIRD = {**EVENT, "title": "An event about a person", "summary": "It names a person."}
FIGURE = {
    **SAID,
    "counts": "present",
    "population": "workers",
    "quantifier": "about",
    "point": "2,000",
    "unit": "people",
    "citations.0.paraphrase": "Some two thousand work in the city.",
}


class Desk:
    """A report is a folder of drafts, each entered as a card."""

    def __init__(self, port: int, first_link: str) -> None:
        self.people: dict[str, Reader] = {}
        self.edition = 0
        """The last one that was published."""
        self.records: dict[str, str] = {}
        """Ids that the desk gave, by the day's names of them."""
        self.drafts: dict[str, str] = {}
        """Addresses of drafts, by the day's names or ids of their records."""
        for name in ROLES:
            self.people[name] = Reader(client_of(port))
            self._join(name, first_link)

    def touched(self) -> list[str]:
        """Return the ids of all records that the day made or changed."""
        return sorted({*map(self._id, self.drafts), *self.records.values()})

    def _id(self, name: str) -> str:
        return self.records.get(name, name)

    # People --------------------------------------------------------------------------------------

    def _join(self, name: str, link: str) -> None:
        """Let a person join: the first admin by the site's link, the others by invitations."""
        typed = {"Your name": name, "Password": PASSWORD}
        if name == ADMIN:
            typed["E-mail"] = _email(name)
        else:
            admin = self.people[ADMIN].open("/desk/people")
            admin.press("Create an invitation", {"E-mail": _email(name), "role": ROLES[name]})
            link = admin.find("//input[contains(@value, '/desk/welcome/')]/@value")[0]
        person = self.people[name].open(link.removeprefix(f"http://{HOST}"))
        person.press("Save and sign in", typed)
        if ROLES[name] != "contributor":
            secret = "".join(person.find("//*[contains(@class, 'secret')]/text()")).split()
            code = pyotp.TOTP("".join(secret)).now()
            person.press("Turn it on", {"Your password": PASSWORD, "Code": code})

    # Reports and entries -------------------------------------------------------------------------

    def begin_report(self, by: str, name: str, url: str) -> None:
        person = self.people[by].open("/desk/sources").press("Look up", {"url": url})
        person.press("Add it without reading the page")
        self.records[name] = person.at.partition("?")[0].rsplit("/", 1)[1]
        person.press("done", REPORT)

    def add_entry(self, by: str, report: str, name: str, kind: str, typed: dict[str, str]) -> None:
        person = self.people[by].open(f"/desk/sources/{self._id(report)}").press(f"new {kind}")
        self.drafts[name] = person.find("//form[@id='draft']/@action")[0]
        self.records[name] = person.find("//form[@id='draft']//input[@name='id']/@value")[0]
        person.press("done", typed)

    def submit_report(self, by: str, report: str) -> None:
        """Submit everything that was entered from it."""
        person = self.people[by].open(f"/desk/sources/{self._id(report)}")
        if "check=1" in person.press("Submit for review").at:
            raise PageError(f"{report} can't be submitted: {person.said()}")

    def submit(self, by: str, entry: str, **typed: str) -> None:
        person = self.people[by].open(self.drafts[entry])
        named = {name.replace("_", "."): text for name, text in typed.items()}
        if "/drafts/" in person.press("submit", named).at:
            raise PageError(f"{person.at} can't be submitted: {person.said()}")

    # Review --------------------------------------------------------------------------------------

    def _review(self, by: str, entry: str) -> Reader:
        return self.people[by].open(self.drafts[entry].replace("/drafts/", "/review/"))

    def give_back(self, by: str, entry: str, comment: str) -> None:
        person, draft = self._review(by, entry), self.drafts[entry].rsplit("/", 1)[1]
        for box in person.page.xpath("//input[starts-with(@name, 'tick.')]"):
            box.checked = False
        person.press("decide", {f"comment.{draft}": comment})

    def approve(self, by: str, *entries: str) -> None:
        for entry in entries:
            if entry in self.drafts:
                person = self._review(by, entry)
            else:
                person = self.people[by].open(f"/desk/review/reports/{self._id(entry)}")
            person.press("decide", ticked=["tick.", "confirm."])

    def publish(self, by: str, summary: str) -> None:
        person = self.people[by].open("/desk/review")
        person.press("Publish ticked changes", {"Summary of this edition": summary})
        self.edition += 1

    # Published records ---------------------------------------------------------------------------

    def change(self, by: str, record: str, button: str = "Edit") -> Reader:
        person = self.people[by].open(f"/desk/records/{record}").press(button)
        self.drafts[record] = person.at.partition("?")[0]
        return person

    def conflict(self, by: str, record: str, other: str) -> None:
        """Save at two pages: the other saves first, and the values of `by` are chosen."""
        person = self.change(by, record)
        self.people[other].open(self.drafts[record]).press("save", {"title": "The editor’s title"})
        person.press("save", {"title": "The writer’s title", "summary": "The writer’s summary."})
        choices = person.find("//input[@value='mine'][starts-with(@name, 'take.')]/@name")
        person.press("Save my choices", dict.fromkeys(choices, "mine"))

    def restore(self, by: str, record: str) -> None:
        """Begin a change from the first version that was saved at the desk."""
        person = self.people[by].open(f"/desk/records/{record}")
        self.change(by, record, person.find("//button[@name='version']/@value")[-1])

    def merge(self, by: str, gone: str, kept: str, second: str) -> None:
        gone, kept = self._id(gone), self._id(kept)
        person = self.people[by].open(f"/desk/records/{kept}/merge?with={gone}")
        person.press("Merge and publish", {"reason": "Both are one."})
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


def spend_the_day(port: int, first_link: str) -> Sequence[str]:
    """Do all acts at the desk, and return the ids of the records that they made or changed."""
    desk = Desk(port, first_link)
    desk.begin_report(WRITER, "report", "https://news.example/dandong")
    desk.add_entry(WRITER, "report", "event", "E", EVENT)
    desk.add_entry(WRITER, "report", "second", "E", SECOND)
    desk.add_entry(WRITER, "report", "figure", "M", FIGURE)
    desk.add_entry(WRITER, "report", "third", "E", THIRD)
    desk.submit_report(WRITER, "report")
    desk.give_back(EDITOR, "event", "Which office?")
    desk.submit(WRITER, "event", title="The police of Dandong stop extending visas")
    desk.approve(EDITOR, "report", "event")
    desk.publish(EDITOR, "Visas in Dandong")
    desk.change(EDITOR, "E5").press("save", {"title": "Golden workers return", "note": PRIVATE})
    desk.submit(EDITOR, "E5", change_why="corrected", change_reason="It says so.")
    desk.approve(OTHER_EDITOR, "E5")
    desk.publish(OTHER_EDITOR, "A correction")
    desk.conflict(WRITER, "E7", EDITOR)
    desk.submit(WRITER, "E7", change_why="updated", change_reason="More is known.")
    desk.approve(OTHER_EDITOR, "E7")
    desk.publish(OTHER_EDITOR, "After a conflict")
    desk.merge(EDITOR, "second", "event", ADMIN)
    desk.withdraw(EDITOR, "figure", "It counted another city.", ADMIN)
    desk.purge(ADMIN, "third", "A person asked for it.", EDITOR)
    desk.restore(WRITER, "E7")
    desk.submit(WRITER, "E7", change_why="corrected", change_reason="Her title was right.")
    desk.approve(EDITOR, "E7")
    desk.publish(EDITOR, "The editor’s title again")
    return desk.touched()
