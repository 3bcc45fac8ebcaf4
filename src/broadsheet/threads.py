"""How many threads numpy may take for a product of matrices."""

import os


def compute_on_one_thread() -> None:
    """Let numpy's OpenBLAS, in this process if it is not loaded yet and in those it starts, compute on one thread.

    The products of the labelling are small: a second thread mostly waits in a loop, which took a seventh of a build's
    processor time, and workers are processes already. What the caller has set is left as it is.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
