@echo off
rem Shows where the year in this folder stands; "aftale flet" and so on run a command.
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
if not "%~1"=="" exit /b %errorlevel%
if defined AFTALE_VINDUE exit /b %errorlevel%
set "AFTALE_VINDUE=1"
set "PATH=%~dp0;%PATH%"
echo.
echo Skriv en kommando, fx aftale flet, og tryk Enter. Skriv exit for at lukke vinduet.
cmd /k
