Option Explicit

Public Sub TierxlGradeClients(control As IRibbonControl)
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.grade_clients()"
End Sub

Public Sub TierxlExplainSelectedClient(control As IRibbonControl)
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.explain_selected_client()"
End Sub

Public Sub TierxlCheckData(control As IRibbonControl)
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.check_data()"
End Sub

Public Sub TierxlRefreshPlan(control As IRibbonControl)
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.refresh_plan()"
End Sub

Public Sub TierxlProposeAssignments(control As IRibbonControl)
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.propose_assignments()"
End Sub

Public Sub TierxlOpenSettings(control As IRibbonControl)
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.open_settings()"
End Sub

Public Sub TierxlAbout(control As IRibbonControl)
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.about()"
End Sub

Public Sub TierxlGradeClientsButton()
    TierxlRun "import tierxl.excel.macros; tierxl.excel.macros.grade_clients()"
End Sub

' Excel may call the button of another workbook that has the same ones; the user means the workbook in front.
Public Sub TierxlRun(statement As String)
    Dim owner As String, outcome As Variant
    If Not IsReady() Then Exit Sub
    owner = OwnerOfButtons()
    On Error GoTo failed
    If owner = ThisWorkbook.Name Then
        outcome = RunPython(statement)
        If IsNumeric(outcome) Then
            ' Python lets Excel take keys again, unless something has ended Python.
            If outcome = -1 Then Application.Interactive = True
        End If
    Else
        Application.Run TierxlMacroOf(Application.Workbooks(owner), "TierxlRun"), statement
    End If
    Exit Sub
failed:
    If InStr(Err.Description, "Could not create Python process") > 0 Then
        Complain "Something on this computer, such as its antivirus, does not let Excel start Python. " & _
            "Show your IT department the section Antivirus of tierxl's GUIDE.md."
    ElseIf owner = ThisWorkbook.Name Then
        Complain "tierxl could not start: " & Err.Description & vbNewLine & vbNewLine & _
            "Open a terminal and run: tierxl doctor"
    Else
        Complain "The workbook in front, " & ActiveWorkbook.Name & ", is not one of Client tiers. " & _
            "Click on " & ThisWorkbook.Name & ", and press the button again."
    End If
End Sub

' The add-in asks whether macros of this workbook run; who asks keeps this off Excel's list of macros.
Public Sub TierxlIsHere(asker As String)
End Sub

Private Function IsReady() As Boolean
    #If Not Mac Then
        If Not Application.ActiveProtectedViewWindow Is Nothing Then
            Complain "The workbook in front is in Protected View. Press Enable Editing above it, and the button again."
            Exit Function
        End If
    #End If
    If ActiveWorkbook Is Nothing Then
        Complain "Open the workbook with your clients first, and press the button again."
        Exit Function
    End If
    #If Mac Then
        If ActiveWorkbook.Name Like "*[""$`|=]*" Then
            Complain "The name of this workbook has a character that a Mac cannot pass on: "" $ ` | or =. " & _
                "Save it under another name."
            Exit Function
        End If
    #End If
    IsReady = True
End Function

' The add-in serves each workbook that has no buttons of its own.
Private Function OwnerOfButtons() As String
    OwnerOfButtons = TIERXL_ADD_IN
    If ThisWorkbook.IsAddin Then
        OwnerOfButtons = ThisWorkbook.Name
    ElseIf TierxlHasOwnTab(ActiveWorkbook) Then
        OwnerOfButtons = ActiveWorkbook.Name
    End If
End Function

Private Sub Complain(sentence As String)
    MsgBox sentence, vbExclamation, "Client tiers"
End Sub
