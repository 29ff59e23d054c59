"""Every import points one way: notebooks, plugins, the core's public names, the libraries."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import tailrec

ROOT = Path(__file__).parents[2]
PUBLIC = {*tailrec.__all__, "__version__"}
CORE_MAY = {"numpy", "scipy", "pandas", "pydantic", "typer", "rich", "tqdm", "jinja2", "joblib"}
# What docs/design.md adds to the list, with the reason.
CORE_MAY |= {"cloudpickle", "lazy_loader", "packaging", "threadpoolctl", "tomli_w"}
ONLY_IN = {
    "matplotlib": ("figures", "report"),
    "ipywidgets": ("widgets",),
    "pytest": ("testing",),
    "copier": ("new_plugin",),
    "optuna": ("suggesting",),
}

PLUGINS = {path.parent.name: path.parent for path in ROOT.glob("plugins/*/pyproject.toml")}
MODULES = {name: next(folder.glob("tailrec_*")).name for name, folder in PLUGINS.items()}
CORE_FILES = sorted((ROOT / "tailrec").rglob("*.py"))
PLUGIN_FILES = sorted(path for folder in PLUGINS.values() for path in folder.rglob("*.py"))
NOTEBOOKS = sorted(ROOT.glob("notebooks/**/*.ipynb"))


def imports(source: str) -> list[tuple[str, tuple[str, ...], int]]:
    """Return every import: the module, the names taken from it, the line."""
    found: list[tuple[str, tuple[str, ...], int]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(alias.name, (), node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found.append((module, tuple(alias.name for alias in node.names), node.lineno))
    return found


def is_standard(module: str) -> bool:
    return module in sys.stdlib_module_names


def wrong_in_core(source: str, place: str) -> list[str]:
    """Return what a file of the core may not import, or may not name."""
    wrong = []
    for module, _, line in imports(source):
        top = module.partition(".")[0]
        allowed_here = any(part in Path(place).parts or part == Path(place).stem for part in ONLY_IN.get(top, ()))
        if not (is_standard(top) or top == "tailrec" or top in CORE_MAY or allowed_here):
            wrong.append(f"{place}:{line} imports {module or 'relatively'}")
    wrong += [f"{place} names {name}" for name in re.findall(r"\btailrec_\w+", source)]
    return wrong


def compared_texts(source: str) -> set[str]:
    """Return the texts that code compares something with, where a decision may hang on a name."""
    places = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Compare, ast.MatchValue))]
    return {
        part.value
        for place in places
        for part in ast.walk(place)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def private_uses(source: str, place: str) -> list[str]:
    """Return every use of `tailrec` that goes round its public names."""
    wrong = []
    for module, names, line in imports(source):
        # `tailrec.figures` and its like are public names themselves.
        if module.startswith("tailrec.") and module.removeprefix("tailrec.") not in PUBLIC:
            wrong.append(f"{place}:{line} imports {module}, take the public name from `tailrec`")
        elif module == "tailrec":
            wrong += [
                f"{place}:{line} imports tailrec.{name}, which is not public" for name in names if name not in PUBLIC
            ]
    for node in ast.walk(ast.parse(source)):
        of_tailrec = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "tailrec"
        if of_tailrec and node.attr not in PUBLIC:
            wrong.append(f"{place}:{node.lineno} uses tailrec.{node.attr}, which is not public")
    return wrong


def wrong_in_plugin(source: str, place: str, own: str, may: set[str]) -> list[str]:
    """Return what a plugin's file may not import: another plugin, private names, what it does not declare."""
    wrong = private_uses(source, place)
    for module, _, line in imports(source):
        top = module.partition(".")[0]
        if top.startswith("tailrec_") and top != own:
            wrong.append(f"{place}:{line} imports another plugin, {top}")
        elif not (is_standard(top) or top in ("tailrec", own) or top in may):
            wrong.append(f"{place}:{line} imports {module or 'relatively'}, which its pyproject.toml does not declare")
    return wrong


