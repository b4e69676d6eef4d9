"""The bill of materials of the site in CycloneDX: `python -m tests.packaging.sbom FILE`.

It lists the packages that run the site, with their versions and licenses, and the digests of the
files that may be installed, as `requirements.txt` pins them: one for each machine and Python.
"""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.licenses import RUN, license_of
from tests.packaging.pins import ROOT, hashes, pins


def bill_of_materials() -> Bom:
    """Return it, with what needs what."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    licensed = LicenseFactory()
    site = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
        licenses=[licensed.make_from_string(project["license"])],
    )
    pinned, digests = pins(RUN.name), hashes(RUN.name)
    components = {
        name: Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            bom_ref=f"{name}=={version}",
            purl=PackageURL("pypi", name=name, version=version),
            licenses=[licensed.make_from_string(license_of(name))],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in digests[name]],
        )
        for name, version in pinned.items()
    }
    bom = Bom(components=components.values())
    bom.metadata.component = site
    bom.register_dependency(site, [components[n] for n in _needs(project["dependencies"], pinned)])
    for name, component in components.items():
        needed = _needs(requires(name) or [], pinned)
        bom.register_dependency(component, [components[n] for n in needed if n != name])
    return bom


def as_json(bom: Bom) -> str:
    """Return the bill as CycloneDX 1.6."""
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _needs(requirements: list[str], pinned: dict[str, str]) -> list[str]:
    """Return which pinned packages these requirements ask for, on any machine."""
    asked = [Requirement(requirement) for requirement in requirements]
    always = [one for one in asked if "extra" not in str(one.marker or "")]
    names = {canonicalize_name(one.name) for one in always}
    return sorted(names & pinned.keys())


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(as_json(bill_of_materials()))
