"""The wire between the office and its worker: JSON messages, one a line, in ASCII."""

import json
import os
from typing import Any, BinaryIO

Message = dict[str, Any]


class Wire:
    """Messages over two binary streams."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming, self._outgoing = incoming, outgoing

    def receive(self) -> Message:
        """The next message.

        Raises:
            EOFError: there are no more.
        """
        line = self._incoming.readline()
        if not line:
            raise EOFError
        message: Message = json.loads(line)
        return message

    def send(self, message: Message) -> None:
        """Send a message at once."""
        self._outgoing.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
        self._outgoing.flush()


def standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """The process's standard input and output, for messages alone: whatever else is printed goes nowhere."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    return incoming, outgoing
