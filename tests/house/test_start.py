"""`import tailrec` brings nothing heavy with it, and neither does asking what there is."""

import ast
import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "tf_keras", "matplotlib", "pandas", "ipywidgets", "scipy", "pydantic", "joblib")
TRAINING = ("tensorflow", "keras", "tf_keras", "matplotlib", "ipywidgets", "implicit")


def loaded_by(code: str, among: tuple[str, ...]) -> list[str]:
    """Run code in a process of its own and return which of the modules it has loaded."""
    report = f"import sys; print([name for name in {among} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True)
    return ast.literal_eval(run.stdout.splitlines()[-1])


def test_import_tailrec_loads_nothing_heavy():
    assert loaded_by("import tailrec", HEAVY) == []


@pytest.mark.parametrize(
    "code",
    [
        "import tailrec; tailrec.plugins()",
        "import tailrec; tailrec.Interactions, tailrec.Scenario, tailrec.compare, tailrec.evaluate",
        "from tailrec.cli import app",
    ],
)
def test_nothing_that_trains_is_loaded_before_something_trains(code):
    assert loaded_by(code, TRAINING) == []


def test_what_is_loaded_is_seen():
    assert loaded_by("import pandas", HEAVY) == ["pandas"]
