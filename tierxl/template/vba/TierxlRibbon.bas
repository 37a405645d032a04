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
    Dim where As String, outcome As Variant
    #If Mac Then
        If ThisWorkbook.Name Like "*[""$`|]*" Then
            MsgBox "The name of this workbook has a character that a Mac cannot pass on: "" $ ` or |. " & _
                "Save it under another name.", vbExclamation, "Client tiers"
            Exit Sub
        End If
    #End If
    On Error GoTo failed
    If ActiveWorkbook Is ThisWorkbook Then
        outcome = RunPython(statement)
        If IsNumeric(outcome) Then
            ' Python lets Excel take keys again, unless something has ended Python.
            If outcome = -1 Then Application.Interactive = True
        End If
    Else
        where = ActiveWorkbook.Name
        Application.Run "'" & Replace(where, "'", "''") & "'!TierxlRun", statement
    End If
    Exit Sub
failed:
    If InStr(Err.Description, "Could not create Python process") > 0 Then
        MsgBox "Something on this computer, such as its antivirus, does not let Excel start Python. " & _
            "Show your IT department the section Antivirus of tierxl's GUIDE.md.", vbExclamation, "Client tiers"
    ElseIf where = "" Then
        MsgBox "tierxl could not start: " & Err.Description & vbNewLine & vbNewLine & _
            "Open a terminal and run: tierxl doctor", vbExclamation, "Client tiers"
    Else
        MsgBox "The workbook in front, " & where & ", is not one of Client tiers. " & _
            "Click on " & ThisWorkbook.Name & ", and press the button again.", vbExclamation, "Client tiers"
    End If
End Sub
