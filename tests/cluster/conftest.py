"""A Ray cluster of a head and two nodes, and an S3 server, all on loopback; `make test-cluster` installs both."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RAW, ROOT, broadsheet

# Before anything imports Ray: nothing is reported, the cluster has a password of its own, and its processes are not
# kept waiting by whatever else this machine does.
os.environ.update(
    RAY_USAGE_STATS_ENABLED="0",
    RAY_AUTH_MODE="token",
    RAY_AUTH_TOKEN=secrets.token_hex(32),
    RAY_worker_niceness="0",
    PYTHONPATH=str(ROOT),
)

# Ray takes 127.0.0.1 for the machine's own address and then waits for what is not there.
_HEAD, _NODES = "127.0.0.2", ("127.0.0.3", "127.0.0.4")
_MEMORY = 80 << 20


class RunningCluster:
    """A head, which has no CPU for tasks, and two nodes with one each; a node that was lost can come back."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        head = {"num_cpus": 0, "node_ip_address": _HEAD, "include_dashboard": False, "object_store_memory": _MEMORY}
        self._cluster = Cluster(initialize_head=True, head_node_args=head)
        self._nodes: dict[str, Any] = {}
        self.address = self._cluster.address
        self.heal()

    def heal(self) -> None:
        """Start the nodes that are missing."""
        for address in _NODES:
            if address not in self._nodes:
                self._nodes[address] = self._cluster.add_node(
                    num_cpus=1, node_ip_address=address, object_store_memory=_MEMORY
                )

    def kill(self, address: str) -> None:
        """End a node with all its processes, as a machine ends that loses power."""
        self._cluster.remove_node(self._nodes.pop(address), allow_graceful=False)

    def stop(self) -> None:
        self._cluster.shutdown()


@pytest.fixture(scope="session")
def running(s3: str) -> Iterator[RunningCluster]:
    # Nodes have the environment that they were started in, so the store's address and key come first.
    cluster = RunningCluster()
    os.environ["RAY_ADDRESS"] = cluster.address
    yield cluster
    del os.environ["RAY_ADDRESS"]
    cluster.stop()


@pytest.fixture
def cluster(running: RunningCluster) -> RunningCluster:
    """The cluster with both its nodes."""
    running.heal()
    return running


def _free_ports(number: int) -> list[int]:
    # Servers of SeaweedFS open the port 10,000 above each as well.
    found: list[int] = []
    while len(found) < number:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
        if port < 50000 and port not in found:
            found.append(port)
    return found


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of an empty bucket on a server that asks for its key, which the environment has."""
    from pyarrow.fs import FileSystem

    folder = tmp_path_factory.mktemp("s3")
    key = {"accessKey": "builder", "secretKey": secrets.token_hex(16)}
    identity = {"name": "builder", "credentials": [key], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    names = ("s3.port", "master.port", "volume.port", "filer.port")
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    command = [
        str(Path(sys.executable).parent / "weed"),
        "server",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-s3",
        f"-s3.config={folder / 's3.json'}",
        "-volume.max=20",
        "-master.volumeSizeLimitMB=64",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    os.environ.update(
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{ports['s3.port']}",
        AWS_ACCESS_KEY_ID=key["accessKey"],
        AWS_SECRET_ACCESS_KEY=key["secretKey"],
        AWS_REGION="us-east-1",
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                system, path = FileSystem.from_uri("s3://corpora?allow_bucket_creation=true")
                system.create_dir(path)
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()[-2000:]
                time.sleep(1)
        yield "s3://corpora"
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder / "data")


@pytest.fixture(scope="session")
def parameters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parameters of parts of half a dozen records, so that there are many tasks."""
    path = tmp_path_factory.mktemp("parameters") / "params.yaml"
    path.write_text((ROOT / "params.yaml").read_text().replace("part_records: 256", "part_records: 6"))
    return path


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory, parameters: Path) -> Path:
    """The sample corpus as processes of this machine build it."""
    out = tmp_path_factory.mktemp("local") / "out"
    done = broadsheet("build", RAW, out, "--workers", 2, "--params", parameters)
    assert done.returncode == 0, done.stderr
    return out
