"""The host xlwings Lite: Python inside Excel, on Windows, on the Mac and on the web, from the workbook itself.

It knows no xlwings: a script hands over its workbook. Cells are there at once; all else is fetched, and what is
written waits in a queue until the script asks for it.
"""
