"""`/healthz`, `/healthz/live` and `/healthz/ready`: the health of this worker, for monitors.

No answer queries the database or waits for a thread.
"""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.database.upkeep import newest_age_seconds, tick_age_seconds
from app.record.editions import OLDER_RULES
from app.record.models import RULES
from app.settings import release
from app.web.state import AppState, app_state

router = APIRouter()
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/healthz")
async def health(request: Request) -> Response:
    """Report whether this worker serves readers the newest edition.

    A replica that follows no main server is behind, too: what it lacks is unknown. It stays ready,
    since without the main server all replicas are alone.

    Before the first edition (0) it is healthy. A worker that has read no edition is not ready. One
    that fails to load the newest edition is behind, although it still serves an older one.
    """
    state = app_state(request)
    status, problem, edition = _edition_health(state)
    if not problem and (problem := _stale_replica(state)):
        status = "behind"
    if problem:
        return JSONResponse({"status": status, **edition, "problem": problem}, 503)
    return JSONResponse({"status": status, **edition})


@router.get("/healthz/live")
async def live(request: Request) -> Response:  # noqa: ARG001 - the route class reads it
    """Report that the process answers: a supervisor restarts it if this fails."""
    return JSONResponse({"status": "ok", "release": release()}, headers=NO_STORE)


@router.get("/healthz/ready")
async def ready(request: Request) -> Response:
    """Report whether requests can be sent here: logins, tables, and the edition that is served."""
    state = app_state(request)
    _status, problem, edition = _edition_health(state)
    problems = {"edition": problem, **state.watch.logins}
    is_ready = not any(problems.values())
    # Never unready: without the main server all replicas are stale, and better than no site.
    if stale := _stale_replica(state):
        problems["replica"] = stale
    body = {
        "status": "ok" if is_ready else "not ready",
        "release": release(),
        **edition,
        **_backup_age(state),
        **_tick_age(state),
        "checks": {name: each or "ok" for name, each in problems.items()},
    }
    return JSONResponse(body, 200 if is_ready else 503, headers=NO_STORE)


def _stale_replica(state: AppState) -> str:
    alone = state.watch.seconds_alone
    return f"This replica has had nothing from the main server for {alone:.0f} s." if alone else ""


def _backup_age(state: AppState) -> dict[str, object]:
    """Return the age of the newest backup, which never makes a server unready."""
    if state.settings.backup_dir is None:
        return {}
    age = newest_age_seconds(state.settings.backup_dir)
    return {"backup_age_seconds": None if age is None else round(age)}


def _tick_age(state: AppState) -> dict[str, object]:
    """Return the seconds since scheduled jobs ran, which never make a server unready."""
    age = tick_age_seconds(state.settings)
    return {} if age is None else {"tick_age_seconds": round(age)}


def _edition_health(state: AppState) -> tuple[str, str, dict[str, object]]:
    """Return the status, the problem ("" if none), and the edition published and the one served."""
    watch = state.watch
    found = state.indexes.health(watch.published.edition if watch.published else 0)
    edition: dict[str, object] = {
        "edition": found.published,
        "served": found.served,
        "seconds_behind": max(found.seconds_behind, round(watch.seconds_alone, 3)),
    }
    if watch.published and (watch.published.rules or 0) < RULES:
        edition["notice"] = OLDER_RULES
    if found.is_gathering:
        edition["gathering"] = True
    if watch.problem:
        return "unavailable", watch.problem, edition
    if not found.is_ready:
        return "not ready", found.problem, edition
    return ("behind" if found.problem else "ok"), found.problem, edition
