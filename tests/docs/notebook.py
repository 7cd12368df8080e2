"""The tutorial, lived anew: each cell in order, with what it prints, returns and draws.

``python -m tests.docs.notebook`` (or ``make docs``) writes docs/tutorial.ipynb with fresh outputs:
edit its cells in Jupyter or by hand, then run it. It needs no Jupyter, and leaves no trace of when
and where it ran.
"""

from __future__ import annotations

import ast
import base64
import io
import json
from contextlib import redirect_stdout
from copy import deepcopy
from pathlib import Path
from typing import Any

import matplotlib

FILE = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_DOTS_PER_INCH = 72

Output = dict[str, Any]


def stored() -> dict[str, Any]:
    """The notebook as it stands in the repository."""
    notebook: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return notebook


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """The same cells, run in order in one fresh namespace, with the outputs of now."""
    fresh = deepcopy(notebook)
    fresh["metadata"] = METADATA
    for cell in fresh["cells"]:
        cell["metadata"] = {}
    namespace: dict[str, Any] = {"__name__": "__main__"}
    matplotlib.use("Agg")
    with matplotlib.rc_context():
        for number, cell in enumerate(code_cells(fresh), start=1):
            cell["execution_count"] = number
            cell["outputs"] = _outputs("".join(cell["source"]), number, namespace)
    return fresh


def _outputs(source: str, number: int, namespace: dict[str, Any]) -> list[Output]:
    """What Jupyter would show under a cell: prints, the value of its last line, its figures."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    name, value = f"cell {number}", None
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, name, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
    found: list[Output] = []
    if text := printed.getvalue():
        found.append({"name": "stdout", "output_type": "stream", "text": _lines(text)})
    if value is not None:
        found.append(
            {
                "data": _forms(value),
                "execution_count": number,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return found + _figures()


def _forms(value: Any) -> dict[str, list[str]]:
    forms = {"text/plain": _lines(repr(value))}
    if hasattr(value, "_repr_html_"):
        forms = {"text/html": _lines(value._repr_html_()), **forms}
    return forms


def _figures() -> list[Output]:
    """The open figures as small pictures, closed once they are taken."""
    from matplotlib import pyplot as plt

    found: list[Output] = []
    for number in plt.get_fignums():
        file = io.BytesIO()
        plt.figure(number).savefig(file, dpi=_DOTS_PER_INCH, metadata={"Software": None})
        picture = base64.b64encode(file.getvalue()).decode()
        data = {"image/png": picture, "text/plain": ["<Figure>"]}
        found.append({"data": data, "metadata": {}, "output_type": "display_data"})
    plt.close("all")
    return found


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    text = json.dumps(executed(stored()), indent=1, ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8")
