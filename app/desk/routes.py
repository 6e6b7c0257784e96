"""Collects the routers of the desk's packages."""

from fastapi import APIRouter

from app.desk.accounts.account import router as account
from app.desk.accounts.people import router as people
from app.desk.accounts.sign_in import router as sign_in
from app.desk.bulk.routes import router as bulk
from app.desk.captures.captures import router as captures
from app.desk.drafts.conflicts import router as conflicts
from app.desk.drafts.routes import router as drafts
from app.desk.home import router as home
from app.desk.imports.routes import router as imports
from app.desk.operations import router as confirmations
from app.desk.quality.lists import router as quality
from app.desk.records.merge import router as merges
from app.desk.records.purge import router as purges
from app.desk.records.routes import router as records
from app.desk.reports.routes import router as reports
from app.desk.review.routes import router as review
from app.desk.round.routes import router as desk_round
from app.desk.search import router as search
from app.desk.vocabulary import router as vocabulary

router = APIRouter()
for part in (
    sign_in, account, people, reports,
    drafts, conflicts, review,
    records, merges, bulk, imports, desk_round,
    captures, purges, confirmations, quality, vocabulary, home, search,
):  # fmt: skip
    router.include_router(part)
