Option Explicit

Private ribbon As IRibbonUI

Public Sub TierxlRibbonLoaded(loaded As IRibbonUI)
    Set ribbon = loaded
End Sub

Public Sub TierxlRenewRibbon()
    On Error Resume Next
    If Not ribbon Is Nothing Then ribbon.Invalidate
End Sub

' A workbook that was made from Client Tiers.xlsm shows its own tab, and one is enough.
Public Sub TierxlIsTabShown(control As IRibbonControl, ByRef isShown As Variant)
    isShown = True
    If Not ActiveWorkbook Is Nothing Then isShown = Not TierxlHasOwnTab(ActiveWorkbook)
End Sub

Public Sub TierxlIsButtonOn(control As IRibbonControl, ByRef isOn As Variant)
    isOn = Not ActiveWorkbook Is Nothing
End Sub

' Excel stores with a formula the file that its function came from, and on another computer the add-in is elsewhere.
' A Mac keeps the values until it calculates them anew, which to correct a link would do: its Excel calls no Python.
Public Sub TierxlFollowLinks(book As Workbook)
    #If Not Mac Then
        Dim links As Variant, link As Variant
        On Error Resume Next
        links = book.LinkSources(xlExcelLinks)
        If Not IsArray(links) Then Exit Sub
        For Each link In links
            If IsToAnotherCopy(CStr(link)) Then FollowLink book, CStr(link)
        Next link
    #End If
End Sub

Private Function IsToAnotherCopy(link As String) As Boolean
    Dim path As String
    path = Replace(Replace(LCase$(link), "%20", " "), "/", "\")
    IsToAnotherCopy = Mid$(path, InStrRev(path, "\") + 1) = LCase$(ThisWorkbook.Name) _
        And LCase$(link) <> LCase$(ThisWorkbook.FullName)
End Function

' A link that Excel does not change, such as one of a protected sheet, stays as it is, and so do its values.
Private Sub FollowLink(book As Workbook, link As String)
    Dim wasSaved As Boolean, asks As Boolean, alerts As Boolean, events As Boolean
    wasSaved = book.Saved
    asks = Application.AskToUpdateLinks
    alerts = Application.DisplayAlerts
    events = Application.EnableEvents
    On Error Resume Next
    Application.AskToUpdateLinks = False
    Application.DisplayAlerts = False
    Application.EnableEvents = False
    book.ChangeLink link, ThisWorkbook.FullName, xlLinkTypeExcelLinks
    Application.EnableEvents = events
    Application.DisplayAlerts = alerts
    Application.AskToUpdateLinks = asks
    book.Saved = wasSaved
End Sub
