"""A fixture that writes a folder of CSV files."""

from pathlib import Path

import pytest

from tests.support.csv_folder import FILES, Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write FILES to a folder, with some files replaced; return the folder."""

    def written(**changed: str | bytes) -> Path:
        for name, content in {
            **FILES,
            **{f"{key}.csv": value for key, value in changed.items()},
        }.items():
            (tmp_path / name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return tmp_path

    return written
