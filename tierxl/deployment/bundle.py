"""One zip for IT: all that is needed to install tierxl where there is no internet."""

import json
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, distributions
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.install import WriteTemplate
from tierxl.deployment.places import NAME
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.shipped import CHECKOUT, shipped

CONTENTS = {
    "install.sh": "install.sh",
    "install.ps1": "install.ps1",
    "GUIDE.md": "GUIDE.txt",
    "tierxl.oxt": "tierxl.oxt",
}
"""The files of install/ and their names in the zip: a text file opens on every computer."""
MADE_FOR = "made-for.txt"


def bundle(folder: Path, write_template: WriteTemplate) -> Path:
    """Write the zip for this platform and this version of Python into a folder."""
    with tempfile.TemporaryDirectory() as work:
        stage = Path(work, "bundle")
        wheels = stage / "wheels"
        wheels.mkdir(parents=True)
        _collect_wheels(wheels)
        (wheels / MADE_FOR).write_text(f"{made_for()}\n", encoding="ascii")
        for suffix in ("xlam", "xltx", "xlsm"):
            write_template(stage / f"{NAME}.{suffix}")
        for source, name in CONTENTS.items():
            shutil.copyfile(shipped("install") / source, stage / name)
        return _zip(stage, folder / _name(wheels))


def made_for() -> str:
    """The Python and the platform that the wheels fit. The scripts ask a Python the same, in the same words.

    On Windows that is what Python was built for: one of x64 runs on an ARM processor too.
    """
    is_windows = sys.platform == "win32"
    machine = sysconfig.get_platform().rpartition("-")[2] if is_windows else platform.machine().lower()
    return f"{sys.version_info[0]}.{sys.version_info[1]} {sys.platform}-{machine}"


def _collect_wheels(wheels: Path) -> None:
    """Wheels of tierxl and of all that it needs, of the versions that are installed here."""
    if find_spec("pip") is None:
        raise CannotDeploy(
            "This Python has no pip, which collects the wheels: run python -m ensurepip, then try again."
        )
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "constraints.txt")
        installed = {
            package.name: package.version for package in distributions() if package.name not in {None, "tierxl"}
        }
        constraints.write_text("".join(f"{name}=={version}\n" for name, version in installed.items()), encoding="utf-8")
        source = _source()
        command = [sys.executable, "-I", "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
                   "--no-cache-dir", "--wheel-dir", str(wheels), "--constraint", str(constraints), source]  # fmt: skip
        # S603: the program is this Python, and each argument is one of ours.
        done = subprocess.run(command, check=False)  # noqa: S603
    if done.returncode:
        raise CannotDeploy(
            f"pip could not collect the wheels for {source}, for the reason above. Where it is the way to the "
            "internet, mend that, and try again."
        )


def _source() -> str:
    """The folder that tierxl was installed from, if that is on this computer; else its version on PyPI."""
    try:
        own = distribution("tierxl")
    except PackageNotFoundError:
        return str(CHECKOUT)
    url = urlsplit(json.loads(own.read_text("direct_url.json") or "{}").get("url", ""))
    local = url2pathname(url.path)
    return local if url.scheme == "file" and Path(local).exists() else f"tierxl=={own.version}"


def _name(wheels: Path) -> str:
    """Such as tierxl-0.1.0-linux-x86_64-python3.11.zip."""
    (own,) = wheels.glob("tierxl-*.whl")
    python, system = made_for().split()
    return f"tierxl-{own.name.split('-')[1]}-{system}-python{python}.zip"


def _zip(stage: Path, target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotDeploy(f"{target.parent} cannot be made: {error.strerror or error}.") from error
    with replacing(target) as draft, zipfile.ZipFile(draft, "w") as written:  # not compressed: wheels are already
        for path in sorted(path for path in stage.rglob("*") if path.is_file()):
            written.write(path, path.relative_to(stage))
    return target
