"""How the book's commands speak to kernels: through files, which takes no loopback interface and no word of warning."""

import tempfile
import uuid

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

FOLDER = tempfile.TemporaryDirectory(prefix="kernels-")  # with a short name, since that of a socket may have 107 bytes


def through_files(manager):
    """The class of kernel managers that does this, for `manager`, KernelManager or AsyncKernelManager of jupyter_client."""

    class ThroughFiles(manager):
        def __init__(self, **options):
            name = f"{FOLDER.name}/{uuid.uuid4().hex[:12]}.json"
            super().__init__(**{"transport": "ipc", "connection_file": name, **options})

    return ThroughFiles


def client_of(notebook, folder, **options):
    """What runs `notebook`, in place, in a fresh kernel that works in `folder`."""
    return NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=through_files(AsyncKernelManager),
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        **options,
    )
