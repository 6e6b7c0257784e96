"""`/metrics` adds up what all workers have counted, and names no reader's words."""

import os
import re
import signal
import time
import urllib.request
from pathlib import Path

from starlette.testclient import TestClient

from app.cli.metrics_server import SiteCollector
from app.main import create_app
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import wait_until
from tests.support.environment import environment_of
from tests.support.processes import free_port, running_command, workers_of
from tests.support.serving import answers, run

REQUESTS = 40


def read(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as response:
        content: bytes = response.read()
    return content.decode()


def as_number(pattern: str, metrics: str) -> float:
    found = re.search(pattern, metrics, re.MULTILINE)
    return float(found[1]) if found else 0


def count_of(metrics: str, route: str, status: int = 200) -> float:
    labels = re.escape(f'{{method="GET",route="{route}",status="{status}"}}')
    return as_number(rf"^sojourn_requests_total{labels} (\S+)$", metrics)


def test_workers_add_up_and_survivors_count_on(published: Settings) -> None:
    port, metrics_port = free_port(), free_port()
    settings = published.model_copy(
        update={"port": port, "metrics_address": f"127.0.0.1:{metrics_port}"}
    )
    with running_command(["sojourn", "serve", "--workers", "2"], environment_of(settings)) as serve:
        wait_until(lambda: answers(port), "the site")
        wait_until(lambda: "sojourn_workers 2.0" in read(metrics_port), "both workers")
        for number in range(REQUESTS):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/events?q=Dandong{number}").close()
        # Each worker samples its edition every few seconds, and first before it has read one.
        wait_until(
            lambda: "sojourn_edition_served 1.0" in read(metrics_port), "the edition of both"
        )
        before = read(metrics_port)
        assert count_of(before, "/events") == REQUESTS
        assert "Dandong" not in before
        assert 'sojourn_letters_waiting{kind="removal"} 0.0' in before
        assert as_number(r"^sojourn_worker_resident_bytes (\S+)$", before) > 50_000_000
        assert 'sojourn_tasks{queue="readers"} 0.0' in before
        assert 'sojourn_database_connections{login="desk"}' in before
        # The counts of a worker that ended stay; its gauges do not.
        workers = workers_of(serve.pid)
        assert len(workers) == 2
        killed = workers[0]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: killed not in workers_of(serve.pid), "its end")
        wait_until(lambda: "sojourn_workers 2.0" in read(metrics_port), "another one")
        assert count_of(read(metrics_port), "/events") == REQUESTS


def test_metrics_are_not_on_the_port_of_readers(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_port_of_metrics_in_use_is_one_sentence(published: Settings) -> None:
    port = free_port()
    settings = published.model_copy(update={"port": port, "metrics_address": f"127.0.0.1:{port}"})
    done = run("serve", **environment_of(settings))
    assert done.returncode == 1
    assert "Change SOJOURN_METRICS_ADDRESS." in done.stderr


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
    assert [metric.name for metric in collector.collect()] == [
        "sojourn_release",
        "sojourn_tick_age_seconds",
    ]
