Option Explicit

Public Sub TierxlGradeClients(control As IRibbonControl)
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.grade_clients()"
End Sub

Public Sub TierxlExplainSelectedClient(control As IRibbonControl)
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.explain_selected_client()"
End Sub

Public Sub TierxlCheckData(control As IRibbonControl)
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.check_data()"
End Sub

Public Sub TierxlRefreshPlan(control As IRibbonControl)
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.refresh_plan()"
End Sub

Public Sub TierxlProposeAssignments(control As IRibbonControl)
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.propose_assignments()"
End Sub

Public Sub TierxlOpenSettings(control As IRibbonControl)
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.open_settings()"
End Sub

Public Sub TierxlAbout(control As IRibbonControl)
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.about()"
End Sub

Public Sub TierxlGradeClientsButton()
    RunMacro "import tierxl.excel.macros; tierxl.excel.macros.grade_clients()"
End Sub

Private Sub RunMacro(statement As String)
    On Error GoTo failed
    RunPython statement
    Exit Sub
failed:
    MsgBox "tierxl could not start: " & Err.Description & vbNewLine & vbNewLine & _
        "Open a terminal and run: tierxl doctor", vbExclamation, "Client tiers"
End Sub
