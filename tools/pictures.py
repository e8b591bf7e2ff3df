#!/usr/bin/env python3
"""Take the tour and put the pictures that the documents show into ``docs/pictures``, under names without numbers."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ROOT / "docs" / "pictures"
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/*.md")


def wanted() -> set[str]:
    """Names of the pictures that the documents link to."""
    texts = (file.read_text(encoding="utf-8") for pattern in DOCUMENTS for file in ROOT.glob(pattern))
    return {name for text in texts for name in re.findall(r"pictures/([\w-]+\.png)\)", text)}


def main() -> int:
    """Exit code of the tour; 1 when a document shows a picture that the tour does not take."""
    with tempfile.TemporaryDirectory() as folder:
        code = subprocess.call([sys.executable, "-m", "dermtutor", "tour", "--out", folder])
        if code != 0:
            return code
        taken = {re.sub(r"^\d+-", "", file.name): file for file in Path(folder).glob("*.png")}
        if missing := wanted() - set(taken):
            print(f"The tour takes no picture named {', '.join(sorted(missing))}.", file=sys.stderr)
            return 1
        SHOWN.mkdir(parents=True, exist_ok=True)
        for name in sorted(wanted()):
            shutil.copyfile(taken[name], SHOWN / name)
            print(SHOWN / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
