"""Notes every step of a Python process towards the network, or to another program, in the file $TIERXL_TEST_AUDIT."""

import os
import sys

NETWORK = (
    "socket.",
    "urllib.Request",
    "http.client.",
    "ftplib.",
    "smtplib.",
    "poplib.",
    "imaplib.",
    "nntplib.",
    "webbrowser.",
)
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")
_file = os.open(os.environ["TIERXL_TEST_AUDIT"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(NETWORK + PROGRAMS):
        os.write(_file, f"{event} {arguments!r}\n".encode())


sys.addaudithook(_note)
