// Runs the main.py of the workbook for xlwings Lite in Pyodide under Node, and writes what came of it, as JSON.
//
//   node pyodide.mjs PROJECT main.py clients.xlsx [wheels ...]
//
// Without wheels the libraries come from Pyodide and PyPI, over the network, and the clients are graded on the stand-in
// for Lite. With wheels in files nothing is loaded from elsewhere; where Polars is not among them, as PyPI has none for
// Pyodide, main.py is unpacked, and what needs no frame is run.
import { readFileSync } from "node:fs";
import path from "node:path";
import { loadPyodide } from "pyodide";

const [root, main, clients, ...wheels] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.mkdirTree("/work/tests");
python.FS.writeFile("/work/tests/__init__.py", "");
python.FS.writeFile("/work/tests/fake_lite.py", new Uint8Array(readFileSync(path.join(root, "tests/fake_lite.py"))));
python.FS.writeFile("/work/main.py", new Uint8Array(readFileSync(main)));
python.FS.writeFile("/work/clients.xlsx", new Uint8Array(readFileSync(clients)));
if (wheels.length) {
  for (const wheel of wheels) python.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel");
} else {
  await python.loadPackage(["micropip", "polars", "pydantic"]);
  await python.pyimport("micropip").install.callKwargs(["narwhals>=2.20,<2.30", "xlwings<1", "openpyxl"], {});
}
python.globals.set("has_polars", !wheels.length);
console.log(await python.runPythonAsync(`
import ast, asyncio, base64, bz2, json, sys
from pathlib import Path
sys.path.insert(0, "/work")
text = Path("/work/main.py").read_text()
if has_polars:
    from tests import fake_lite
    sys.modules["xlwings"] = module = fake_lite.module()
    exec(compile(text, "main.py", "exec"), {"__name__": "main"})
    book = fake_lite.open_book(Path("/work/clients.xlsx"))
    await fake_lite.run(module.scripts["Grade clients"], book)
    cells = {page.title: [[str(cell.value) for cell in row] for row in page.iter_rows()] for page in book.impl.excel}
    found = {"alerts": book.impl.app.alerts, "cells": cells}
else:
    values = {node.targets[0].id: node.value.value for node in ast.parse(text).body
              if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)}
    Path("/tmp/tierxl.zip").write_bytes(bz2.decompress(base64.b64decode(values["BUNDLE"])))
    sys.path.insert(0, "/tmp/tierxl.zip")
    import tierxl
    from tierxl.method.policy import Policy
    from tierxl.method.rating import grading
    from tierxl.method.table import headers
    found = {"home": tierxl.__file__, "policy": Policy().fingerprint, "graded": list(headers.GRADED_COLUMNS),
             "platform": sys.platform, "python": sys.version.split()[0]}
json.dumps(found)
`));
