"""Small data sets laid out as scikit-learn keeps what it fetched from OpenML, and a server of them.

With these the real `fetch_openml` runs without a network.
"""

import gzip
import hashlib
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ORIGIN = "https://www.openml.org"
API = "api/v1/json/data"


@dataclass(frozen=True)
class Table:
    """A data set; `columns` map names to "numeric", "string" or a list of categories."""

    name: str
    data_id: int
    columns: dict[str, str | list[str]]
    rows: list[str]
    target: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    sparse: bool = False
    claims_nothing_missing: bool = False

    @property
    def arff(self) -> bytes:
        kinds = {
            column: "{" + ",".join(kind) + "}" if isinstance(kind, list) else kind.upper()
            for column, kind in self.columns.items()
        }
        head = [f"@RELATION {self.name}", *(f"@ATTRIBUTE '{c}' {k}" for c, k in kinds.items())]
        return "\n".join([*head, "@DATA", *self.rows, ""]).encode()

    def files(self) -> dict[str, bytes]:
        """Returns the content of the files by their path."""
        arff = f"data/v1/download/{self.data_id}/{self.name}.arff"
        listed = {"did": self.data_id, "name": self.name, "version": 1, "status": "active"}
        description = {
            "id": str(self.data_id),
            "name": self.name,
            "version": "1",
            "format": "Sparse_ARFF" if self.sparse else "ARFF",
            "status": "active",
            "url": f"{ORIGIN}/{arff}",
            "description": "made for a test",
            "md5_checksum": hashlib.md5(self.arff).hexdigest(),  # noqa: S324 - what OpenML uses
        }
        counts = [0] * len(self.columns)
        if not self.sparse and not self.claims_nothing_missing:
            values = zip(*(row.split(",") for row in self.rows), strict=True)
            counts = [column.count("?") for column in values]
        features = [self._feature(index, missing) for index, missing in enumerate(counts)]
        quality = [{"name": "NumberOfInstances", "value": f"{len(self.rows)}.0"}]
        contents: dict[str, Any] = {
            f"{API}/list/data_name/{self.name}/limit/2/data_version/1": {
                "data": {"dataset": [listed]}
            },
            f"{API}/{self.data_id}": {"data_set_description": description},
            f"{API}/features/{self.data_id}": {"data_features": {"feature": features}},
            f"{API}/qualities/{self.data_id}": {"data_qualities": {"quality": quality}},
        }
        return {arff: self.arff} | {k: json.dumps(v).encode() for k, v in contents.items()}

    def _feature(self, index: int, missing: int) -> dict[str, str]:
        column, kind = list(self.columns.items())[index]
        return {
            "index": str(index),
            "name": column,
            "data_type": kind if isinstance(kind, str) else "nominal",
            "is_target": str(column in self.target).lower(),
            "is_ignore": str(column in self.ignored).lower(),
            "is_row_identifier": "false",
            "number_of_missing_values": str(missing),
        }


def small_mnist() -> Table:
    """70 rows in MNIST's layout: pixel j of row i is (i + j) mod 256, its label 3·i mod 10."""
    columns: dict[str, str | list[str]] = {f"pixel{j}": "numeric" for j in range(1, 785)}
    columns["class"] = [str(label) for label in range(10)]
    rows = [",".join(str((i + j) % 256) for j in range(784)) + f",{3 * i % 10}" for i in range(70)]
    return Table("mnist_784", 554, columns, rows, target=("class",))


def openml_folder(data_home: Path) -> Path:
    return data_home / "openml" / "openml.org"


def write_cache(data_home: Path, *tables: Table) -> None:
    """Lays the tables out below a data home as if they had been fetched."""
    for table in tables:
        for path, content in table.files().items():
            file = openml_folder(data_home) / f"{path}.gz"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(gzip.compress(content, mtime=0))


# What a server does to a path: a status to answer with, or the bytes of another content.
Fault = int | bytes


@dataclass
class Server:
    """Serves what openml.org would serve, on this machine.

    Attributes:
        files: What it serves, by path.
        faults: What goes wrong instead, by path; "" is every path.
        asked: The paths it was asked for.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def serve(self, *tables: Table) -> None:
        for table in tables:
            self.files |= table.files()

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        fault = self.faults.get(path, self.faults.get(""))
        if isinstance(fault, int):
            return fault, b""
        if fault is not None:
            return 200, fault
        # OpenML answers 412 where it knows no such data set.
        return (200, self.files[path]) if path in self.files else (412, b"")


def start(server: Server) -> ThreadingHTTPServer:
    """Runs it until `shutdown` and `server_close` are called."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = server.answer(self.path.lstrip("/"))
            body = gzip.compress(content, 1)
            self.send_response(status)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    return http


def redirected(port: int) -> Callable[[urllib.request.Request], Any]:
    """Returns a `urlopen` that takes requests for openml.org to a port of this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def urlopen(request: urllib.request.Request) -> Any:
        url = request.full_url.replace(ORIGIN, f"http://127.0.0.1:{port}")
        try:
            return opener.open(urllib.request.Request(url, headers=dict(request.header_items())))  # noqa: S310 - http on this machine
        except urllib.error.HTTPError as error:
            error.close()  # which scikit-learn does not do
            raise

    return urlopen
