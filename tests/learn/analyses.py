"""Run `learn analyze` on tables that a test writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from learn.commands import main

FIVE = "learner,one,two,three\nana,1,1,1\nben,1,1,0\ncy,1,0,0\ndi,0,0,1\ned,0,0,0\n"


SAID = "learner,one,two,three\nana,a,a,a\nben,a,a,b\ncy,a,c,b\ndi,b,,a\ned,,c,c\n"


KEY = "item,key\none,a\ntwo,a\nthree,a\n"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    said: str

    @property
    def figures(self) -> dict[str, Any]:
        assert self.code == 0, self.said
        figures: dict[str, Any] = json.loads(self.out)
        return figures


def analyses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Return a function that runs `learn analyse` on files of these texts or bytes."""
    monkeypatch.chdir(tmp_path)

    def ran(scores: str | bytes | None, flags: Sequence[str] = (), **files: str | bytes) -> Ran:
        written = {"scores": scores} | files
        for name, text in written.items():
            if text is not None:
                raw = text.encode() if isinstance(text, str) else text
                Path(f"{name}.csv").write_bytes(raw)
        arguments = [part for name in files for part in (f"--{name}", f"{name}.csv")]
        with pytest.raises(SystemExit) as left:
            main(["analyse", "scores.csv", *arguments, *flags])
        captured = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, captured.out, captured.err)

    return ran
