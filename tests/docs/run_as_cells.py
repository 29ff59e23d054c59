"""Run the blocks of a page as the cells of a notebook, in the `__main__` of a process; print what is wrong."""

import doctest
import re
import sys
from pathlib import Path


def main(page: Path) -> int:
    """Run its blocks in order and return how many are wrong."""
    cells, wrong = vars(sys.modules["__main__"]), 0
    for number, (kind, text) in enumerate(blocks(page.read_text(encoding="utf-8"))):
        if kind == "python":
            exec(compile(text, f"block {number} of {page.name}", "exec"), cells)
        elif kind == "pycon":
            test = doctest.DocTestParser().get_doctest(text, cells, f"block {number}", page.name, 0)
            runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
            wrong += runner.run(test, clear_globs=False).failed
            cells |= test.globs
    return wrong


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the language and the text of every block of code of a page."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
