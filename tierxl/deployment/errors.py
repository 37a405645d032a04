"""The error that stops an installation or a bundle."""


class CannotDeploy(Exception):
    """Error for the user: nothing can be installed, removed or bundled. The message is one sentence with its cure."""
