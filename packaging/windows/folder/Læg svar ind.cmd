@echo off
rem Files that are dropped on this go into the round's folder "svar" of the year that it lies in.
setlocal
set "program=%~dp0program\python.exe"
if not exist "%program%" set "program=%~dp0..\program\python.exe"
if not exist "%program%" set "program=%~dp0..\..\program\python.exe"
if not exist "%program%" (
  echo Programmet mangler. Pak hele zip-filen ud, og start fra den mappe, der kommer frem.
  pause
  exit 3
)
pushd "%~dp0"
"%program%" -X utf8 -B -m aftale modtag %*
set "code=%errorlevel%"
popd
echo.
pause
rem Not "exit /b": what stands after an "and" sign in the name of a dropped file is never run.
exit %code%
