// Live events over the Unix socket: just enough of RFC 6455 to read short text frames.
import {request} from "node:http";

export class LiveSocket {
  constructor(daemon) {
    this.on = () => {};
    this.opened = (async () => {
      const r = request({socketPath: daemon.socket, path: "/api/v1/events", agent: false, headers: {connection: "Upgrade", upgrade: "websocket",
        "sec-websocket-version": "13", "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec-websocket-protocol": "kith.events.1"}});
      r.end();
      await new Promise((done, failed) => {
        r.on("upgrade", (_, socket, head) => { this.socket = socket; this.#read(head); socket.on("data", d => this.#read(d)); done(); });
        r.on("response", answer => failed(new Error(`no socket: ${answer.statusCode}`)));
        r.on("error", failed);
      });
    })();
  }
  #rest = Buffer.alloc(0);
  #read(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (;;) {
      if (this.#rest.length < 2) return;
      const short = this.#rest[1] & 127, skip = short === 126 ? 4 : 2;
      const size = short === 126 ? this.#rest.readUInt16BE(2) : short;
      if (this.#rest.length < skip + size) return;
      const text = this.#rest.subarray(skip, skip + size).toString();
      if ((this.#rest[0] & 15) === 1) this.on(JSON.parse(text));
      this.#rest = this.#rest.subarray(skip + size);
    }
  }
  close() { this.socket.destroy(); }
}
