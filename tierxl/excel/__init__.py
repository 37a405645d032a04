"""The host Excel: worksheet functions, macros behind the ribbon's buttons, and open workbooks."""
