// A function of Direktiv: it is sent its input by POST and answers with its result, both JSON.
'use strict';

const http = require('node:http');

/** What the workflow can catch by its code. */
class FunctionError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** The work. `log` writes a line to the instance's log. */
async function call(input, log) {
  if (!input || !input.name) {
    throw new FunctionError('greet.noName', 'the input has no name');
  }
  await log(`greeting ${input.name}`);
  return { greeting: `Hello, ${input.name}!` };
}

async function log(action, text) {
  try {
    const url = `http://127.0.0.1:8889/log?aid=${encodeURIComponent(action)}`;
    await fetch(url, { method: 'POST', body: text, signal: AbortSignal.timeout(2000) });
  } catch {
    console.error(text);
  }
}

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  if (request.method !== 'POST') {
    // DELETE: the action was cancelled; this function is too quick to care.
    response.end();
    return;
  }
  try {
    const body = Buffer.concat(chunks).toString() || 'null';
    const action = request.headers['direktiv-actionid'] || '';
    const result = await call(JSON.parse(body), (text) => log(action, text));
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(result));
  } catch (error) {
    response.statusCode = 500;
    response.setHeader('Direktiv-ErrorCode', error.code || 'greet.failed');
    response.setHeader('Direktiv-ErrorMessage', String(error.message).replace(/[^ -~]+/g, ' '));
    response.end();
  }
});

server.listen(Number(process.env.PORT || 8080));
