@echo off
rem Shows where the year in this folder stands, with a menu of what can be done; "Aftale flet" and so on run a command.
setlocal
set "program=%~dp0program\python.exe"
if not exist "%program%" set "program=%~dp0..\program\python.exe"
if not exist "%program%" set "program=%~dp0..\..\program\python.exe"
if not exist "%program%" (
  echo Programmet mangler. Pak hele zip-filen ud, og start Aftale fra den mappe, der kommer frem.
  pause
  exit /b 3
)
rem From a network folder Windows starts here, where no year lies.
if /i "%cd%"=="%SystemRoot%" pushd "%~dp0"
"%program%" -X utf8 -B -m aftale %*
set "code=%errorlevel%"
rem What went wrong is to be read before the window closes; what went well was left with 0 in the menu.
if "%~1"=="" if not %code%==0 pause
exit /b %code%
