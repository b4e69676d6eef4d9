"""The files of docs/deploy: the units, the health check, the image, and the command's wrapper."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.deployed import (
    DEPLOY,
    HOST,
    Proxy,
    make_certificate,
    needs,
    program,
    proxied,
    proxying,
)
from tests.serving import free_port

pytestmark = pytest.mark.operations

UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
MOST_EXPOSED = 40  # of 100, as systemd-analyze counts; 92 without any protection
DAY = 86400


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """Copies of the units, whose programs are there."""
    for unit in UNITS:
        text = re.sub(r"/(?:opt/learn|usr/local)/bin/[a-z-]+", "/bin/true", unit.read_text())
        (tmp_path / unit.name).write_text(text)
    return [f"./{unit.name}" for unit in UNITS]


@needs("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(units, tmp_path):
    ran = subprocess.run(
        ["systemd-analyze", "verify", *units],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in ran.stderr.splitlines() if "learn" in line]
    assert (ran.returncode, ours) == (0, [])


@needs("systemd-analyze")
def test_the_services_may_do_little(units, tmp_path):
    services = [unit for unit in units if unit.endswith(".service")]
    ran = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            f"--threshold={MOST_EXPOSED}",
            *services,
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr


def test_backups_are_deleted_after_30_days_whether_or_not_the_new_one_is_made(tmp_path):
    unit = (DEPLOY / "learn-backup.service").read_text()
    line = re.search(r"^ExecStopPost=(.*)$", unit, re.MULTILINE)
    assert line
    backups = tmp_path / "backups"
    backups.mkdir()
    for name, days in (("new.zip", 1), ("old.zip", 29), ("expired.zip", 31)):
        (backups / name).touch()
        then = time.time() - days * DAY
        os.utime(backups / name, (then, then))
    command = line.group(1).replace("/srv/learn/learn-backups", str(backups))
    subprocess.run(command.split(), check=True)

    assert sorted(file.name for file in backups.iterdir()) == ["new.zip", "old.zip"]


def test_the_image_runs_the_wheel_without_root_and_knows_whether_it_is_well():
    steps = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text()).splitlines()
    steps = [step for step in steps if step and not step.startswith("#")]
    words = [step.split()[0] for step in steps]

    assert words[0] == "FROM"
    assert "--require-hashes" in next(step for step in steps if step.startswith("RUN pip"))
    assert words.index("USER") < words.index("CMD")
    assert "USER learn" in steps
    assert "/healthz" in next(step for step in steps if step.startswith("HEALTHCHECK"))
    assert not [step for step in steps if re.search(r"https?://(?!127\.0\.0\.1)", step)]


def health(*arguments: str | Path) -> tuple[int, list[str]]:
    """Run the health check; return its exit code and what it says."""
    ran = subprocess.run(
        [DEPLOY / "learn-health", *arguments], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.splitlines()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if not (program("nginx") and program("curl") and program("openssl")):
        pytest.skip("nginx, curl, or openssl is not installed")
    with proxied("nginx", tmp_path_factory.mktemp("nginx")) as found:
        yield found


@pytest.fixture(autouse=True)
def name_leads_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Programs that the check runs find the site's name on this machine."""
    for tool, option in (("curl", "--resolve {host}:{port}:127.0.0.1"), ("openssl", "")):
        real = program(tool)
        file = tmp_path / "bin" / tool
        file.parent.mkdir(exist_ok=True)
        if option:
            lines = (
                "for each; do :; done",
                f'case $each in https://{HOST}:*) ;; *) exec {real} "$@" ;; esac',
                f"port=${{each#https://{HOST}:}}; port=${{port%%/*}}",
                f'exec {real} --resolve "{HOST}:$port:127.0.0.1" "$@"',
            )
        else:
            lines = (
                "i=$#; while [ $i -gt 0 ]; do i=$((i - 1)); word=$1; shift",
                f'case $word in {HOST}:*) word=127.0.0.1:${{word#*:}} ;; esac; set -- "$@" "$word"',
                f'done; exec {real} "$@"',
            )
        file.write_text("\n".join(("#!/bin/sh", *lines, "")))
        file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")


def test_a_site_that_is_well_is_passed_over_in_silence(proxy, tmp_path):
    backups = tmp_path / "backups"
    backups.mkdir()
    (backups / "2026-11-30.zip").touch()

    assert health(f"https://{HOST}:{proxy.port}", "--backups", backups) == (0, [])


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (-2, "The certificate has run out: "),
        (3, "The certificate runs out in less than 14 days: "),
        (13, "The certificate runs out in less than 14 days: "),
        (16, None),
        (0.1, "The certificate runs out in less than 14 days: "),
        (0.3, None),
    ],
)
def test_a_certificate_that_has_run_out_or_soon_will_is_told(proxy, days, told):
    with proxying("nginx", proxy.site, free_port(), days=days) as other:
        code, lines = health(f"https://{HOST}:{other.port}")

    assert code == (1 if told else 0)
    assert len(lines) == code
    assert told is None or lines[0].startswith(told)


def test_a_certificate_for_another_name_is_told(proxy, tmp_path):
    with proxying("nginx", proxy.site, free_port()) as other:
        make_certificate(other.folder, 90, "other.example.org")
        subprocess.run(
            [program("nginx") or "", "-c", other.folder / "nginx.conf", "-s", "reload"],
            check=True,
            capture_output=True,
        )
        time.sleep(1)
        told = health(f"https://{HOST}:{other.port}")

    assert told == (1, [f"The certificate is for another name than {HOST}."])


def test_an_address_where_nobody_answers_is_told():
    port = free_port()
    code, lines = health(f"https://{HOST}:{port}")

    assert code == 1
    assert lines == [
        f"Nobody answers at https://{HOST}:{port}.",
        f"There is no certificate at {HOST}:{port}.",
    ]


def test_a_site_that_cannot_serve_people_is_told(proxy):
    data, elsewhere = proxy.site.data, proxy.site.data.with_name("elsewhere")
    data.rename(elsewhere)
    try:
        code, lines = health(f"https://{HOST}:{proxy.port}")
    finally:
        elsewhere.rename(data)
    until = time.monotonic() + 15
    while proxy.ask("/readyz").status != 200:
        assert time.monotonic() < until
        time.sleep(0.2)

    assert (code, len(lines)) == (1, 1)
    assert lines[0].endswith("/readyz says 503.")


def test_backups_that_have_stopped_are_told(proxy, tmp_path):
    backups = tmp_path / "backups"
    backups.mkdir()
    then = time.time() - 2 * DAY
    (backups / "2026-11-28.zip").touch()
    os.utime(backups / "2026-11-28.zip", (then, then))
    code, lines = health(f"https://{HOST}:{proxy.port}", "--backups", backups)

    assert (code, lines) == (1, [f"There is no backup of the last 36 hours in {backups}."])


def test_a_site_that_says_nothing_is_started_again(proxy, tmp_path):
    done = tmp_path / "done"
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$@" >>{done}\n')
    systemctl.chmod(0o755)
    nobody = f"http://127.0.0.1:{free_port()}"
    code, lines = health(f"https://{HOST}:{proxy.port}", "--restart", "learn", nobody)

    assert done.read_text() == "restart learn\n"
    assert (code, lines) == (1, [f"The site doesn't answer at {nobody}: starting it again."])
    done.unlink()
    assert health(f"https://{HOST}:{proxy.port}", "--restart", "learn", proxy.site.address)[0] == 0
    assert not done.exists()