def wrong_in_notebook(document: dict, place: str, may: set[str]) -> list[str]:
    """Return what a notebook's cells may not import."""
    wrong = []
    for number, cell in enumerate(document["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        lines = "".join(cell["source"]).splitlines()
        source = "\n".join("pass" if line.lstrip().startswith(("%", "!")) else line for line in lines)
        where = f"{place}, cell {number}"
        wrong += private_uses(source, where)
        tops = {module.partition(".")[0] for module, _, _ in imports(source)}
        plugins = {top for top in tops if top in MODULES.values()}
        others = tops - plugins - {"tailrec"}
        wrong += [f"{where} imports {top}" for top in sorted(others) if not is_standard(top) and top not in may]
    return wrong


def declared(pyproject: Path) -> set[str]:
    """Return the modules that a project's dependencies bring."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    wanted = {normal(re.split(r"[<>=!~\[; ]", line, maxsplit=1)[0]) for line in project["dependencies"]}
    return {module for module, packages in packages_distributions().items() if wanted & set(map(normal, packages))}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


CORE_DECLARES = declared(ROOT / "pyproject.toml")


@pytest.mark.parametrize("path", CORE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_imports_only_what_it_may(path):
    assert wrong_in_core(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))) == []


@pytest.mark.parametrize("path", CORE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_decides_nothing_by_the_name_of_a_plugin(path):
    points = [
        name
        for folder in PLUGINS.values()
        for group in tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        .get("entry-points", {})
        .values()
        for name in group
    ]
    assert compared_texts(path.read_text(encoding="utf-8")) & set(points) == set()


@pytest.mark.parametrize("path", PLUGIN_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_plugin_imports_only_public_names_and_what_it_declares(path):
    name = path.relative_to(ROOT).parts[1]
    may = declared(PLUGINS[name] / "pyproject.toml") | CORE_DECLARES
    place = str(path.relative_to(ROOT))
    assert wrong_in_plugin(path.read_text(encoding="utf-8"), place, MODULES[name], may) == []


def test_a_notebook_imports_only_public_names_and_plugins():
    may = set(packages_distributions()) - {
        module for module in packages_distributions() if module.startswith("tailrec_")
    }
    wrong = []
    for path in NOTEBOOKS:
        document = json.loads(path.read_text(encoding="utf-8"))
        wrong += wrong_in_notebook(document, str(path.relative_to(ROOT)), may)
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "place", "expected"),
    [
        ("import tailrec_classics.ease", "tailrec/comparison.py", "imports tailrec_classics.ease"),
        ("def f():\n    import tensorflow", "tailrec/runs.py", ":2 imports tensorflow"),
        ("import matplotlib.pyplot", "tailrec/results.py", "imports matplotlib.pyplot"),
        ("from ipywidgets import App", "tailrec/figures.py", "imports ipywidgets"),
        ("from . import names", "tailrec/runs.py", "imports ."),
        ("x = 'tailrec_tfrs.two_tower'", "tailrec/registry.py", "names tailrec_tfrs"),
    ],
)
def test_what_the_core_may_not_is_seen(source, place, expected):
    assert expected in "\n".join(wrong_in_core(source, place))


def test_what_the_core_may_is_let_through():
    assert wrong_in_core("import numpy.typing\nfrom tailrec.names import parse\nimport os", "tailrec/runs.py") == []
    assert wrong_in_core("import matplotlib", "tailrec/report/page.py") == []
    assert wrong_in_core("import matplotlib", "tailrec/figures.py") == []


def test_a_decision_by_name_is_seen():
    assert compared_texts("if model.name == 'ease': pass") == {"ease"}
    assert compared_texts("if name in ('ease', 'ials'): pass") == {"ease", "ials"}
    assert compared_texts("match name:\n    case 'ease': pass") == {"ease"}
    assert compared_texts("print('ease')") == set()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from tailrec.ranking import rank", "imports tailrec.ranking"),
        ("import tailrec.ranking", "imports tailrec.ranking"),
        ("from tailrec import nothing_public", "which is not public"),
        ("import tailrec\ntailrec.parameters.label(x)", ":2 uses tailrec.parameters"),
        ("import tailrec_metrics", "another plugin, tailrec_metrics"),
        ("import sklearn", "does not declare"),
        ("from .ease import Ease", "does not declare"),
    ],
)
def test_what_a_plugin_may_not_is_seen(source, expected):
    assert expected in "\n".join(wrong_in_plugin(source, "ease.py", "tailrec_classics", {"numpy"}))


def test_what_a_plugin_may_is_let_through():
    source = "import os, numpy, tailrec\nfrom tailrec import rank\nfrom tailrec_classics.ease import Ease\ntailrec.rank"
    assert wrong_in_plugin(source, "ease.py", "tailrec_classics", {"numpy"}) == []


def test_what_a_notebook_may_not_is_seen():
    cell = {
        "cell_type": "code",
        "source": ["%matplotlib inline\n", "import numpy, torch\n", "from tailrec.coding import decode"],
    }
    text = {"cell_type": "markdown", "source": ["import antigravity"]}
    wrong = wrong_in_notebook({"cells": [text, cell]}, "00.ipynb", {"numpy"})
    assert wrong == [
        "00.ipynb, cell 2:3 imports tailrec.coding, take the public name from `tailrec`",
        "00.ipynb, cell 2 imports torch",
    ]
