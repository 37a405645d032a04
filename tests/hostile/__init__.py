"""Files that nobody means well with, and machines that fail in the middle: the command ends in order."""
