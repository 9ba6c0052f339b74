"""Write every generated file anew: the golden files of the tests and the pages of the documentation that come from the code."""

from __future__ import annotations

from tests.golden.generated import generated, orphans

if __name__ == "__main__":
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for path in orphans():
        path.unlink()
