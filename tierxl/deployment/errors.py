"""What stops an installation or a bundle."""


class CannotDeploy(Exception):
    """It cannot be installed, removed or bundled; the message is one sentence for the user, and the cure."""
