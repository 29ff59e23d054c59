"""The commands that the README names exist, and the one that a machine runs is the README's."""

import re
import stat
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("plugins/*/README.md"))]


def code(markdown: str) -> list[str]:
    """Return what stands as code in a document: the lines of its blocks, and what stands between backticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", markdown, flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```\w*\n.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", prose)


def make_targets_named(markdown: str) -> set[str]:
    found = {
        match[1]
        for line in code(markdown)
        if (match := re.match(r"make(?: ([a-z-]+))?(?: [A-Z]+=\S+)*(?:\s+#.*)?$", line.strip()))
    }
    return found - {None}


def subcommands_named(markdown: str) -> set[str]:
    lines = [line.strip().removeprefix(".venv/bin/") for line in code(markdown)]
    return {match[1] for line in lines if (match := re.match(r"tailrec ([a-z][a-z-]*)\b", line))}


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))


def test_every_make_command_of_the_documents_exists():
    named = {target for path in DOCUMENTS for target in make_targets_named(path.read_text(encoding="utf-8"))}
    assert named >= {"test", "lab"}
    assert named - targets(MAKEFILE) == set()


def test_every_tailrec_command_of_the_documents_exists():
    from tailrec.cli import app

    named = {command for path in DOCUMENTS for command in subcommands_named(path.read_text(encoding="utf-8"))}
    assert "compare" in named
    for command in named:
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0, command


def test_the_first_target_is_the_main_job():
    assert re.search(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE)[1] == "compare"


def test_every_target_is_declared_phony():
    assert targets(MAKEFILE) == set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)[1].split())


def test_the_machine_runs_the_command_of_the_readme_and_stops_at_a_failure():
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert script.stat().st_mode & stat.S_IXUSR
    assert "test" in make_targets_named(README)
    assert [line for line in lines if line.startswith("make")] == ["make test", "make test-extra"]


def test_the_python_of_the_readme_runs_without_a_warning():
    blocks = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    *lines, last = blocks[0].strip().splitlines()
    code = "\n".join([*lines, f"table = {last}", "print(sorted(set(table['metric'])))"])
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("['first-is-right', 'ndcg']\n", "")


def test_every_file_that_a_document_points_to_exists():
    for path in DOCUMENTS:
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
        missing = [link for link in links if not (path.parent / link).exists()]
        # The picture is made from the result of the main job.
        assert [link for link in missing if link != "docs/images/result.png"] == [], path.name


def test_commands_in_a_document_are_seen():
    text = "Run `make lab` or\n\n```sh\nmake\nmake test   # all\nmake lock UPGRADE=yes\ntailrec no --x\n```\nmake it so"
    assert make_targets_named(text) == {"lab", "test", "lock"}
    assert subcommands_named(text) == {"no"}
