' Open a follow-up in LibreOffice and take the time: opening, filtering on Status, changing a status, calculating it all.
Option Explicit

Sub Work(url As String, answer As String)
    Dim began As Double, lines As String, doc As Object, sheet As Object, range As Object, filter As Object
    began = Timer_()
    doc = StarDesktop.loadComponentFromURL(url, "_blank", 0, Array(Hidden_()))
    lines = "open" & Chr(9) & Since(began) & Chr(10)
    sheet = doc.Sheets.getByName("Opfølgning")
    Dim cursor As Object, header As Integer, column As Integer, last As Long
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress.EndRow
    header = 0
    Do While sheet.getCellByPosition(0, header).String <> "Mål-id"
        header = header + 1
    Loop
    column = 0
    Do While sheet.getCellByPosition(column, header).String <> "Status"
        column = column + 1
    Loop
    began = Timer_()
    range = sheet.getCellRangeByPosition(0, header, cursor.RangeAddress.EndColumn, last)
    filter = range.createFilterDescriptor(True)
    Dim field As New com.sun.star.sheet.TableFilterField
    field.Field = column
    field.Operator = com.sun.star.sheet.FilterOperator.EQUAL
    field.IsNumeric = False
    field.StringValue = "Opfyldt"
    filter.setFilterFields(Array(field))
    filter.ContainsHeader = True
    range.filter(filter)
    lines = lines & "filter" & Chr(9) & Since(began) & Chr(10)
    began = Timer_()
    sheet.getCellByPosition(column, header + 1).String = "Ikke opfyldt"
    lines = lines & "change a status" & Chr(9) & Since(began) & Chr(10)
    began = Timer_()
    doc.calculateAll()
    lines = lines & "calculate everything" & Chr(9) & Since(began) & Chr(10)
    doc.close(True)
    Dim files As Object, stream As Object, text As Object
    files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
    text = CreateUnoService("com.sun.star.io.TextOutputStream")
    text.setOutputStream(files.openFileWrite(answer))
    text.writeString(lines)
    text.closeOutput()
    StarDesktop.terminate()
End Sub

Function Hidden_() As Object
    Dim made As New com.sun.star.beans.PropertyValue
    made.Name = "Hidden"
    made.Value = True
    Hidden_ = made
End Function

Function Timer_() As Double
    Timer_ = GetSystemTicks()
End Function

Function Since(began As Double) As String
    Since = CStr(GetSystemTicks() - began)
End Function
