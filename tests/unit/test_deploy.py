"""The files that put the program on machines: linted by the tools of their formats, and true of this program."""

from __future__ import annotations

import configparser
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from campaign.cli import cli
from storage.settings import Settings
from tests import ROOT
from workers.observability.meters import COUNTERS, GAUGES

DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
KNOWN_METRICS = {f"{name}_total" for name in COUNTERS} | set(GAUGES)


@pytest.mark.parametrize(
    "command",
    [
        ("hadolint", "Dockerfile"),
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"),
        ("kubernetes-validate", "--strict", "deploy/kubernetes/campaign.yaml"),
    ],
    ids=lambda command: command[0],
)
def test_linter_finds_nothing(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_image_for_gpus_builds_kernels_where_they_can_be_run() -> None:
    """With a C compiler, and not on compose's tmpfs, from which nothing is loaded."""
    *_, cuda = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    assert cuda.startswith("base AS cuda")
    assert "--no-install-recommends gcc libc6-dev" in cuda and "rm -rf /var/lib/apt/lists/*" in cuda
    assert set(re.findall(r"(\w+)_CACHE_DIR=/var/lib/campaign/", cuda)) == {"TORCHINDUCTOR", "TRITON"}


def systemd_unit(name: str) -> configparser.RawConfigParser:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / name)
    return unit


@pytest.mark.parametrize("name", ["campaign-purge.service", "campaign-service.service"])
def test_systemd_units_run_commands_that_there_are(name: str) -> None:
    unit = systemd_unit(name)
    assert unit["Service"]["NoNewPrivileges"] == "yes"
    _is_a_command(unit["Service"]["ExecStart"].split()[1:])


def test_retention_runs_from_a_timer() -> None:
    assert systemd_unit("campaign-purge.timer")["Timer"]["OnCalendar"] == "daily"
    assert systemd_unit("campaign-purge.service")["Service"]["Type"] == "oneshot"


def test_systemd_unit_of_workers_is_whole() -> None:
    unit = systemd_unit("campaign-worker.service")
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    grace_s = Settings.model_fields["grace_seconds"].default
    assert int(unit["Service"]["TimeoutStopSec"]) > grace_s + 10
    assert unit["Service"]["KillMode"] == "mixed"  # the supervisor tells its children itself
    _is_a_command(unit["Service"]["ExecStart"].split()[1:])


def _is_a_command(arguments: list[str]) -> None:
    """Fails unless the program takes these arguments."""
    command = cli.get_command(cli.make_context("campaign", ["list"], resilient_parsing=True), arguments[0])
    assert command is not None
    command.make_context(arguments[0], arguments[1:], resilient_parsing=False)


def pod_of(document: dict[str, Any]) -> dict[str, Any] | None:
    """The pod's template of a Kubernetes document that has one."""
    spec = document.get("spec", {})
    found: dict[str, Any] | None = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    return found


def containers() -> list[tuple[str, list[str], dict[str, str]]]:
    """(name, arguments, environment) of every container of ours, in compose and Kubernetes."""
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    found = [
        (name, service["command"], service.get("environment", {}))
        for name, service in compose["services"].items()
        if service["image"].startswith("campaign:") and "command" in service
    ]
    for document in yaml.safe_load_all((DEPLOY / "kubernetes" / "campaign.yaml").read_text()):
        if document["kind"] == "ConfigMap":
            found.append((document["metadata"]["name"], ["list"], document["data"]))
        pod = pod_of(document)
        inside = pod["spec"]["containers"] if pod else ()
        found += [
            (document["metadata"]["name"], container["args"], variables_of(container)) for container in inside
        ]
    return found


def variables_of(container: dict[str, Any]) -> dict[str, str]:
    """Of one container in Kubernetes, beyond the ConfigMap's."""
    return {one["name"]: one["value"] for one in container.get("env", ())}


def test_every_container_runs_a_command_that_there_is_with_settings_that_there_are() -> None:
    found = containers()
    assert len(found) >= 7
    for _name, arguments, environment in found:
        if arguments[0] != "db":
            _is_a_command([str(argument) for argument in arguments])
        names = {name.removeprefix("CAMPAIGN_").removesuffix("_FILE").lower() for name in environment}
        assert names - {"log_format"} <= set(Settings.model_fields)


