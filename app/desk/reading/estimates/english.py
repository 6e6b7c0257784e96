"""English words for numbers and what they count."""

from app.desk.reading.estimates.grammar import (
    Grammar,
    change,
    length,
    one_in,
    share,
    words_only,
)
from app.desk.reading.estimates.numbers import ENGLISH_ONES, ENGLISH_SCALES, ENGLISH_TENS, english

_WORD = "|".join(sorted({*ENGLISH_ONES, *ENGLISH_TENS} - {"a", "an"}, key=len, reverse=True))
_SCALE = "|".join(sorted(ENGLISH_SCALES, key=len, reverse=True))
NUMBER = (
    rf"(?<![a-z0-9])(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+(?:\.[0-9]+)"
    rf"?)(?:[ -]?(?:{_SCALE})(?![a-z]))*"
    rf"|(?<![a-z])(?:(?:{_WORD})(?:[ -](?:{_WORD}|{_SCALE}|and(?= (?:{_WORD}))))*"
    rf"|an? (?:{_SCALE}))(?![a-z])"
)
_PEOPLE = (
    r"(?:north koreans|vietnamese|chinese|russians|uzbeks|tajiks|kyrgyz|"
    r"bangladeshis|indians|indonesians|pakistanis|mongolians|"
    r"nepalis|filipinos|foreigners|people|persons|workers?|labou?rers?|women|men|hands|"
    r"nationals|employees|staff|trainees|interns|students|waitresses|"
    r"seamstresses|builders|fishermen|"
    r"seafarers|sailors|maids|housemaids|helpers|nurses|doctors|migrants|expatriates|immigrants|"
    r"citizens|officials|overseers|managers|residents|inmates|detainees|"
    r"defectors|soldiers|troops|"
    r"engineers|miners|loggers|cooks|drivers|passengers|arrivals|individuals|"
    r"returnees|specialists|respondents|interviewees|caregivers|carers|guards|cleaners|"
    r"deckhands|dockers|survivors|victims|suspects|children|passengers|applicants|pilgrims|"
    r"burmese|cambodians|thais|laotians|sri lankans|kazakhs|turkmens|ukrainians|belarusians|"
    r"ethiopians|kenyans|ugandans|egyptians|yemenis|syrians|afghans|iranians|koreans|"
    r"japanese|taiwanese|malaysians|moldovans|georgians|armenians|africans|asians|"
    r"technicians|girls|youths|programmers|welders|crew|recruits|overstayers|"
    r"visitors|traders|strong)"
)
_MODIFIERS = (
    r"(?:[ -](?!(?:of|in|at|to|from|on|by|after|before|since|under|during|over|"
    r"were|was|are|is|had|have|has|"
    r"and|or|for|with|who|that|a|the|per|each|as|out|remain\w*|left|"
    r"arriv\w*|cross\w*|boarded|enter\w*|people|workers|months?|days?|"
    r"weeks?|years?|hours?|visas|permits|yuan|dollars|per\s?cent)\b)"
    r"[a-z’'-]+){0,3}?(?:[ -]|\b)"
)
GRAMMAR = Grammar(
    number=NUMBER,
    value=english,
    joints=r" ?[–—-] ?\$?| to (?:as many as |about |around )?\$?| and (?:about "
    r")?\$?(?=[0-9a-z]+)| or ",
    before=(
        (
            r"\bfrom (?:about |around |some |nearly |just |over )?\$?[0-9][0-9,.]*(?: [a-z]+)? to",
            "exact",
        ),
        (
            r"\b(?:the )?(?:figure|number|total) of|\b(?:down|up) from|\banother|"
            r"\ba further|\ban additional|"
            r"\b(?:rose|fell|dropped|grew|climbed|increased|decreased|cut|shrank|"
            r"swelled) to|(?<=%), to",
            "exact",
        ),
        (r"(?:\bsomewhere |\banywhere )?\b(?:between|from)", ""),
        (
            r"\b(?:about|around|some|roughly|approximately|an estimated|estimated|"
            r"circa|approx\.?|"
            r"(?:a )?total of about|in the region of|or so|an average of)",
            "about",
        ),
        (r"\b(?:nearly|almost|just under|close to|just short of|not quite|virtually)", "nearly"),
        (
            r"\b(?:(?:slightly |well |far |many )?more than|over|upwards? of|in excess of|"
            r"above|exceeding|greater than|no fewer than a|north of)",
            "more-than",
        ),
        (
            r"\b(?:at least|no fewer than|no less than|not less than|not fewer than|a minimum of|"
            r"as few as|upward from)",
            "at-least",
        ),
        (
            r"\b(?:up to|as many as|as much as|at most|a maximum of|no more than|not more than|"
            r"up to some|a limit of|within|maximum of|capped at|a quota of|a cap of)",
            "up-to",
        ),
        (r"\b(?:fewer than|less than|under|below|short of)", "fewer-than"),
        (r"\b(?:there were|they were|they numbered|their number was)(?: only| just)", "exact"),
    ),
    inside=(
        (r"[ -](?:odd|plus)\b|\+", "more-than"),
        (r" or so(?= [a-z])", "about"),
        (r" or more(?= [a-z])", "at-least"),
    ),
    after=(
        (r" or (?:so|thereabouts)\b", "about"),
        (r" or more\b| or over\b| at least\b", "at-least"),
        (r" at most\b| or (?:less|fewer)\b| at the most\b", "up-to"),
    ),
    units=(
        (r"[ -]?(?:per ?cent|%|percent\b)", "percent"),
        (r"(?:years? old|years? of age|-year-old)", "years"),
        (rf"(?:{_MODIFIERS})?\b{_PEOPLE}\b", "people"),
        (rf"(?:{_MODIFIERS})?\bvisas?\b", "visas"),
        (
            rf"(?:{_MODIFIERS})?\b(?:permits?|passes|licen[cs]es|authori[sz]ations|"
            rf"permissions)\b",
            "permits",
        ),
        (
            rf"(?:{_MODIFIERS})?\b(?:restaurants?|factories|factory|plants?|firms?|companies|"
            r"company|businesses|sites|"
            r"warehouses|hotels|shops|farms|workshops|mills|joint ventures|agencies|"
            r"enterprises|employers|"
            r"workplaces|outlets)\b",
            "businesses",
        ),
        (rf"(?:{_MODIFIERS})?\b(?:flights?|planes?|aircraft)\b", "flights"),
        (
            rf"(?:{_MODIFIERS})?\b(?:buses|bus|coaches|lorries|trucks|minibuses|"
            rf"vans|vehicles|ships|boats|vessels|longliners|trawlers|ferries|trains|cars)\b",
            "vehicles",
        ),
        (
            rf"(?:{_MODIFIERS})?\b(?:passports|contracts|documents|letters|phones|laptops|"
            rf"computers|rooms|flats|apartments|dormitories|beds|times|cases|complaints|"
            rf"containers|tons|tonnes|hectares|miles|kilometres)\b",
            "none",
        ),
        (rf"(?:{_MODIFIERS})?\b(?:families|households)\b", "families"),
        (
            rf"(?:{_MODIFIERS})?\b(?:districts|towns|counties|cities|provinces|"
            rf"countries|villages)\b",
            "districts",
        ),
        (rf"(?:{_MODIFIERS})?\b(?:entries|crossings)\b", "entries"),
        (rf"(?:{_MODIFIERS})?\b(?:offices|checkpoints)\b", "offices"),
        (r"[ -]hours?\b", "hours"),
        (r"[ -](?:full |whole |straight |consecutive |calendar |working )?days?\b", "days"),
        (r"[ -]weeks?\b", "weeks"),
        (r"[ -](?:full |whole |straight |consecutive )?months?\b", "months"),
        (r"[ -](?:full |whole )?years?\b", "years"),
        (r" ?(?:chinese )?(?:yuan|rmb|renminbi)\b", "yuan"),
        (r" ?(?:us |u\.s\. )?(?:dollars?|usd)\b", "usd"),
        (r" ?(?:russian )?r(?:o)?ubles?\b", "rub"),
        (r" ?euros?\b", "eur"),
        (r" ?(?:south korean |korean )?won\b", "krw"),
        (r" ?(?:japanese )?yen\b", "jpy"),
        (r" ?(?:kuwaiti |bahraini |jordanian |iraqi )?dinars?\b", "dinar"),
        (r" ?(?:qatari |saudi |omani |yemeni )?ri[y]?als?\b", "riyal"),
        (r" ?(?:philippine )?pesos?\b", "php"),
        (r" ?(?:nepali |nepalese |indian |pakistani |sri lankan )?rupees?\b", "rupee"),
        (r" ?taka\b", "bdt"),
        (r" ?baht\b", "thb"),
        (r" ?(?:vietnamese )?dong\b", "vnd"),
        (r" ?(?:indonesian )?rupiah\b", "idr"),
        (r" ?tenge\b", "kzt"),
        (r" ?(?:uzbek )?soums?\b", "uzs"),
        (r" ?(?:new )?taiwan(?:ese)? dollars\b", "twd"),
        (r" ?ringgit\b", "myr"),
        (r" ?dirhams?\b", "aed"),
    ),
    gap=r" (?:of (?:the )?|to )?",
    money_before=(
        (r"nt\$", "twd"),
        (r"s\$|sgd ?", "sgd"),
        (r"hk\$", "hkd"),
        (r"(?:us)?\$", "usd"),
        (r"rs\.? ?|npr ?", "rupee"),
        (r"sar ?", "sar"),
        (r"qr ?|qar ?", "qar"),
        (r"₱|php ?", "php"),
        (r"€|eur ", "eur"),
        (r"rmb ?|cny ?|¥", "yuan"),
        (r"£", "gbp"),
        (r"₽", "rub"),
        (r"usd ?", "usd"),
        (r"rm ?", "myr"),
    ),
    per_before=(
        (r"\b(?:every|each|per) day|\bdaily|\ba day", "day"),
        (r"\b(?:every|each|per) week|\bweekly", "week"),
        (r"\b(?:every|each|per) month|\bmonthly", "month"),
        (r"\b(?:every|each|per) year|\b(?:annually|yearly)", "year"),
        (r"\bhourly", "hour"),
    ),
    per_after=(
        (r"(?: [a-z]+){0,2} (?:an|per|each|every|the) hour\b|/hour| hourly\b", "hour"),
        (r" (?:a|per|each|every) day\b|/day| daily\b", "day"),
        (r"(?: [a-z]+)? (?:a|per|each|every) week\b| weekly\b|/week", "week"),
        (r" (?:a|per|each|every) month\b| monthly\b|/month", "month"),
        (r" (?:a|per|each|every) year\b| (?:annually|yearly)\b|/year", "year"),
        (
            r" (?:a|per|each|for each|for every) (?:person|head|worker|man|woman|migrant|maid|"
            r"employee|labourer|recruit)"
            r"\b| apiece\b| each\b(?! (?:day|week|month|year))",
            "person",
        ),
        (r" (?:a|per|each|on each|on every) (?:flight|voyage|bus|coach|trip)\b", "journey"),
    ),
    phrases=(
        (
            r"(?:(?P<more_than>more than|over) |(?P<at_least>at least) |(?P<about>about|"
            r"around) )?"
            r"half a year\b(?! ago)",
            length(6, "months"),
        ),
        (
            r"\b(?:(?:several|many|a few|some|literally) )?(?:tens|hundreds|"
            r"scores|dozens|thousands) of (?:thousands )?(?:of )?(?:[a-z-]+ "
            r"){0,2}?visas\b",
            words_only("visas"),
        ),
        (
            r"\b(?:(?:several|many|a few|some|literally) )?(?:(?:tens|hundreds)"
            r" of thousands|hundreds|scores|dozens|thousands)(?: of(?: [a-z-]+)"
            r"{0,2}? [a-z]+s\b| of (?:women|men|people|staff))?",
            words_only(),
        ),
        (
            r"\b(?:several|a few|a couple of) (?:hundred|thousand|dozen)(?: "
            r"[a-z-]+){0,2}? (?:people|workers|women|men|[a-z]+s)\b|\b(?:several|"
            r"a few) (?:hundred|thousand|dozen)\b|\ba handful of(?: [a-z-]+)"
            r"{0,1} (?:people|workers|women|men)\b",
            words_only(),
        ),
        (
            r"\b(?:fell|dropped|shrank|declined|cut|reduced|down|decreased|halved)"
            r" (?:by |to |in )?half\b|\bhalved\b",
            change(-0.5),
        ),
        (r"\bdoubled\b", change(1)),
        (
            r"\b(?:(?P<about>about|around|roughly|some|approximately) |(?P<nearly>nearly|"
            r"almost|close to) |(?P<more_than>more than|over) |(?P<fewer_than>less "
            r"than|fewer than) |(?P<at_least>at least) |(?P<up_to>up to) )?half(?= "
            r"of| the| have| had| are| were|[.,]|$| a)(?! a (?:year|month|million|"
            r"day|century|dozen))(?: of (?:the |its |their |all |those )?(?:[a-z]+ "
            r"){0,1}(?:staff|workers|workforce|people|nationals))?",
            share(0.5),
        ),
        (
            r"\b(?:(?P<about>about|around|roughly|some|approximately) |(?P<nearly>nearly|"
            r"almost|close to) |(?P<more_than>more than|over) |(?P<fewer_than>less "
            r"than|fewer than) )?(?:one[ -]third\b|a[ -]third(?= (?:of|as|more|less|fewer|lower|"
            # “A third step” and “a third person” are ordinal numbers.
            r"higher|smaller|are|were|have|had|is|was|left|returned)\b|[.,;:)”\"]|$))"
            r"(?: of the (?:staff|workers|seafarers))?",
            share(0.333),
        ),
        (
            r"\b(?:(?P<about>about|around|roughly|some|approximately) |(?P<nearly>nearly|"
            r"almost|close to) |(?P<more_than>more than|over) )?two[ -]thirds\b",
            share(0.667),
        ),
        (
            r"\b(?:(?P<about>about|around|roughly|some|approximately) |(?P<nearly>nearly|"
            r"almost|close to) |(?P<more_than>more than|over) )?(?:a|one)[ -]quarter\b(?! "
            r"of the year)",
            share(0.25),
        ),
        (
            r"\b(?:(?P<about>about|around|roughly|some|approximately) |(?P<nearly>nearly|"
            r"almost|close to) |(?P<more_than>more than|over) )?three[ -]quarters\b",
            share(0.75),
        ),
        (
            r"\b(?:(?P<about>about|around|roughly|some) |(?P<nearly>nearly|almost) |(?P<more_than>"
            r"more than|over) |(?P<at_least>at least) |(?P<fewer_than>fewer than|less than) )?"
            r"(?P<part>one|two|three|four|five|six|seven|"
            r"eight|nine|[1-9]) (?:in|out of) (?:every )?(?P<whole>two|three|four|five|six|seven|"
            r"eight|nine|ten|[2-9]|10)\b(?! (?:days|weeks|months|years))",
            one_in(english),
        ),
        (r"\b(?:(?P<nearly>nearly|almost) )?(?:one|a)[ -]fifth\b", share(0.2)),
        (r"\b(?:one|a)[ -]tenth\b", share(0.1)),
        (r"\btwo[ -]fifths\b", share(0.4)),
    ),
    no_number_before=r"(?:[0-9][.,]|#|\bno\.? ?|\barticle |\bresolution |\bparagraph "
    r"|\bpage |\bq|\bchapter |\bstage |\bphase |\broom |\baged? )$",
    no_number_after=r"(?:st|nd|rd|th)\b|[0-9]|[.,][0-9]|:[0-9]| ?[ap]\.?m\b|/[0-9]|-(?:meter|"
    r"metre|km|storey)",
    falls=r"\b(?:fell|fall|drop|dropped|down|cut|cuts|reduced|declined?|decreased?|"
    r"shrank|shrunk|lower|slashed|fewer|less)\b(?: by| to)?",
    rises=r"\b(?:rose|grew|(?<!make )(?<!makes )(?<!made )(?<!making )up|increased?|"
    r"climbed|higher|raised|growth)\b(?: by)?(?! to\b)",
    changes_before=r"\b(?:rose|risen|rise|fell|fallen|fall|grew|grown|growth|dropp?(?:ed|ing)?|"
    r"increas\w+|decreas\w+|declin\w+|climb\w+|shr[aiu]nk\w*|cut(?:ting)?|reduc\w+|rais\w+|"
    r"went (?:up|down)|expand\w+|lower\w*|doubl\w+|jump\w+|chang\w+)\b"
    r"(?:(?!\bby\b)[^,;.]){0,40}? from (?:about |around |some |nearly |just |over )?\$?$",
    elided_after=r" (?:in|at|from|near|on|around) ",
    elided_before=r"(?:\band|\bbut|[,;–—])(?: another| a further| only| just)? $",
    of_people=r" (?:of (?:them|whom|those|(?:(?:the|its|their|those|these|his|"
    r"her|our) )?[0-9]+)|more |were|are|have|had|remain|"
    r"remained|left|arrived|boarded|crossed|entered|came)\b",
    pay=r"\bmonthly (?:[a-z]+ ){0,2}?(?:pay|salary|salaries|wages?|incomes?|earnings|fees?)\b",
)
