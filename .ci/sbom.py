"""Writes build/sojourn.cdx.json: the packages of a site as a CycloneDX bill of materials."""

import json
import tomllib
import uuid
from datetime import UTC, datetime

from packages import ROOT, Package, installed_packages

FILE = ROOT / "build" / "sojourn.cdx.json"


def bill_of_materials(packages: list[Package], version: str, at: datetime) -> dict[str, object]:
    """Return a CycloneDX 1.6 document."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": "sojourn",
                "name": "sojourn",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [_component(package) for package in packages],
    }


def _component(package: Package) -> dict[str, object]:
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
    }
    # A component has the hash of one file. A package with several has a wheel for each system.
    if len(package.sha256) == 1:
        component["hashes"] = [{"alg": "SHA-256", "content": package.sha256[0]}]
    return component


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = installed_packages()
    document = bill_of_materials(packages, project["version"], datetime.now(UTC))
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(document, indent=1) + "\n")
    print(f"{FILE.relative_to(ROOT)}: {len(packages)} packages.")


if __name__ == "__main__":
    main()
