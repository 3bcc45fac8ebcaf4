"""The one error that a wrong call raises."""


class UsageError(Exception):
    """A wrong command, parameter, schema or source.yaml.

    Its text is one line that says what is wrong, where, and what to do; the
    command line prints it without a traceback and exits 2.
    """
