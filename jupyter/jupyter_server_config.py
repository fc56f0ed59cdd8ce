"""Lets JupyterLab save the book's notebooks as `make notebooks` stores them, and nothing of a machine or a session.

Jupyter reads this with JUPYTER_CONFIG_PATH set to this folder. To open a notebook and save it then changes no byte.
Beside it stand the book's style, in custom/, and what is set for JupyterLab itself, in labconfig/.
"""

import sys
from pathlib import Path

import nbformat
from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from run_notebooks import normalise


class BookContentsManager(AsyncLargeFileManager):
    """Hand a notebook out with what its kernel will say of this Python, or JupyterLab would call it changed at once."""

    async def get(self, path, content=True, *args, **kwargs):
        model = await super().get(path, content, *args, **kwargs)
        if content and model["type"] == "notebook":
            model["content"]["metadata"]["language_info"] = IPythonKernel.language_info
        return model

    async def save(self, model, path=""):
        if model.get("type") == "notebook" and model.get("content"):
            model["content"] = nbformat.from_dict(model["content"])
            normalise(model["content"])
        return await super().save(model, path)


c = get_config()  # noqa: F821, which Jupyter gives to this file
c.ServerApp.contents_manager_class = BookContentsManager
c.LabApp.custom_css = True
c.ServerApp.tornado_settings = {"static_custom_path": [str(Path(__file__).with_name("custom"))]}
c.KernelManager.transport = "ipc"  # kernels are spoken to through files, and have nothing to warn of
