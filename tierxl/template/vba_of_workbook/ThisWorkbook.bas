Option Explicit

Private Sub Workbook_Open()
    TierxlDescribeFunctions
End Sub

Private Sub Workbook_SheetChange(ByVal Sh As Object, ByVal Target As Range)
    #If Not Mac Then
        If TierxlIsSettings(Sh) Then TierxlSettingsChanged ThisWorkbook
    #End If
End Sub
