// Fill in a skema with exceljs, as a web shop's or a municipality's own little program does.
'use strict';

const ExcelJS = require('exceljs');
const { job, places } = require('./answers');

async function main() {
  const work = job();
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(work.open);
  const sheet = book.getWorksheet('Skema');
  const text = (row, column) => {
    const value = sheet.getCell(row, column).value;
    return typeof value === 'string' ? value : '';
  };
  for (const [row, column, value] of [...places(work, text, sheet.rowCount, sheet.columnCount)]) {
    const cell = sheet.getCell(row, column);
    cell.value = value !== null && typeof value === 'object' ? new Date(`${value.date}T00:00:00Z`) : value;
  }
  await book.xlsx.writeFile(work.save);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
