"""The host LibreOffice Calc: its extension, and a worker beside the office that answers the extension's messages."""
