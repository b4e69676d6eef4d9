"""What the site is made of: licenses, and the bill of materials."""

from __future__ import annotations

import json

from tests.packaging import licenses, sbom
from tests.packaging.pins import ROOT, hashes, pins


def test_every_license_is_one_that_we_can_keep():
    for package, (said, is_run) in licenses.licenses().items():
        assert said in (licenses.TO_RUN if is_run else licenses.TO_DEVELOP), f"{package}: {said!r}"


def test_the_page_of_licenses_is_up_to_date():
    """`make licenses` writes it."""
    assert (ROOT / "docs" / "licenses.md").read_text() == licenses.page()


def test_the_bill_of_materials_is_valid_and_has_each_package_with_hashes_and_license():
    # Not at the top: these take seconds, and every worker imports every test.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = sbom.as_json(sbom.bill_of_materials())
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)

    components = {one["name"]: one for one in bill["components"]}
    assert {n: one["version"] for n, one in components.items()} == pins("requirements.txt")
    digests = hashes("requirements.txt")
    for name, one in components.items():
        assert one["licenses"], name
        listed = [told["content"] for told in one["hashes"]]
        assert sorted(listed) == sorted(digests[name])
        assert one["purl"] == f"pkg:pypi/{name}@{one['version']}"
    needed = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert any(ref.startswith("flask==") for ref in needed["learn-all"])
    assert {*needed} == {"learn-all", *(one["bom-ref"] for one in components.values())}
