"""Paths, symbols, links, settings and Make targets named in README and docs/ exist."""

import re
import tomllib

from app import paths
from app.desk.csv import NOUNS, ROWS
from app.settings import Settings

ROOT = paths.ROOT
DOCUMENTS = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "seeds/README.md",
        *ROOT.glob("docs/**/*.md"),
    ]
)
IDS = [document.relative_to(ROOT).as_posix() for document in DOCUMENTS]
FOLDERS = "app|bench|docs|migrations|requirements|seeds|static|templates|tests|\\.ci"
IN_TEXT = re.compile(rf"`((?:{FOLDERS})/[^`\s:]*|[A-Za-z.-]+\.(?:toml|yml|cfg))(?:: (\w+))?`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text_of(document: str) -> str:
    return (ROOT / document).read_text()


def heading_ids(document: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", CODE_BLOCK.sub("", text_of(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_paths_and_symbols_in_documents_exist() -> None:
    missing = []
    for document in IDS:
        for path, symbol in IN_TEXT.findall(text_of(document)):
            if not any(ROOT.glob(path.rstrip("/"))):
                missing.append(f"{document}: {path}")
            elif symbol and not re.search(
                rf"^((async )?def |class )?{symbol}\b( = |: |\(|\[|:$)",
                (ROOT / path).read_text(),
                re.M,
            ):
                missing.append(f"{document}: {path}: {symbol}")
    assert missing == []


def test_links_in_documents_lead_somewhere() -> None:
    wrong = []
    for document in IDS:
        for path, anchor in LINK.findall(CODE_BLOCK.sub("", text_of(document))):
            target = ((ROOT / document).parent / path).resolve() if path else ROOT / document
            if not target.exists() or (
                anchor and anchor not in heading_ids(target.relative_to(ROOT).as_posix())
            ):
                wrong.append(f"{document}: {path}#{anchor}")
    assert wrong == []


def test_make_targets_in_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = "\n".join(text_of(document) for document in IDS)
    used = set(re.findall(r"(?:^|`)(?:PORT=\d+ )?make ([a-z-]+)", texts, re.MULTILINE))
    assert used - targets == set()


def test_operate_lists_exactly_the_settings() -> None:
    table = text_of("docs/operate.md").partition("\n## Settings\n")[2]
    listed = re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)
    assert listed == [field.validation_alias for field in Settings.model_fields.values()]


def test_seeds_lists_the_columns_of_every_file() -> None:
    table = text_of("docs/seeds.md").partition("\n## Columns\n")[2]
    listed = dict(re.findall(r"^\| `(\w+\.csv)` \| (.+) \|$", table, re.MULTILINE))
    expected = {
        each.file: ", ".join(f"`{column}`" for column in each.columns) for each in [*NOUNS, *ROWS]
    }
    assert listed == expected


def test_readme_counts_are_those_of_the_seeds() -> None:
    readme = " ".join(text_of("README.md").split())
    for noun in ("events", "estimates", "sources"):
        rows = (ROOT / f"seeds/{noun}.csv").read_text().splitlines()[1:]
        assert f" {len(rows)} {noun}" in readme


def test_each_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["local"]]
    table = text_of("docs/architecture.md").partition("\n## Dependencies\n")[2]
    cells = re.findall(r"^\| ([a-z][a-z0-9, -]+?)(?: \(.*\))? \| .+ \|$", table, re.MULTILINE)
    listed = [name for cell in cells for name in cell.split(", ")]
    names = [re.split(r"[^a-z0-9-]", each)[0] for each in wanted]
    assert sorted(names) == sorted(name for name in listed if name in names)
