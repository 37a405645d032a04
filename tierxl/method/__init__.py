"""The business rules of client tiering: pure, without files, workbooks or clock."""
