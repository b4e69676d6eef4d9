"""Pinned requirements: a wheel and its hash for each Python, and none missing.

pip looks for the files as for another machine and installs nothing. It reads environment markers
with the Python that runs it, though, so what each package needs is worked out here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.pins import ROOT, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
_RUN = PROJECT["project"]["dependencies"]
_EXTRA = PROJECT["project"]["optional-dependencies"]["documents"]
_BUILD = [*PROJECT["build-system"]["requires"], "editables"]
ROOTS = {
    "requirements.txt": _RUN,
    "requirements-build.txt": _BUILD,
    "requirements-dev.txt": [*_RUN, *_EXTRA, *PROJECT["dependency-groups"]["dev"]],
}
_PYTHON = "Programming Language :: Python :: 3."
PYTHONS = [c.split()[-1] for c in PROJECT["project"]["classifiers"] if c.startswith(_PYTHON)]
_GLIBC = [f"manylinux_2_{minor}" for minor in range(28, 16, -1)] + ["manylinux2014"]
MACHINES = {
    "linux-x86-64": ([f"{libc}_x86_64" for libc in _GLIBC], "linux", "x86_64"),
    "linux-arm64": ([f"{libc}_aarch64" for libc in _GLIBC], "linux", "aarch64"),
    "mac-arm64": (["macosx_11_0_arm64"], "darwin", "arm64"),
}


def missing(
    roots: Iterable[str], pinned: Mapping[str, str], needs: Mapping[str, list[str]], env: Any
) -> set[str]:
    """What `roots` and whatever they need ask for on a machine, and the pins don't give."""
    packages = set()
    todo = [Requirement(root) for root in roots]
    seen = set()
    while todo:
        asked = todo.pop()
        name = canonicalize_name(asked.name)
        if name not in pinned or not asked.specifier.contains(pinned[name], prereleases=True):
            packages.add(str(asked))
            continue
        for extra in {"", *asked.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                here = env | {"extra": extra}
                more = map(Requirement, needs[name])
                todo += [r for r in more if not r.marker or r.marker.evaluate(here)]
    return packages


def test_a_package_has_one_version_in_all_files():
    versions = {(name, version) for file in ROOTS for name, version in pins(file).items()}

    assert len(versions) == len({name for name, _ in versions})


def test_the_oldest_python_is_the_one_that_the_project_asks_for():
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"


@pytest.mark.pins
@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_each_pin_has_a_wheel_and_nothing_is_missing(python: str, machine: str, tmp_path: Path):
    platforms, system, processor = MACHINES[machine]
    report = tmp_path / "report.json"
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        + ["--no-deps", "--require-hashes", "--only-binary=:all:", f"--target={tmp_path}"]
        + [f"--python-version={python}", f"--report={report}"]
        + [f"--platform={platform}" for platform in platforms]
        + [f"--requirement={ROOT / name}" for name in ROOTS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr

    installed = [package["metadata"] for package in json.loads(report.read_text())["install"]]
    needs = {
        canonicalize_name(package["name"]): package.get("requires_dist", [])
        for package in installed
    }
    env = default_environment() | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_system": system.capitalize(),
        "platform_machine": processor,
    }
    for name, roots in ROOTS.items():
        assert missing(roots, pins(name), needs, env) == set(), name
