"""Table of purged ids, published or not. Nothing else of a purged record is kept."""

from datetime import datetime

from sqlalchemy import DateTime
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase


class Purge(DeskBase):
    __tablename__ = "purge"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
