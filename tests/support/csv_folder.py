"""A small folder of CSV files to import, and helpers that change and import it."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.csv import import_folder

FILES: dict[str, str] = {
    "vocabulary.csv": """list,code,label,definition,group,nature
type,stay-limit,Stay limit,A limit.,host-state,measure
""",
    "places.csv": """id,code,kind,parent,latitude,longitude,geonames
P1,china,country,,,,
P2,dandong,city,china,40.1234567,124.5,2037886
""",
    "outlets.csv": """id,code,kind,belongs_to,languages
O1,daily,newspaper,,en;ko
""",
    "names.csv": """record,text,language,preferred
P1,China,en,no
P2,Dandong,en,yes
P2,단둥,ko,no
O1,The Daily,en,no
""",
    "sources.csv": """id,outlet,title,title_basis,kind,published,published_basis,url
S1,daily,One,printed,news,2019-06-20,stated,https://example.org/one
S2,daily,Two,printed,news,2019-06-21,stated,https://example.org/two
""",
    "derivations.csv": """record,source,outlet,how
S2,S1,,relay
""",
    "events.csv": """id,title,summary,type,happened
E1,Stay,Reported.,stay-limit,2019-06-15
E2,More,Reported.,stay-limit,
""",
    "terms.csv": """record,key,code,role
E1,place,dandong,at
E2,place,china,at
M1,place,dandong,at
M2,place,dandong,at
""",
    "stages.csv": """record,step,date,citation
E1,announced,2019-06,C1
""",
    "links.csv": """record,id,type,to
E2,L1,follows,E1
M2,L2,rounds,M1
""",
    "citations.csv": """record,id,source,stance,kind,paraphrase
E1,C1,S1,supports,occurrence,It happened.
M1,C2,S2,supports,number,So many.
""",
    "chains.csv": """citation,attribution,words
C1,resident,a resident
C2,outlet-own-voice,
""",
    "estimates.csv": """id,counts,quantifier,point,population,as_of,role,role_reason
M1,present,exact,0.1234567,workers,2019-06,preferred,best
M2,present,about,500,workers,2019-06,ordinary,
""",
}

Write = Callable[..., Path]


def changed(file: str, *pairs: tuple[str, str]) -> str:
    content = FILES[f"{file}.csv"]
    for old, new in pairs:
        assert old in content
        content = content.replace(old, new)
    return content


def row_counts(db: Session) -> dict[str, int]:
    """Return the number of rows of each table of the desk."""
    db.expire_all()
    return {
        table.name: db.scalar(select(func.count()).select_from(table)) or 0
        for table in models.DeskBase.metadata.sorted_tables
    }


def import_errors(db: Session, folder: Path) -> list[str]:
    before = row_counts(db)
    report = import_folder(db, folder)
    assert report.errors, "importing the folder must report errors"
    assert report.counts == {}
    assert row_counts(db) == before, "a failed import must change no row counts"
    return [str(problem) for problem in report.errors]
