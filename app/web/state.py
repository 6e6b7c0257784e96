"""What all requests of a process share, and the settings as a FastAPI dependency.

A route declares `settings: SettingsDep`. Functions that need a Request anyway call `app_state`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from starlette.responses import Response

from app.settings import Settings

# Commands make links with `app.web.urls`, which imports this module: the index and its arrays would
# be most of their start.
if TYPE_CHECKING:
    from app.record.editions import SelectedEdition
    from app.record.index.edition_watcher import EditionWatcher
    from app.record.index.manager import IndexManager
    from app.record.lists.backend import ListSession
    from app.record.names.directory import Directories


@dataclass(kw_only=True)
class AppState:
    """Shared by all requests. `app.main` fills it."""

    settings: Settings
    reader_engine: Engine
    directories: "Directories"
    indexes: "IndexManager"
    watch: "EditionWatcher"
    since_then: "Callable[[Request, ListSession, SelectedEdition], object]"
    """Returns the banner over past editions: `app.web` must not import `app.site`."""
    desk_engine: Engine = field(init=False)
    """Set only if the site has a desk, like `show`."""
    show: Callable[..., Response] = field(init=False)
    """Renders the public page of a record: the desk must not import `app.site`."""


def app_state(request: Request) -> AppState:
    state: AppState = request.app.state
    return state


async def _settings(request: Request) -> Settings:
    # Asynchronous: FastAPI runs other dependencies in a thread.
    return app_state(request).settings


SettingsDep = Annotated[Settings, Depends(_settings)]
