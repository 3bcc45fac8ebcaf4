#!/usr/bin/env python3
"""Packs py3langid's model anew as `src/broadsheet/language_model.arrow`, which is read in a tenth of the time.

Its values are those of the library's own file to the last bit, as a test says: to be run when there is another
py3langid.
"""

import numpy as np
import pyarrow as pa
from py3langid.langid import MODEL_DIR, MODEL_FILE
from py3langid.modelio import load_model

from broadsheet.identifier import PACKED


def main() -> None:
    """Write the model: a column for each of its arrays, of one row."""
    weights, priors, classes, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    arrays = {
        "weights": np.ascontiguousarray(weights).reshape(-1),
        "priors": priors,
        "moves": np.asarray(moves),
        "rows": np.asarray(rows),
        "features": np.array(features, np.int32),
        "classes": np.array(classes, object),
    }
    columns = [pa.ListArray.from_arrays([0, len(array)], pa.array(array)) for array in arrays.values()]
    batch = pa.RecordBatch.from_arrays(columns, list(arrays))
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=22))
    with pa.ipc.new_file(PACKED, batch.schema, options=options) as file:
        file.write_batch(batch)


if __name__ == "__main__":
    main()
