"""Runs the exported notebook: for one epoch on few images, from the folder of the data set."""
import sys

import nbformat
from nbclient import NotebookClient

path, data, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
nbformat.validate(notebook)
at = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
fewer = f"data_folder, epochs_limit, train_limit = {data!r}, 1, 512"
notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(fewer))
notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("%pip")]  # what is here is tested
NotebookClient(notebook, timeout=240, resources={"metadata": {"path": folder}}).execute()
pictures = [output for cell in notebook.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
print(f"{len(pictures)} pictures")
assert len(pictures) == 3
