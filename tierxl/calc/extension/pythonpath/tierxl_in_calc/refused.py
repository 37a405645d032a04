"""The error where a document cannot be written into."""


class Refused(Exception):
    """Nothing was changed; the sentence says why, and is for the user."""
