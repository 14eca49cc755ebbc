# ruff: noqa: INP001 - a script of the image, no package
"""Ask this container's own status port: exit 0 if it answers 200. No curl, no start-up of the CLI.

`python -IS healthcheck.py [PATH]`; PATH is `/livez` unless given. The port is that of
CLEARWATER_HTTP_PORT, as the worker's is.
"""

from __future__ import annotations

import http.client
import os
import sys

SECONDS = 3.0


def main() -> int:
    """Return the exit code: 0 if the page holds, 1 if not or nothing answers."""
    path = sys.argv[1] if len(sys.argv) > 1 else "/livez"
    host = os.environ.get("CLEARWATER_HTTP_HOST", "127.0.0.1")
    port = int(os.environ.get("CLEARWATER_HTTP_PORT") or "8086")
    anywhere = {"", "0.0.0.0", "::"}  # noqa: S104 - what it listens on is not what one asks
    asked = http.client.HTTPConnection("127.0.0.1" if host in anywhere else host, port, SECONDS)
    try:
        asked.request("GET", path)
        return 0 if asked.getresponse().status == http.client.OK else 1
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"{host}:{port}{path}: {type(error).__name__}\n")
        return 1
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(main())
