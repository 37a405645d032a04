Option Explicit
Option Private Module

Public Const TIERXL_ADD_IN As String = "Client Tiers.xlam"

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
Public Function TierxlHasOwnMacros(book As Workbook) As Boolean
    On Error GoTo failed
    If book.HasVBProject Then
        TierxlHasOwnMacros = Application.WorksheetFunction.CountIf( _
            book.Worksheets("xlwings.conf").Range("B1:B99"), "tierxl.*") > 0
    End If
failed:
End Function

' Where its macros are switched off, Excel runs none of them, and its own tab is no use.
Public Function TierxlHasOwnTab(book As Workbook) As Boolean
    On Error GoTo failed
    If TierxlHasOwnMacros(book) Then
        Application.Run TierxlMacroOf(book, "TierxlIsHere"), ThisWorkbook.Name
        TierxlHasOwnTab = True
    End If
failed:
End Function

' The add-in hides its tab where a workbook has one that works, as it does once its macros run.
Public Sub TierxlRenewTabOfAddIn()
    On Error Resume Next
    Application.Run TierxlMacroOf(Application.Workbooks(TIERXL_ADD_IN), "TierxlRenewRibbon")
End Sub

' Only of a workbook that is open: Excel would open one that is not, from whichever folder it is in.
Public Function TierxlMacroOf(book As Workbook, macro As String) As String
    TierxlMacroOf = "'" & Replace(book.Name, "'", "''") & "'!" & macro
End Function
