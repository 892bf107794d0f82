// Read a mail as mail programs do, with postal-mime, and write down what it found as JSON.
import fs from 'node:fs';
import PostalMime from 'postal-mime';

const mail = await PostalMime.parse(fs.readFileSync(0));
const attachments = mail.attachments.map((each) => ({
  name: each.filename, type: each.mimeType, disposition: each.disposition, content: Buffer.from(each.content).toString('base64'),
}));
process.stdout.write(JSON.stringify({ ...mail, attachments }));
