Option Explicit
Option Private Module

' Python remembers the settings, and Excel does not know that the results of the functions depend on them.
Public Sub TierxlSettingsChanged(book As Workbook)
    Dim sheet As Worksheet
    On Error Resume Next
    XLPy.Exec "import tierxl.excel.workbook_policy; tierxl.excel.workbook_policy.forget()"
    For Each sheet In book.Worksheets
        sheet.EnableCalculation = False
        sheet.EnableCalculation = True
    Next sheet
End Sub
