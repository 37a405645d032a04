"""What LibreOffice Calc calls: a worker beside the office, which answers the extension's messages."""
