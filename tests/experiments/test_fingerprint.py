"""What a result hangs on: no source that a run uses is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sim.experiments import fingerprint


def test_whatever_a_run_imports_is_part_of_the_version_of_the_model() -> None:
    code = (
        "import sys\nimport sim.experiments.future\n"
        "print(*(one.__file__ for name, one in sys.modules.items() if name.startswith('sim.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    package = Path(fingerprint.__file__).parents[1]
    used = [Path(one).relative_to(package).as_posix() for one in done.stdout.split()]
    assert len(used) > 50
    known = tuple(one if one.endswith(".py") else f"{one}/" for one in fingerprint._MODEL)
    assert [one for one in used if not one.startswith(known)] == ["experiments/__init__.py"]
    assert (
        Path(package / "experiments/__init__.py").read_text(encoding="utf-8").count("import") == 0
    )
