"""What `/metrics` reads beside the counts of its workers, and where it is not."""

import os
import time
from pathlib import Path

from starlette.testclient import TestClient

from app.main import create_app
from app.scheduler import tick
from app.settings import Settings
from app.web.metrics_server import SiteCollector


def test_metrics_are_not_on_the_port_of_readers(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_tick_of_another_process_is_seen_in_metrics_and_health(
    published: Settings, tmp_path: Path
) -> None:
    settings = published.model_copy(update={"data_dir": tmp_path})
    names = [metric.name for metric in SiteCollector(settings).collect()]
    assert "sojourn_tick_age_seconds" not in names
    assert tick(settings) is not None
    os.utime(tmp_path / "last-tick", (time.time() - 900, time.time() - 900))
    (age,) = [
        metric.samples[0].value
        for metric in SiteCollector(settings).collect()
        if metric.name == "sojourn_tick_age_seconds"
    ]
    assert 900 <= age < 960
    with TestClient(create_app(settings)) as client:
        assert 900 <= client.get("/healthz/ready").json()["tick_age_seconds"] < 960


def test_unreachable_desk_leaves_out_its_numbers() -> None:
    nowhere = Settings(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    collector = SiteCollector(nowhere)
    collector.note_tick()
    assert [metric.name for metric in collector.collect()] == ["sojourn_tick_age_seconds"]
