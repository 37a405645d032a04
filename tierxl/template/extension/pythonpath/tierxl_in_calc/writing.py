def write(document, changes, progress):
    raise RuntimeError("not yet")
