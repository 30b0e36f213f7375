import csv
import json

import numpy as np
from reference import check, codes_of, models, path

for model in models:
    with np.load(path(model, "-codes.npz")) as stored:
        assert sorted(stored.files) == ["codes", "labels", "metadata"]
        codes, labels, metadata = stored["codes"], stored["labels"], json.loads(str(stored["metadata"]))
    expected = codes_of(model)
    assert codes.dtype == np.float32 and codes.shape == (10000, expected.shape[1])
    assert labels.dtype == np.uint8 and labels.shape == (10000,)
    assert labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert metadata["model"] == model
    check(f"{model} codes", codes[: len(expected)], expected, 0)
    with open(path(model, "-codes.csv"), newline="") as file:
        titles, *rows = csv.reader(file)
    assert titles == ["image", "label", *(f"z{unit}" for unit in range(codes.shape[1]))]
    table = np.array(rows, dtype=np.float64)
    assert (table[:, 0] == np.arange(10000)).all() and (table[:, 1] == labels).all()
    assert (table[:, 2:].astype(np.float32) == codes).all(), "the table has other values"
