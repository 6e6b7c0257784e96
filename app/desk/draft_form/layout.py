"""The layout of each form: sections, fields side by side, folded parts and repeated rows.

The fields themselves are defined in `app.kinds`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.desk.draft_form.independence import INDEPENDENCE, decision_parts
from app.desk.draft_form.parts import (
    AddButton,
    Fields,
    Folded,
    Part,
    PublicAndPrivate,
    RowList,
    Section,
    abreast,
    folded,
    side_by_side,
)
from app.desk.draft_form.proposals import EstimateProposals, ProposedCode, ProposedCodes
from app.i18n.translate import N_
from app.kinds import (
    ActorForm,
    Article,
    ChainStep,
    Citation,
    Copy,
    DerivedFrom,
    EstimateForm,
    EventForm,
    EventToEvent,
    FigureToFigure,
    Form,
    JoinedSources,
    LawForm,
    Legal,
    Name,
    OutletForm,
    PageForm,
    PageSection,
    PictureMark,
    PlaceForm,
    SourceForm,
    Stage,
    Term,
)
from app.kinds.terms import WITH_SIDE
from app.vocabulary.events import SCOPED, TermKey
from app.vocabulary.laws import LegalRelation

PLACES = frozenset({TermKey.PLACE.value})
OTHERS = frozenset(TermKey) - PLACES


def _term(key: TermKey, label: str, role: str) -> AddButton:
    return AddButton(key, label, {"key": key, "role": role})


CITATIONS = Section(
    "citations",
    N_("Citations"),
    (RowList("citations", N_("Citation"), (AddButton("", N_("Add a citation")),)),),
    N_("What each source says, in our own words. Add one citation for each statement."),
)
WHERE = RowList(
    "terms", N_("Place"), (_term(TermKey.PLACE, N_("Add a place"), "at"),), ("key", PLACES)
)
_WHOM = (
    _term(TermKey.NATIONALITY, N_("Add a nationality"), "target"),
    _term(TermKey.PAPER, N_("Add a visa or permit"), "target"),
    _term(TermKey.GROUP, N_("Add a group of workers"), "target"),
    _term(TermKey.SECTOR, N_("Add a sector"), "target"),
)
_BARRED = _term(TermKey.RIGHT, N_("Add a barred activity"), "target")
_ACTS = _term(TermKey.ACTOR, N_("Add an actor"), "orders")
WHO = RowList("terms", N_("Term"), (*_WHOM, _BARRED, _ACTS), ("key", OTHERS))
COUNTED = RowList("terms", N_("Term"), (*_WHOM, _ACTS), ("key", OTHERS))
TERM_TITLES = {
    TermKey.NATIONALITY: N_("Nationality"),
    TermKey.PAPER: N_("Visa or permit"),
    TermKey.GROUP: N_("Group of workers"),
    TermKey.SECTOR: N_("Sector"),
    TermKey.RIGHT: N_("Barred activity"),
    TermKey.ACTOR: N_("Actor"),
    TermKey.PLACE: N_("Place"),
}
PROPOSED_TITLES = {
    "type": N_("Proposed type"),
    "paper": N_("Proposed visa or permit"),
    "group": N_("Proposed group"),
    "sector": N_("Proposed sector"),
    "nationality": N_("Proposed nationality"),
    "instrument": N_("Proposed law"),
    "right": N_("Proposed right"),
}
PROPOSED = N_("Proposed code")
_PROPOSING = (
    AddButton("type", N_("Propose a type"), {"list": "type"}),
    AddButton("paper", N_("Propose a visa or permit"), {"list": "paper"}),
    AddButton("group", N_("Propose a group"), {"list": "group"}),
    AddButton("sector", N_("Propose a sector"), {"list": "sector"}),
    AddButton("nationality", N_("Propose a nationality"), {"list": "nationality"}),
    AddButton("right", N_("Propose a right"), {"list": "right"}),
)


def _proposals(adding: tuple[AddButton, ...]) -> Section:
    return Section(
        "codes",
        N_("Missing codes"),
        (RowList("proposals", PROPOSED, adding),),
        N_("Propose a code if none fits. An admin decides during review."),
    )


_COUNTED_UNDER = AddButton(
    "law", N_("Add a law it is counted under"), {"relation": LegalRelation.COUNTED_UNDER}
)
NAMES = RowList("names", N_("Name"), (AddButton("", N_("Add a name")),))

SECTIONS: dict[type[Form], tuple[Section, ...]] = {
    EventForm: (
        Section("what", N_("What"), ("title", abreast("summary", private="note"), "type")),
        Section(
            "when",
            N_("When"),
            (
                abreast("happened", "happened_text", private="exact_happened"),
                "attested",
                folded(
                    N_("A deadline (not an end), or a bound that we set"),
                    side_by_side("deadline", "deadline_text"),
                    side_by_side("within", "within_reason"),
                ),
                folded(
                    N_("Another calendar, or inferred parts"),
                    side_by_side("happened_basis", "happened_basis_reason"),
                ),
            ),
        ),
        Section("where", N_("Where"), (abreast(WHERE, private="exact_place"),)),
        Section(
            "who",
            N_("Who and what is covered"),
            ("no_nationality", WHO),
            N_("As in the source. Leave out what it does not state."),
        ),
        CITATIONS,
        INDEPENDENCE,
        Section(
            "stages",
            N_("Status"),
            (RowList("stages", N_("Status change"), (AddButton("", N_("Add a status change")),)),),
            N_(
                "Each reported change, with its citation. Other events than measures can "
                "only be planned."
            ),
        ),
        Section(
            "links",
            N_("Links and legal basis"),
            (
                RowList("links", N_("Link"), (AddButton("", N_("Add a link to another event")),)),
                RowList("legal", N_("Law"), (AddButton("", N_("Add a law or resolution")),)),
                folded(N_("Short name for its address"), "slug"),
            ),
        ),
    ),
    EstimateForm: (
        Section(
            "what",
            N_("What is counted"),
            (
                side_by_side("counts", "nature", "may_count"),
                side_by_side("papers_were", "money"),
                side_by_side("unit", "per", "form"),
                "share_of",
                side_by_side("population", "population_text"),
                side_by_side("coverage", "event"),
            ),
        ),
        Section(
            "figure",
            N_("Number"),
            (
                "quantifier",
                side_by_side("low", "point", "high"),
                side_by_side("printed_words", "printed"),
                folded(N_("Preferred or rejected"), "role", "role_reason"),
            ),
        ),
        Section(
            "when",
            N_("When"),
            (
                abreast(
                    side_by_side("as_of", "as_of_text"),
                    side_by_side("period", "period_text"),
                    private="exact_as_of",
                ),
                folded(
                    N_("Year or day inferred by us"),
                    side_by_side("inferred", "inferred_reason"),
                ),
            ),
            N_(
                "Use “as of” for people present on a day or arrived by a day. Use a period "
                "for people who came over time. For a plan or rule, use either or neither; "
                "its day of report is not a period."
            ),
        ),
        Section("where", N_("Where"), (WHERE,)),
        Section("who", N_("Population"), ("no_nationality", COUNTED)),
        CITATIONS,
        INDEPENDENCE,
        Section(
            "links",
            N_("Links and laws"),
            (
                RowList(
                    "links", N_("Link"), (AddButton("", N_("Add a link to another estimate")),)
                ),
                RowList("legal", N_("Law"), (_COUNTED_UNDER,)),
                abreast("remark", private="note"),
                folded(N_("Short name for its address"), "slug"),
            ),
        ),
    ),
    SourceForm: (
        Section(
            "what",
            N_("What was read"),
            (
                "url",
                "outlet",
                "title",
                "title_en",
                side_by_side("title_basis", "language"),
                side_by_side("kind", "author"),
                folded(N_("Rights, short name for its address"), "rights", "slug"),
            ),
        ),
        Section(
            "when",
            N_("When it was published"),
            ("published", side_by_side("published_basis", "published_text")),
        ),
        Section(
            "copies",
            N_("Copies"),
            (RowList("copies", N_("Copy"), (AddButton("", N_("Add a copy")),)),),
            N_("Where it was read, and how much. Note where the copy ends."),
        ),
        Section(
            "derived_from",
            N_("Earlier reports"),
            (
                RowList(
                    "derived_from",
                    N_("Earlier report"),
                    (AddButton("", N_("Add an earlier report")),),
                ),
                abreast("remark", private="note"),
            ),
            N_(
                "Reports that this one repeats, translates or quotes. A repeat is not an "
                "independent source."
            ),
        ),
    ),
    ProposedCodes: (_proposals(_PROPOSING),),
    EstimateProposals: (_proposals(_PROPOSING[1:-1]),),
    OutletForm: (
        Section(
            "what",
            N_("What it is"),
            (
                "code",
                NAMES,
                side_by_side("kind", "country"),
                side_by_side("languages", "belongs_to"),
            ),
        ),
        Section(
            "grade",
            N_("Reliability of the outlet"),
            (
                "reliability",
                abreast("reliability_reason", private="note"),
                side_by_side("reliability_on", "reliability_by"),
            ),
        ),
    ),
    ActorForm: (
        Section(
            "what",
            N_("What it is"),
            (
                side_by_side("code", "kind"),
                NAMES,
                side_by_side("parent", "country"),
                abreast("remark", private="note"),
            ),
            N_("A body or an office, never a person. Entries keep the source’s wording."),
        ),
        Section(
            "registers",
            N_("In other registers"),
            (side_by_side("wikidata", "opensanctions"), side_by_side("lei", "isni")),
            N_("Only if you are sure that it is the same firm."),
        ),
        Section(
            "reply",
            N_("Its reply"),
            ("reply", side_by_side("reply_on", "reply_url"), "indexable"),
        ),
    ),
    LawForm: (
        Section(
            "what",
            N_("What it is"),
            (
                side_by_side("code", "kind"),
                NAMES,
                side_by_side("symbol", "issuer"),
                side_by_side("parent", "replaced_by"),
            ),
        ),
        Section(
            "when",
            N_("Dates in force"),
            (side_by_side("adopted", "in_force", "expires"),),
            N_("From the text or its issuer. Enforcement is recorded in events."),
        ),
        Section(
            "text",
            N_("What it says"),
            (
                "text_url",
                RowList("articles", N_("Article"), (AddButton("", N_("Add an article")),)),
                abreast("remark", private="note"),
            ),
            N_("In our own words. Only what you read in the text itself."),
        ),
    ),
    PageForm: (
        Section("what", N_("What it is"), (side_by_side("code", "kind"), NAMES)),
        Section(
            "text",
            N_("The text"),
            (
                abreast("body", private="note"),
                side_by_side("language", "responsible"),
                RowList("sections", N_("Part"), (AddButton("", N_("Add a part")),)),
            ),
            N_(
                "Link to events, estimates and sources as [words](E5). Write only what the "
                "record shows. The desk warns of a text that nobody answers for."
            ),
        ),
        Section(
            "picture",
            N_("The picture on the front page"),
            (
                RowList("marks", N_("Mark"), (AddButton("", N_("Add an event")),)),
                "places",
            ),
        ),
    ),
    PlaceForm: (
        Section("what", N_("What it is"), (side_by_side("code", "kind"), NAMES)),
        Section(
            "where",
            N_("Where it is"),
            (
                side_by_side("parent", "country"),
                "regions",
                side_by_side("latitude", "longitude", "precision_km"),
                "geonames",
                "operator",
                abreast("remark", private="note"),
            ),
        ),
    ),
}
"""The sections of each form. Fields that are not listed, such as ids, are hidden."""

_LINK: tuple[Part, ...] = (
    side_by_side("type", "to"),
    "reason",
    folded(N_("A comparison"), side_by_side("factor", "sense")),
)

OF_EVENTS: tuple[Part, ...] = ("reports_event", "names_law")
"""Fields of a citation that are asked under events only."""

ROWS: dict[type[Form], tuple[Part, ...]] = {
    Citation: (
        "source",
        "copy_read",
        side_by_side("also_in", "missing_in"),
        RowList("chain", N_("Speaker"), (AddButton("", N_("Add a speaker or outlet")),)),
        "own_words",
        abreast("paraphrase", private="note"),
        side_by_side("stance", "kind", "about"),
        "reports_event",
        "names_law",
        side_by_side("said", "said_text"),
        folded(
            N_("Dates that this source gives"),
            side_by_side("happened", "happened_text"),
            side_by_side("deadline", "deadline_text"),
        ),
        folded(
            N_("Another calendar, or inferred parts"),
            side_by_side("said_basis", "said_basis_reason"),
        ),
        side_by_side("certainty", "certainty_text"),
        "manner",
        folded(
            N_("Quote, place in the source, differences, credibility"),
            "quote",
            side_by_side("quote_language", "quote_translator"),
            "quote_translation",
            side_by_side("locator", "locator_text"),
            "breaks_off",
            side_by_side("field", "value", "differs"),
            "credibility",
        ),
    ),
    ChainStep: (
        abreast(side_by_side("attribution", "words"), "named", private="exact_words"),
        folded(
            N_("Outlet, number of speakers, occasion"),
            side_by_side("outlet", "said"),
            side_by_side("speakers", "speakers_text"),
            "occasion",
        ),
    ),
    Stage: (
        side_by_side("step", "citation"),
        side_by_side("date", "date_text"),
        "first_reported",
        folded(
            N_("Another calendar, inferred parts, or a bound that we set"),
            side_by_side("date_basis", "date_basis_reason"),
            side_by_side("within", "within_reason"),
        ),
        folded(
            N_("Planned for, deadline"),
            side_by_side("planned_for", "planned_for_text"),
            side_by_side("deadline", "deadline_text"),
        ),
        folded(
            N_("Stated length or end"),
            side_by_side("duration", "duration_text"),
            side_by_side("valid_until", "valid_until_text"),
        ),
        "remark",
    ),
    EventToEvent: (_LINK[0], "citation", *_LINK[1:]),
    FigureToFigure: _LINK,
    Legal: (side_by_side("instrument", "printed"), side_by_side("relation", "reading")),
    Name: (side_by_side("text", "language"), "preferred"),
    Article: ("number", "says"),
    PageSection: ("part", "says"),
    PictureMark: ("event", side_by_side("label", "group")),
    Copy: (
        side_by_side("host_kind", "host"),
        "url",
        side_by_side("extent", "read_on"),
        folded(N_("Archived copy"), side_by_side("archive", "sha256")),
    ),
    DerivedFrom: (side_by_side("source", "outlet"), "how"),
}


def row_parts(
    form: type[Form], row: Mapping[str, str], record: type[Form] | None = None
) -> Sequence[Part]:
    """Return the fields of a row; those of a term or proposed code depend on its list.

    `record` is the form around it: sectors and groups restrict or describe an estimate.
    """
    if form is Citation and record is EstimateForm:
        return tuple(part for part in ROWS[form] if part not in OF_EVENTS)
    if form is Legal and record is EstimateForm:
        return (side_by_side("instrument", "printed"), "reading")
    if form is ProposedCode:
        words = ("label", "definition", "example", "code")
        return (*words, side_by_side("group", "nature")) if row["list"] == "type" else words
    if form is JoinedSources:
        return decision_parts(row)
    if form is not Term:
        return ROWS[form]
    rest: tuple[str, ...] = ("printed", "number")
    if row["key"] == TermKey.ACTOR:
        # Others have no side; one that was entered before is shown, so that it can be emptied.
        is_sided = row["role"] in {*WITH_SIDE, ""} or row.get("side")
        rest = ("number",)
        first = side_by_side("code", "printed", "role", *(("side",) if is_sided else ()))
    elif record is EstimateForm and row["key"] in SCOPED:
        first = side_by_side("code", "scope", "role")
    else:
        first = side_by_side("code", "role")
    title = (
        N_("Number, certainty, citation")
        if row["key"] == TermKey.ACTOR
        else N_("Wording in the source, number, certainty, citation")
    )
    return first, folded(title, side_by_side(*rest), side_by_side("certainty", "citation"))


def lists_in(parts: Iterable[Part]) -> Iterator[RowList]:
    """Yield the repeated rows among these parts."""
    for part in parts:
        match part:
            case RowList():
                yield part
            case Folded(_title, inner):
                yield from lists_in(inner)
            case PublicAndPrivate(public, _private):
                yield from lists_in(public)


def first_field_of_form(form: type[Form]) -> str:
    """Return the first field of a form, which is focused in a new draft."""
    return first_field(SECTIONS[form][0].parts)


def first_field(parts: Iterable[Part]) -> str:
    """Return the first field of these parts."""
    for part in parts:
        match part:
            case str():
                return part
            case Fields(names):
                return names[0]
            case Folded(_, inner) | PublicAndPrivate(inner, _):
                return first_field(inner)
            case RowList():
                continue
    raise LookupError
