"""Takes every address out of an npm lock file: where packages come from is the machine's setting.

`npm ci` does not read these keys; without them the lock is the same on every network.
"""

import json
import sys
from pathlib import Path

STRIPPED = ("resolved", "funding", "deprecated")


def strip(lock: dict[str, object]) -> dict[str, object]:
    packages = lock["packages"]
    assert isinstance(packages, dict)
    for entry in packages.values():
        for key in STRIPPED:
            entry.pop(key, None)
    return lock


if __name__ == "__main__":
    path = Path(sys.argv[1])
    before = path.read_text(encoding="utf-8")
    after = json.dumps(strip(json.loads(before)), indent=2, ensure_ascii=False) + "\n"
    if after != before:
        path.write_text(after, encoding="utf-8")
