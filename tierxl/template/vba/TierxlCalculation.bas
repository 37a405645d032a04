Option Explicit
Option Private Module

' xlwings' library hands over the Python that runs already, and starts none.
Private Const IF_IT_RUNS As Long = 0

' Python remembers the settings, and Excel does not know that the results of the functions depend on them.
Public Sub TierxlSettingsChanged(book As Workbook)
    Dim python As Variant, sheet As Worksheet
    On Error Resume Next
    XLPyDLLActivateAuto python, XLPyCommand, IF_IT_RUNS
    python.Exec "import tierxl.excel.workbook_policy; tierxl.excel.workbook_policy.forget()"
    For Each sheet In book.Worksheets
        sheet.EnableCalculation = False
        sheet.EnableCalculation = True
    Next sheet
End Sub
