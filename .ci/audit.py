"""Asks OSV (https://osv.dev) for known vulnerabilities of the packages of a site.

Exit code 0: none known. 1: some are. 2: no service answered, so nothing was checked.
"""

import json
import sys
import urllib.request
from typing import Any

from packages import Package, installed_packages

SERVICE = "https://api.osv.dev/v1/querybatch"
SECONDS = 30


def main() -> int:
    packages = installed_packages()
    try:
        found = ask(packages)
    except (OSError, ValueError) as error:
        print(
            f"No advisory service answers at {SERVICE} ({type(error).__name__}): none of "
            f"{len(packages)} packages was checked. Run this again where it can be reached.",
            file=sys.stderr,
        )
        return 2
    for package, ids in found.items():
        print(f"{package.name} {package.version}: {', '.join(ids)} (https://osv.dev/{ids[0]})")
    print(f"{len(packages)} packages checked, {len(found)} with known vulnerabilities.")
    return 1 if found else 0


def ask(packages: list[Package]) -> dict[Package, list[str]]:
    """Return the ids of advisories by package."""
    queries = [
        {"package": {"ecosystem": each.ecosystem, "name": each.name}, "version": each.version}
        for each in packages
    ]
    request = urllib.request.Request(
        SERVICE, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
        results: list[dict[str, Any]] = json.load(response)["results"]
    found = {
        package: [str(each["id"]) for each in result.get("vulns", [])]
        for package, result in zip(packages, results, strict=True)
    }
    return {package: ids for package, ids in found.items() if ids}


if __name__ == "__main__":
    sys.exit(main())
