Option Explicit

Private WithEvents Host As Application
Private hasDescribed As Boolean

' A workbook whose file was double-clicked may be open before the add-in is.
Private Sub Workbook_Open()
    Dim book As Workbook
    Set Host = Application
    For Each book In Application.Workbooks
        TierxlFollowLinks book
    Next book
    If Not ActiveWorkbook Is Nothing Then Host_WorkbookActivate ActiveWorkbook
End Sub

Private Sub Host_WorkbookOpen(ByVal Wb As Workbook)
    TierxlFollowLinks Wb
End Sub

' Excel takes the help of functions only while a workbook is open.
Private Sub Host_WorkbookActivate(ByVal Wb As Workbook)
    If Not hasDescribed Then TierxlDescribeFunctions
    hasDescribed = True
    TierxlRenewRibbon
End Sub

' A workbook that closes is still there: the ribbon is asked once it is gone. An Excel that ends may refuse.
Private Sub Host_WorkbookDeactivate(ByVal Wb As Workbook)
    On Error Resume Next
    Application.OnTime Now, TierxlMacroOf(ThisWorkbook, "TierxlRenewRibbon")
End Sub

' The functions of a workbook with macros of its own are its own; switched off, they would all show #NAME?.
Private Sub Host_SheetChange(ByVal Sh As Object, ByVal Target As Range)
    #If Not Mac Then
        If TierxlIsSettings(Sh) Then
            If Not TierxlHasOwnMacros(Sh.Parent) Then TierxlSettingsChanged Sh.Parent
        End If
    #End If
End Sub
