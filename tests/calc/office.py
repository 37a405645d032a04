"""A real LibreOffice with a profile of its own, driven over a pipe of its own."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

_START_SECONDS = 60
_FLAT = "OpenDocument Spreadsheet Flat XML"
_FILTERS = {".ods": "calc8", ".xlsx": "Calc MS Excel 2007 XML", ".pdf": "calc_pdf_Export", ".fods": _FLAT}
_OF_THE_MOMENT = re.compile(r"<office:(meta|settings)>.*?</office:\1>|<office:settings/>", re.DOTALL)
EXTENSION = Path(__file__).parents[2] / "tierxl/template/extension/pythonpath"


def import_uno() -> Any:
    """LibreOffice's own module for Python, from where the system's Python finds it."""
    try:
        import uno  # noqa: PLC0415
    except ImportError:
        told = subprocess.run(
            ["/usr/bin/python3", "-c", "import uno; print(uno.__file__)"], capture_output=True, text=True, check=True
        )
        sys.path.append(str(Path(told.stdout.strip()).parent))
        import uno  # noqa: PLC0415
    return uno


class Office:
    """Starts soffice; what our extension imports can then be imported, as if within that office."""

    def __init__(self, folder: Path) -> None:
        uno = import_uno()
        if str(EXTENSION) not in sys.path:
            sys.path.append(str(EXTENSION))
        self._folder = folder
        pipe = f"tierxl{uuid4().hex}"
        self._process = subprocess.Popen(
            ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
             "--nodefault", f"--accept=pipe,name={pipe};urp"],
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        self.context = self._resolved(resolver, f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self._uno, self._own_context = uno, uno.getComponentContext
        uno.getComponentContext = lambda: self.context
        self.desktop = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", self.context
        )

    def _resolved(self, resolver: Any, url: str) -> Any:
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                return resolver.resolve(url)
            except Exception:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.1)

    def open(self, path: Path | None = None) -> Any:
        """Open a document, or a new one. It is not hidden: undoing in a hidden one brings LibreOffice down."""
        url = path.as_uri() if path else "private:factory/scalc"
        return self.desktop.loadComponentFromURL(url, "_blank", 0, ())

    def save(self, document: Any, path: Path) -> Path:
        """Save a copy of a document, as the kind of file that the path names."""
        document.storeToURL(path.as_uri(), self._told(FilterName=_FILTERS[path.suffix]))
        return path

    def flat_odf(self, document: Any) -> str:
        """All of a document as one text, without what says when it was saved and where the user looked."""
        text = self.save(document, self._folder / "flat.fods").read_text(encoding="utf-8")
        return _OF_THE_MOMENT.sub("", text)

    def close(self, document: Any) -> None:
        document.close(True)

    def terminate(self) -> None:
        """End the office."""
        self._uno.getComponentContext = self._own_context
        try:
            self.desktop.terminate()
        except Exception:  # the connection ends with it
            pass
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _told(self, **values: Any) -> tuple[Any, ...]:
        from com.sun.star.beans import PropertyValue  # noqa: PLC0415

        return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())
