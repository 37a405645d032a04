Option Explicit

Private Sub Workbook_Open()
    TierxlDescribeFunctions
End Sub

Private Sub Workbook_SheetChange(ByVal Sh As Object, ByVal Target As Range)
    #If Not Mac Then
        If Not TierxlIsAtWork Then
            If IsSettings(Sh) Then CalculateAgain
        End If
    #End If
End Sub

Private Function IsSettings(sheet As Object) As Boolean
    Dim known As Name
    On Error GoTo failed
    For Each known In sheet.Names
        If Mid$(known.Name, InStrRev(known.Name, "!") + 1) = "_tierxl" Then
            IsSettings = (known.RefersTo = "=""settings""")
        End If
    Next known
failed:
End Function

' The functions read the settings by themselves, so Excel does not know that their results depend on them.
Private Sub CalculateAgain()
    Dim sheet As Worksheet
    On Error Resume Next
    For Each sheet In ThisWorkbook.Worksheets
        sheet.EnableCalculation = False
        sheet.EnableCalculation = True
    Next sheet
End Sub
