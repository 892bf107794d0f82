// Fill in a skema with SheetJS, with dates as dates or as serial numbers, and save it as .xlsx, .xls, .xlsb or .ods.
//
// The job has more words here: `dates` ("date", "serial": with a date format, or "bare": as the community edition
// leaves them, which doesn't keep formats) and `kind` (SheetJS's bookType).
'use strict';

const XLSX = require('xlsx');
const { job, places } = require('./answers');

const work = job();
const book = XLSX.readFile(work.open, { cellDates: work.dates === 'date' });
const sheet = book.Sheets.Skema;
const area = XLSX.utils.decode_range(sheet['!ref']);
const at = (row, column) => XLSX.utils.encode_cell({ r: row - 1, c: column - 1 });
const text = (row, column) => {
  const cell = sheet[at(row, column)];
  return cell && typeof cell.v === 'string' ? cell.v : '';
};

function made(value) {
  if (typeof value === 'number') return { t: 'n', v: value };
  if (typeof value === 'string') return { t: 's', v: value };
  const [year, month, day] = value.date.split('-').map(Number);
  if (work.dates === 'date') return { t: 'd', v: new Date(year, month - 1, day) };
  const serial = Date.UTC(year, month - 1, day) / 86400000 + 25569;
  return work.dates === 'serial' ? { t: 'n', v: serial, z: 'dd-mm-yyyy' } : { t: 'n', v: serial };
}

for (const [row, column, value] of [...places(work, text, area.e.r + 1, area.e.c + 1)]) {
  if (value === null) delete sheet[at(row, column)];
  else sheet[at(row, column)] = made(value);
}
XLSX.writeFile(book, work.save, { bookType: work.kind, cellDates: work.dates === 'date' });
