"""Print pip constraints that pin each dependency to the oldest version that pyproject.toml allows."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_LOWER_BOUND = re.compile(r"([A-Za-z0-9._-]+)>=([0-9][0-9a-z.]*)")


def constraints(pyproject: str) -> list[str]:
    r"""Return one constraint a dependency.

    >>> constraints('[project]\ndependencies = ["scrapy>=2.19.0", "lxml>=5.3.0"]')
    ['scrapy==2.19.0', 'lxml==5.3.0']
    """
    found = []
    for requirement in tomllib.loads(pyproject)["project"]["dependencies"]:
        bound = _LOWER_BOUND.fullmatch(requirement)
        if bound is None:
            raise ValueError(f"{requirement}: expected NAME>=VERSION, so that the oldest version is known")
        found.append(f"{bound[1]}=={bound[2]}")
    return found


if __name__ == "__main__":
    sys.stdout.write("\n".join(constraints(Path("pyproject.toml").read_text("utf-8"))) + "\n")
