Option Explicit
Option Private Module

Public Function TierxlIsSettings(sheet As Object) As Boolean
    Dim known As Name
    On Error GoTo failed
    For Each known In sheet.Names
        If Mid$(known.Name, InStrRev(known.Name, "!") + 1) = "_tierxl" Then
            TierxlIsSettings = (known.RefersTo = "=""settings""")
        End If
    Next known
failed:
End Function

' The settings of xlwings in a workbook that was made from Client Tiers.xlsm name the module of our functions.
Public Function TierxlHasOwnTab(book As Workbook) As Boolean
    On Error GoTo failed
    If book.HasVBProject Then
        TierxlHasOwnTab = Application.WorksheetFunction.CountIf( _
            book.Worksheets("xlwings.conf").Range("B1:B99"), "tierxl.*") > 0
    End If
failed:
End Function
