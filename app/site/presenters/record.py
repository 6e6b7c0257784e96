"""What pages of all kinds of records show."""

from typing import Any

from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.rows import ListRow, list_row
from app.site.components.urls import record_address


class RecordView:
    """A published row with the names that it refers to. Templates read its properties."""

    def __init__(self, row: Version | ListRow, directory: Directory) -> None:
        self.row = list_row(row) if isinstance(row, Version) else row
        self.directory = directory
        self.id = row.id
        # The stored form is not validated: for fifty rows, that would take longer than rendering.
        self.payload: Any = row.payload
        self.form: Any = row.payload["form"]

    @property
    def address(self) -> str:
        return record_address(self.id, self.form.get("code", ""))
