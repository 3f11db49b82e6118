"""The worker's process with the kinds of the tests: --visibility SECONDS, --venue VENUE."""

import sys

from gateway.work.broker import VISIBILITY_SECONDS
from gateway.work.consuming import main
from tests.gateway.work.recording import KINDS

if __name__ == "__main__":
    given = "--visibility" in sys.argv
    seconds = int(sys.argv[sys.argv.index("--visibility") + 1]) if given else VISIBILITY_SECONDS
    main(kinds=KINDS, visibility=seconds)
