import { createServer } from 'node:http';

// One process for one tab, or for all tabs that give the same key. What it knows is in its memory, and goes with it.
let count = 0;
const readers = new Set();

const server = createServer((request, response) => {
  request.resume();
  if (request.method === 'POST') {
    count++;
    console.log(`counted to ${count}`);
    for (const reader of readers) reader.write(`${count}\n`);
    response.writeHead(204).end();
    return;
  }

  // A line now and one for each change, for as long as somebody reads.
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.write(`${count}\n`);
  readers.add(response);
  response.on('close', () => readers.delete(response));
});

server.listen(process.env.SESSION_SOCKET); // listening is being ready
process.on('SIGTERM', () => {
  for (const reader of readers) reader.end();
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
