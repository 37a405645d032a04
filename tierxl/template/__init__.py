"""The workbook that goes out to teams, and how it is built."""
