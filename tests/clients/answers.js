// What every client shares: the job on standard input, and where the answers go in a skema.
//
// The job: {open, save, answers: {Mål-id: {header: value}}, fields: {label: text}}. A value is a number, a text,
// {"date": "2015-10-31"}, or null for a cell that is emptied again.
'use strict';

const fs = require('fs');

/** Read the job from standard input. */
exports.job = () => JSON.parse(fs.readFileSync(0, 'utf8'));

/** Yield [row, column, value] for every answer and field; `text(row, column)` says what stands in a cell. */
exports.places = function* (job, text, rows, columns) {
  const headers = {}, goals = {};
  let header = 0;
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column <= columns; column++) {
      const here = text(row, column);
      if (!header && job.fields && here in job.fields) yield [row, column + 1, job.fields[here]];
      if (here === 'Mål-id' && !header) header = row;
      if (row === header && here) headers[here] = column;
      if (header && row > header && column === headers['Mål-id'] && here) goals[here] = row;
    }
  }
  for (const [goal, answers] of Object.entries(job.answers)) {
    for (const [name, value] of Object.entries(answers)) yield [goals[goal], headers[name], value];
  }
};
