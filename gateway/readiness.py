"""How a child process tells the supervisor that it is ready.

The supervisor hands it the writing end of a pipe by number. One line on it means ready; a
pipe that ends without a line means that the child died first. Nothing is polled.
"""

import os

READY_FD_VARIABLE = "ECORIGHTS_READY_FD"


def announce_ready() -> None:
    """Say once that this process serves; do nothing when nobody asked."""
    number = os.environ.pop(READY_FD_VARIABLE, None)
    if number is None:
        return
    with os.fdopen(int(number), "wb") as pipe:
        pipe.write(b"ready\n")
