Option Explicit

Private Sub Workbook_Open()
    TierxlDescribeFunctions
End Sub

Private Sub Workbook_SheetChange(ByVal Sh As Object, ByVal Target As Range)
    #If Not Mac Then
        If IsSettings(Sh) Then TierxlSettingsChanged
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
