Option Explicit

' The functions read the settings by themselves, so Excel does not know that their results depend on them.
Public Sub TierxlCalculateAgain()
    Dim sheet As Worksheet
    On Error Resume Next
    For Each sheet In ThisWorkbook.Worksheets
        sheet.EnableCalculation = False
        sheet.EnableCalculation = True
    Next sheet
End Sub
