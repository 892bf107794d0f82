' Fill in skemaer in LibreOffice as a person does: what is typed goes through the same door as the keyboard's.
'
' The job is a text file: one line each, fields divided by tabs, line breaks written as \n:
'   open    url
'   field   label    typed
'   type    Mål-id   header   typed     (as in a cell of numbers or dates: what is typed is interpreted)
'   text    Mål-id   header   typed     (as in a cell of text, where everything is text)
'   save    url      filter
'   close
Option Explicit

Dim doc As Object, sheet As Object

Sub Work(job As String)
    Dim files As Object, source As Object, words() As String
    files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
    source = CreateUnoService("com.sun.star.io.TextInputStream")
    source.setInputStream(files.openFileRead(job))
    source.setEncoding("UTF-8")
    Do While Not source.isEOF()
        words = Split(source.readLine(), Chr(9))
        If UBound(words) >= 0 Then Step_(words)
    Loop
    source.closeInput()
    StarDesktop.terminate()
End Sub

Sub Step_(words() As String)
    Select Case words(0)
    Case "open"
        doc = StarDesktop.loadComponentFromURL(words(1), "_blank", 0, Array(Hidden_()))
        sheet = doc.Sheets.getByName("Skema")
    Case "field"
        Dim label As Object
        label = Found(words(1), 0)
        sheet.getCellByPosition(label.Column + 1, label.Row).FormulaLocal = words(2)
    Case "type"
        Answer(words(1), words(2)).FormulaLocal = words(3)
    Case "text"
        Answer(words(1), words(2)).String = Replace(words(3), "\n", Chr(10))
    Case "save"
        doc.storeToURL(words(1), Array(Filter_(words(2))))
    Case "close"
        doc.close(True)
    End Select
End Sub

Function Answer(goal As String, name As String) As Object
    Dim header As Object
    header = Found("Mål-id", 0)
    Answer = sheet.getCellByPosition(Found(name, header.Row).Column, Found(goal, header.Row + 1).Row)
End Function

Function Found(text As String, first As Long) As Object
    Dim cursor As Object, row As Long, column As Long
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    For row = first To cursor.RangeAddress.EndRow
        For column = 0 To cursor.RangeAddress.EndColumn
            If sheet.getCellByPosition(column, row).String = text Then
                Found = sheet.getCellByPosition(column, row).CellAddress
                Exit Function
            End If
        Next
    Next
End Function

Function Hidden_() As Object
    Dim value As New com.sun.star.beans.PropertyValue
    value.Name = "Hidden"
    value.Value = True
    Hidden_ = value
End Function

Function Filter_(name As String) As Object
    Dim value As New com.sun.star.beans.PropertyValue
    value.Name = "FilterName"
    value.Value = name
    Filter_ = value
End Function
