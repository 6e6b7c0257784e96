"""How large the code is: Python tokens of `app`, long files, long template lines.

`make size` prints it. Tokens are counted by `tokenize`, without comments, line ends and indents.
"""

import subprocess
import tokenize
from pathlib import Path

from app import paths

MAX_FILE_LINES = 400
MAX_TEMPLATE_COLUMNS = 120
IGNORED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def count_tokens(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(token.type not in IGNORED for token in tokenize.tokenize(lines.readline))


def tracked_files(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], capture_output=True, text=True, check=True, cwd=paths.ROOT
    )
    return [paths.ROOT / name for name in listed.stdout.splitlines()]


def main() -> None:
    app = [file for file in tracked_files("app/*.py") if file.exists()]
    print(f"app: {len(app)} files, {sum(map(count_tokens, app)):,} Python tokens,", end=" ")
    print(f"{sum(len(file.read_text().splitlines()) for file in app):,} lines")
    long = [
        (len(file.read_text().splitlines()), file.relative_to(paths.ROOT))
        for file in tracked_files(
            "app/*.py", "tests/*.py", "bench/*.py", "static/*.css", "static/*.js"
        )
        if file.exists()
    ]
    for lines, name in sorted(long, reverse=True):
        if lines > MAX_FILE_LINES:
            print(f"{name}: {lines} lines")
    for file in tracked_files("templates"):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if len(line) > MAX_TEMPLATE_COLUMNS:
                print(f"{file.relative_to(paths.ROOT)}:{number}: {len(line)} columns")


if __name__ == "__main__":
    main()
