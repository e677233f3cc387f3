// An HTTP proxy in front of a real server, for faults at the worst moment: it can hold back an answer or a request.
import http from "node:http";

export class Proxy {
  /// `fault(request, "before")` runs before a request is passed on, `fault(request, "after")` before its answer is; it may
  /// await, and with "swallow" it ends the exchange without an answer.
  fault = null;
  seen = [];
  #sockets = new Set();

  static async before(target) {
    const proxy = new Proxy();
    proxy.target = new URL(target);
    proxy.server = http.createServer((request, response) => proxy.#pass(request, response));
    proxy.server.on("connection", s => { proxy.#sockets.add(s); s.on("close", () => proxy.#sockets.delete(s)); });
    await new Promise(done => proxy.server.listen(0, "127.0.0.1", done));
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
    return proxy;
  }

  async close() {
    for (const s of this.#sockets) s.destroy();
    await new Promise(done => this.server.close(done));
  }

  #pass(request, response) {
    const chunks = [];
    request.on("data", d => chunks.push(d)).on("end", async () => {
      const body = Buffer.concat(chunks);
      this.seen.push({method: request.method, path: request.url, body: body.toString()});
      if (this.fault && await this.fault(request, "before") === "swallow") return;
      const onward = http.request(new URL(request.url, this.target), {method: request.method, headers: {...request.headers, host: this.target.host}});
      onward.on("error", () => response.destroy());
      onward.on("response", answer => {
        const back = [];
        answer.on("data", d => back.push(d)).on("end", async () => {
          if (this.fault && await this.fault(request, "after") === "swallow") return;
          if (!response.destroyed) response.writeHead(answer.statusCode, answer.headers).end(Buffer.concat(back));
        });
      });
      onward.end(body);
    });
    request.on("error", () => {});
  }
}