def test_containers_have_no_rights_beyond_their_own() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    for service in compose["services"].values():
        if service["image"].startswith("campaign:"):
            assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    for document in yaml.safe_load_all((DEPLOY / "kubernetes" / "campaign.yaml").read_text()):
        pod = pod_of(document)
        if pod:
            assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
            assert all(one["securityContext"]["readOnlyRootFilesystem"] for one in pod["spec"]["containers"])


def test_compiled_kernels_outlive_a_worker_on_gpus_in_compose() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    worker = compose["services"]["gpu-worker"]
    home = re.search(r"CAMPAIGN_HOME=(\S+)", (ROOT / "Dockerfile").read_text())
    assert home is not None and "CAMPAIGN_KERNEL_CACHE" not in worker["environment"]
    volumes = dict(volume.split(":")[1::-1] for volume in worker["volumes"])
    assert volumes[home[1]] in compose["volumes"]


def test_compiled_kernels_outlive_a_worker_on_gpus_in_kubernetes() -> None:
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "campaign.yaml").read_text()))
    (workers,) = [
        one for one in documents if one["metadata"]["name"] == "campaign-gpu-worker" and pod_of(one)
    ]
    pod = pod_of(workers)
    assert pod is not None
    (container,) = pod["spec"]["containers"]
    claims = {claim["metadata"]["name"] for claim in workers["spec"]["volumeClaimTemplates"]}
    kept = [Path(mount["mountPath"]) for mount in container["volumeMounts"] if mount["name"] in claims]
    kernels = Path(variables_of(container)["CAMPAIGN_KERNEL_CACHE"])
    assert kernels.parent in kept, "below the mount, whose own folder Kubernetes makes writable for the group"
    assert pod["spec"]["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"
    assert any(
        one["kind"] == "Service" and one["metadata"]["name"] == workers["spec"]["serviceName"]
        for one in documents
    )


def test_secrets_of_compose_are_made_once_and_fit_together(tmp_path: Path) -> None:
    for name in ("compose/prepare.sh", "redis/users.acl"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(DEPLOY / name, tmp_path / name)
    script = tmp_path / "compose" / "prepare.sh"
    subprocess.run(["sh", script], check=True, capture_output=True)
    secrets = script.parent / "secrets"
    first = {path.name: path.read_text() for path in secrets.iterdir()}
    subprocess.run(["sh", script], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in secrets.iterdir()} == first
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert {Path(one["file"]).name for one in compose["secrets"].values()} <= set(first)
    assert first["redis_password"] in first["redis_url"]
    assert hashlib.sha256(first["redis_password"].encode()).hexdigest() in first["users.acl"]
    assert len(bytes.fromhex(first["campaign_secret"])) == 32
    assert (
        json.loads(first["s3.json"])["identities"][0]["credentials"][0]["secretKey"] == first["s3_secret_key"]
    )
    assert secrets.stat().st_mode & 0o077 == 0


def test_dashboard_and_alerts_name_only_metrics_that_there_are() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "campaign.json").read_text())
    rules = yaml.safe_load((DEPLOY / "prometheus" / "campaign.rules.yml").read_text())
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    alerts = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    for expressions in (shown, alerts):
        named = {name for text in expressions for name in re.findall(r"campaign_\w+", text)}
        assert named
        assert named <= KNOWN_METRICS
    assert {name for text in shown for name in re.findall(r"campaign_\w+", text)} >= set(GAUGES)


def test_alerts_lead_to_a_chapter_of_the_runbook() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "campaign.rules.yml").read_text())
    chapters = {
        re.sub(r"[^a-z0-9 -]", "", line.strip("# \n").lower()).replace(" ", "-")
        for line in (ROOT / "docs" / "runbook.md").read_text().splitlines()
        if line.startswith("#")
    }
    targets = [rule["annotations"]["runbook"] for group in rules["groups"] for rule in group["rules"]]
    assert [target for target in targets if "#" in target and target.partition("#")[2] not in chapters] == []
