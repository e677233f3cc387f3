// The control server: JSON in, JSON out, one action of bluesky.mjs for each path.
import { createServer } from 'node:http';

const ROUTES = {
  'POST /account': 'account',
  'POST /post': 'post',
  'POST /create': 'create',
  'POST /delete': 'delete',
  'POST /put': 'put',
  'POST /block': 'block',
  'POST /threadgate': 'threadgate',
  'GET /thread': 'thread',
  'GET /record': 'record',
  'GET /records': 'records',
  'POST /process': 'process',
  'POST /pds/stop': 'pdsStop',
  'POST /pds/start': 'pdsStart',
  'POST /token': 'token',
  'POST /validate': 'validate',
};

export async function startControl(actions, onStop) {
  const server = createServer(async (request, response) => {
    const send = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    try {
      const url = new URL(request.url, 'http://control');
      const route = `${request.method} ${url.pathname}`;
      if (route === 'POST /stop') {
        response.once('close', onStop);
        return send(200, {});
      }
      const action = ROUTES[route];
      if (!action) return send(404, { error: 'NotFound', message: route });
      const input = request.method === 'GET'
        ? Object.fromEntries(url.searchParams)
        : await readJson(request);
      return send(200, await actions[action](input));
    } catch (error) {
      // An answer of the network itself is passed on as it is.
      const status = error?.status >= 400 && error.status < 600 ? error.status : 400;
      return send(status, { error: error?.error ?? 'Failed', message: String(error?.message) });
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readJson(request) {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}
