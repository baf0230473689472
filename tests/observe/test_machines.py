"""What other programs learn of a run: a real Prometheus scrapes it, a collector gets its trace."""

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.emulator.faults import Hang, Status
from tests.emulator.server import Emulator
from tests.observe.collector import Collector, attributes

CONFIG = """\
llm: {provider: anthropic}
generation: {origin: template, origins: {service: llm, model: llm}}
optimization: {batching: {enabled: false}}
retry: {initial_backoff: 1ms, max_backoff: 2ms}
"""


def _samples(text: str) -> dict[str, float]:
    """Return the sum of each figure, whatever its labels."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for it in family.samples:
            found[it.name] = found.get(it.name, 0.0) + it.value
    return found


def _report(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return found


def _agree(found: dict[str, float], report: dict[str, Any]) -> None:
    metrics = report["metrics"]
    assert found["gocreator_targets_total"] == report["counts"]["built"]
    assert found["gocreator_attempts_total"] == metrics["total_llm_calls"]
    assert found["gocreator_calls_total"] == len(report["calls"])
    assert found["gocreator_tokens_total"] == metrics["total_input_tokens"] + metrics["total_output_tokens"]
    assert found["gocreator_cost_usd_total"] == pytest.approx(metrics["estimated_cost_usd"], abs=1e-5)
    assert found["gocreator_calls_in_flight"] == 0
    assert found["gocreator_cache_hit_ratio"] == pytest.approx(metrics["cache_hit_rate"], abs=1e-4)


@pytest.fixture
def asked(project: Any, emulator: Emulator, served: dict[str, str]) -> Emulator:  # noqa: ARG001 - it answers
    project.write(".gocreator.yaml", CONFIG)
    return emulator


def test_every_run_leaves_figures(project: Any, asked: Emulator, tmp_path: Path) -> None:
    project.write(".gocreator.yaml", f"{CONFIG}metrics: {{file: {tmp_path}/node/gocreator.prom}}\n")
    asked.on(Status(529), times=1)
    assert project("build", "--no-verify").code == 0
    figures = tmp_path / "node/gocreator.prom"
    found = _samples(figures.read_text())
    _agree(found, _report(project))
    assert found["gocreator_attempts_total"] == len(asked.calls)
    (project.root / "generated/go.mod").unlink()
    for _ in range(2):
        assert project("build", "--no-verify").code == 0
        assert _samples(figures.read_text())["gocreator_targets_total"] == 45
    figures.unlink()
    again = project.start("build", "--no-verify")
    again.communicate(timeout=60)
    assert figures.is_file(), "a run that has nothing to do leaves figures too"


def test_a_real_prometheus_scrapes_a_build(project: Any, asked: Emulator, tmp_path: Path) -> None:
    prometheus = shutil.which("prometheus")
    if prometheus is None:
        pytest.skip("prometheus is not installed")
    going_on = threading.Event()
    asked.on(Hang(until=going_on, seconds=60), skip=2)
    port, web = _free(), _free()
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n"
        f"scrape_configs: [{{job_name: gocreator, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n"
    )
    watching = subprocess.Popen(
        [prometheus, f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data",
         f"--web.listen-address=127.0.0.1:{web}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    building = project.start("build", "--no-verify", "--metrics-port", str(port))
    try:
        assert _until(lambda: _query(web, "sum(gocreator_calls_total)")) >= 1
        assert _until(lambda: _query(web, "sum(gocreator_calls_in_flight)")) >= 1
        going_on.set()
        assert building.wait(60) == 0
    finally:
        going_on.set()
        building.kill()
        building.communicate()
        watching.kill()
        watching.wait()
    assert asked.calls


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _query(web: int, what: str) -> float:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/api/v1/query?query={what}", timeout=2) as answer:
            result = json.load(answer)["data"]["result"]
    except OSError:
        return 0.0
    return float(result[0]["value"][1]) if result else 0.0


def _until(ask: Any, seconds: float = 40) -> float:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ask():
            return float(found)
        time.sleep(0.1)
    return 0.0


def test_a_port_that_is_taken_is_said(project: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed = project("build", "--no-verify", "--metrics-port", str(port))
    assert failed.code == 1
    assert f"--metrics-port {port}: " in failed.err
    assert "hint: name a port that is free" in failed.err
    assert not (project.root / "generated").exists()


def test_a_build_is_one_trace(project: Any, asked: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.on(Status(529), times=1)
    monkeypatch.setenv("TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    with Collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        assert project("build", "--no-verify").code == 0
    report = _report(project)
    assert set(collector.paths) == {"/v1/traces"}
    assert {it.trace_id.hex() for it in collector.spans} == {"0af7651916cd43dd8448eb211c80319c"}
    (root,) = collector.named("gocreator build")
    assert root.parent_span_id.hex() == "b7ad6b7169203331"
    assert attributes(root)["gocreator.run"] == report["run"]
    phases = {it.span_id: it for it in collector.named("phase ")}
    assert len(phases) == len(report["phases"])
    assert {it.parent_span_id for it in phases.values()} == {root.span_id}
    targets = collector.named("target ")
    assert len(targets) == report["counts"]["built"]
    calls = {it.span_id: attributes(it) for it in collector.named("chat ")}
    assert len(calls) == len(report["calls"])
    assert sum(it["gen_ai.usage.input_tokens"] for it in calls.values()) == report["metrics"]["total_input_tokens"]
    assert {it["gen_ai.provider.name"] for it in calls.values()} == {"anthropic"}
    attempts = collector.named("attempt ")
    assert len(attempts) == len(asked.calls) == len(calls) + 1
    assert {it.parent_span_id for it in attempts} <= calls.keys()
    assert max(attributes(it).get("http.response.status_code", 0) for it in attempts) == 529
    assert {it.parent_span_id for it in (*targets, *collector.named("chat "))} <= phases.keys()
    for span in collector.spans:
        assert root.start_time_unix_nano <= span.end_time_unix_nano <= root.end_time_unix_nano
        assert span.start_time_unix_nano <= span.end_time_unix_nano


@pytest.mark.go
@pytest.mark.usefixtures("go")
def test_go_s_checks_are_spans(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("fcs.yaml", "name: small\nmodule: example.com/small\n")
    with Collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{collector.url}/v1/traces")
        assert project("build").code == 0
    (verify,) = collector.named("verify")
    checks = collector.named("go ")
    assert {it.name for it in checks} >= {"go build", "go vet", "go test"}
    assert {it.parent_span_id for it in checks} == {verify.span_id}


def test_nobody_waits_for_a_collector_that_is_not_there(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{_free()}")
    built = project("build", "--no-verify")
    assert built.code == 0
    assert "Traceback" not in built.err
    assert "opentelemetry" not in built.err


def test_what_is_not_installed_is_said(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    without = "import sys; sys.modules |= {'prometheus_client': None, 'opentelemetry.sdk': None}; "
    start = f"{without}from gocreator.__main__ import main; sys.exit(main())"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    built = project.start("build", "--no-verify", python=("-c", start))
    _, err = built.communicate(timeout=60)
    assert built.returncode == 0, err
    assert "pip install 'gocreator[tracing]'" in err
    asked = project.start("build", "--no-verify", "--metrics-port", "0", python=("-c", start))
    _, err = asked.communicate(timeout=60)
    assert asked.returncode == 1
    assert "pip install 'gocreator[metrics]'" in err


def test_starting_imports_neither(project: Any) -> None:
    listing = (
        "import sys; from gocreator.__main__ import main; main(); print([m for m in sys.modules if re.match(p, m)])"
    )
    code = f"import re; p = r'prometheus_client|opentelemetry|rich\\b'; {listing}"
    ran = subprocess.run(
        [sys.executable, "-c", code, "list"], cwd=project.root, capture_output=True, text=True, check=True
    )
    assert re.search(r"^\[\]$", ran.stdout, re.MULTILINE), ran.stdout
