"""A real LibreOffice with a profile of its own, driven over a pipe of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

from tests.files import everything
from tests.libreoffice import LARGE_HEAP
from tierxl.calc.build_extension import build_extension
from tierxl.method.issues import CannotGrade

if sys.platform != "win32":
    import resource

_START_SECONDS = 60
_LARGEST_FILE = 500_000_000
_FILTERS = {".ods": "calc8", ".xlsx": "Calc MS Excel 2007 XML", ".pdf": "calc_pdf_Export"}


def import_uno() -> Any:
    """LibreOffice's own module for Python, from where the system's Python finds it."""
    try:
        import uno  # noqa: PLC0415
    except ImportError:
        done = subprocess.run(
            ["/usr/bin/python3", "-c", "import uno; print(uno.__file__)"], capture_output=True, text=True, check=True
        )
        sys.path.append(str(Path(done.stdout.strip()).parent))
        import uno  # noqa: PLC0415
    return uno


def options_for(folder: Path) -> list[str]:
    """What makes LibreOffice keep to a folder: its profile, and the extensions that root installs for everybody."""
    (folder / "shared").mkdir(parents=True, exist_ok=True)
    return [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        f"-env:UNO_SHARED_PACKAGES_CACHE={(folder / 'shared').as_uri()}",
    ]


def install(extension: Path, options: list[str], environment: dict[str, str]) -> None:
    """Add an extension to a profile, and let it know where the command tierxl of these tests is."""
    for_everybody = ["--shared"] if os.geteuid() == 0 else []
    command = ["unopkg", "add", "--force", *for_everybody, str(extension), *options]
    subprocess.run(command, env=environment, capture_output=True, check=True)
    pointer = Path(environment["XDG_DATA_HOME"]) / "tierxl/calc-worker.txt"
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_text(str(Path(sys.executable).with_name("tierxl")))


def _unpacked_extension(folder: Path) -> Path:
    """The extension as it is built, for the modules that it has copies of."""
    unpacked = folder / "extension"
    folder.mkdir(parents=True, exist_ok=True)
    build_extension(folder / "built.oxt")
    with zipfile.ZipFile(folder / "built.oxt") as package:
        package.extractall(unpacked)
    return unpacked


def _limit_files() -> None:
    """A LibreOffice that has crashed can write a rescued document without an end."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))


class Office:
    """Starts soffice; what our extension imports can then be imported, as if within that office."""

    def __init__(self, folder: Path, extension: Path | None = None) -> None:
        uno = import_uno()
        sys.path.append(str(_unpacked_extension(folder) / "pythonpath"))
        self._folder = folder
        pipe = f"tierxl{uuid4().hex}"
        own = options_for(folder)
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
        environment |= LARGE_HEAP
        if extension:
            install(extension, own, environment)
        self.process = subprocess.Popen(
            ["soffice", *own, "--headless", "--norestore", "--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=_limit_files,  # noqa: PLW1509  it only sets a limit
        )  # fmt: skip
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        self.context = self._resolved(resolver, f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self._uno, self._own_context = uno, uno.getComponentContext
        uno.getComponentContext = lambda: self.context
        self.desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)

    def _resolved(self, resolver: Any, url: str) -> Any:
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                return resolver.resolve(url)
            except Exception:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def open(self, path: Path | None = None) -> Any:
        """Open a document, or a new one. It is not hidden: undoing in a hidden one brings LibreOffice down."""
        url = path.as_uri() if path else "private:factory/scalc"
        return self.desktop.loadComponentFromURL(url, "_blank", 0, ())

    def asking(self, document: Any) -> Callable[..., Any]:
        """Asks a document what the worker asks, within the office as its own extension does."""

        def ask(what: str, **details: Any) -> Any:
            reply = json.loads(
                self._answering.execute(self._named(document=document, question=json.dumps(details | {"what": what})))
            )
            if "refused" in reply:
                raise CannotGrade(reply["refused"])
            return reply["answer"]

        return ask

    @cached_property
    def _answering(self) -> Any:
        """Our component that answers, loaded beside the modules of the extension that it imports."""
        component = shutil.copy(Path(__file__).with_name("answering.py"), self._folder / "extension")
        loader = self.context.ServiceManager.createInstanceWithContext("com.sun.star.loader.Python", self.context)
        factory = loader.activate("tierxl.Answering", "", Path(component).as_uri(), None)
        return factory.createInstanceWithContext(self.context)

    def save(self, document: Any, path: Path) -> Path:
        """Save a copy of a document, as the kind of file that the path names."""
        document.storeToURL(path.as_uri(), self._told(FilterName=_FILTERS[path.suffix]))
        return path

    def content(self, document: Any) -> dict[str, Any]:
        """All that a user sees of a document, sheet by sheet; LibreOffice fits the heights of rows as it likes."""
        content = everything(self.save(document, self._folder / "content.xlsx"))
        return {title: {**sheet, "heights": None} for title, sheet in content.items()}

    def press(self, document: Any, command: str) -> tuple[int, str]:
        """Choose a command of our menu: how it ended, and its message."""
        helper = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self.context
        )
        event = helper.executeDispatch(document.CurrentController.Frame, f"tierxl:{command}", "", 0, ())
        return event.State, event.Result

    def undo(self, document: Any) -> None:
        """Press Undo, and wait until all of it is done."""
        self._bring_to_front(document)
        self._as_the_user(document.UndoManager.undo)
        self.settle()

    def redo(self, document: Any) -> None:
        """Press Redo, and wait until all of it is done."""
        self._bring_to_front(document)
        self._as_the_user(document.UndoManager.redo)
        self.settle()

    def _bring_to_front(self, document: Any) -> None:
        """Let a document be the one that the user works on: LibreOffice ends when another one's sheets are undone."""
        frame = document.CurrentController.Frame
        frame.activate()
        frame.ContainerWindow.setFocus()
        self.settle()

    def settle(self) -> None:
        """Wait until the office has nothing left to do."""
        self._as_the_user(lambda: None)

    def _as_the_user(self, work: Callable[[], None]) -> None:
        """Do some work where the office does what a user asks for, and wait for it: nothing else is done meanwhile."""
        from tierxl_in_calc.idle import when_idle  # noqa: PLC0415

        is_done = Event()

        def do() -> None:
            try:
                work()
            finally:
                is_done.set()

        when_idle(do)
        assert is_done.wait(30)

    def close(self, document: Any) -> None:
        document.close(True)

    def terminate(self) -> None:
        """End the office."""
        self._uno.getComponentContext = self._own_context
        with suppress(Exception):  # the connection ends with it
            self.desktop.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=30)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _told(self, **values: Any) -> tuple[Any, ...]:
        from com.sun.star.beans import PropertyValue  # noqa: PLC0415

        return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())

    def _named(self, **values: Any) -> tuple[Any, ...]:
        from com.sun.star.beans import NamedValue  # noqa: PLC0415

        return tuple(NamedValue(name, value) for name, value in values.items())
