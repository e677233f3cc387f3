// A page's end of the live events, as plain TCP, so that a test can also be a page that reads slowly.
import http from "node:http";

export class Events {
  events = [];      // what came, frame after frame
  last = 0;         // the newest number
  closed = null;    // the close code, once the daemon has closed
  #rest = Buffer.alloc(0);
  #parts = [];

  /// Over the Unix socket, or with a session's cookie over TCP.
  static async open(daemon, {cookie, after, boot} = {}) {
    const page = new Events();
    const query = after === undefined ? "" : `?after=${after}&boot=${boot}`;
    const headers = {connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13",
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec-websocket-protocol": "kith.events.1", ...(cookie ? {cookie} : {})};
    const where = cookie ? {host: "127.0.0.1", port: new URL(daemon.base).port} : {socketPath: daemon.socket};
    const request = http.request({...where, path: `/api/v1/events${query}`, headers, agent: false});
    request.end();
    await new Promise((done, failed) => {
      request.on("upgrade", (_, socket, head) => {
        page.socket = socket;
        socket.on("error", () => {});
        socket.on("data", d => page.#read(d));
        socket.on("close", () => { page.gone = true; });
        page.#read(head);
        done();
      });
      request.on("response", r => failed(new Error(`no events: ${r.statusCode}`)));
      request.on("error", failed);
    });
    return page;
  }

  get hello() { return this.events.find(e => e.type === "hello"); }
  of(type) { return this.events.filter(e => e.type === type); }

  /// Called with each event as it comes.
  heard = () => {};

  #read(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (;;) {
      if (this.#rest.length < 2) return;
      const short = this.#rest[1] & 127;
      const skip = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (this.#rest.length < skip) return;
      const size = short === 126 ? this.#rest.readUInt16BE(2) : short === 127 ? Number(this.#rest.readBigUInt64BE(2)) : short;
      if (this.#rest.length < skip + size) return;
      const last = this.#rest[0] & 128, opcode = this.#rest[0] & 15, body = this.#rest.subarray(skip, skip + size);
      this.#rest = this.#rest.subarray(skip + size);
      if (opcode === 8) {
        this.closed = body.readUInt16BE(0);
        this.#send(8, body);
      }
      if (opcode === 9) this.#send(10, body);
      if (opcode > 1) continue;
      this.#parts.push(body);
      if (!last) continue;  // a long message comes in several frames
      const whole = Buffer.concat(this.#parts.splice(0)).toString();
      for (const e of JSON.parse(whole)) {
        this.events.push(e);
        if (e.seq !== undefined) this.last = Math.max(this.last, e.seq);
        this.heard(e);
      }
    }
  }

  say(value) { this.#send(1, Buffer.from(JSON.stringify(value))); }

  /// A client's frames are masked; a mask of zeros changes nothing.
  #send(opcode, body) {
    this.socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | body.length, 0, 0, 0, 0]), body]));
  }

  close() { this.socket.destroy(); }
}
