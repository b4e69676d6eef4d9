"""Check the project layout and conventions of CONTRIBUTING.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from learn.config import NAMES

ROOT = Path(__file__).parents[2]
OURS = sorted([*ROOT.glob("learn/**/*.py"), *ROOT.glob("questions/**/*.py")])


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_imports_follow_the_contracts():
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout


def test_every_actions_and_queries_module_is_under_the_contract():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(
        c for c in config["tool"]["importlinter"]["contracts"] if "request" in c["name"]
    )
    there = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts)
        for name in ("actions", "queries")
        for p in ROOT.glob(f"learn/**/{name}.py")
    }

    assert {*contract["source_modules"]} >= there


def test_every_setting_is_documented():
    page = (ROOT / "docs" / "operations.md").read_text()
    table = page[page.index("| Setting |") :].partition("\n\n")[0]
    assert sorted(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == sorted(NAMES)
    code = (ROOT / "learn/config/__init__.py").read_text()
    read = set(re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', code))
    assert read == {*NAMES}


def test_no_module_is_named_utils_or_the_like():
    for path in OURS:
        assert not {"utils", "helpers", "common", "services", "managers"} & {
            *path.with_suffix("").parts
        }


_CLOCK_AND_RANDOMNESS = re.compile(
    r"\b(?:datetime\s*\.\s*(?:utc)?now|date\s*\.\s*today|time\s*\.\s*time"
    r"|random\s*\.\s*(?:random|choice|shuffle))\b"
)


def test_the_clock_and_randomness_are_arguments():
    """Only the web's edge and the log look at the clock; callers seed the randomness."""
    for path in OURS:
        if path.name in {"app.py", "logs.py"} or path.parent.name == "commands":
            continue
        source = path.read_text()
        for node in ast.walk(ast.parse(source)) if _CLOCK_AND_RANDOMNESS.search(source) else ():
            if isinstance(node, ast.Attribute):
                used = ast.unparse(node)
                assert not _CLOCK_AND_RANDOMNESS.fullmatch(used), f"{path}:{node.lineno}: {used}"


def test_the_project_names_no_registry_and_no_local_path():
    hosts = re.compile(
        "py" + r"pi\.|python" + r"hosted|npm" + r"js\.|deb" + r"ian\.org|inde" + r"x-url"
    )
    places = re.compile(r"/wor" + r"k/|\.\./sha" + r"red|/tm" + r"p/bash_jobs")
    for path in tracked():
        if path.suffix in {".svg", ".png", ".webp"}:
            continue
        text = path.read_text(errors="replace")
        assert not hosts.search(text), path
        assert not places.search(text), path


def test_requirements_are_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-build.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text().replace("\\\n", " ")
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                assert re.match(r"\S+==\S+.*--hash=sha256:", line), line
