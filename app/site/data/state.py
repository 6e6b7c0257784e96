"""The state that requests share, with the cache of dumps, which `app.web` does not know."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.site.data.dump.dump_cache import Dumps
from app.web.state import AppState


@dataclass(kw_only=True)
class SiteState(AppState):
    dumps: Dumps


async def _dumps(request: Request) -> Dumps:
    state: SiteState = request.app.state
    return state.dumps


DumpsDep = Annotated[Dumps, Depends(_dumps)]
