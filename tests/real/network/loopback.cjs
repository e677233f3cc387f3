'use strict';
// Preload: every server of this process listens on 127.0.0.1, whatever address the libraries
// ask for (by default they take all interfaces). The port is the one asked for, else the
// system's choice. Unix sockets and handed-over descriptors are left as they are.
const net = require('node:net');

const listen = net.Server.prototype.listen;
const host = '127.0.0.1';

net.Server.prototype.listen = function (...args) {
  const first = args[0];
  const callback = args.find((arg) => typeof arg === 'function');
  const rest = callback ? [callback] : [];

  if (typeof first === 'object' && first !== null) {
    const elsewhere = 'path' in first || 'fd' in first || '_handle' in first;
    return elsewhere ? listen.apply(this, args) : listen.call(this, { ...first, host }, ...rest);
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) {
    return listen.apply(this, args);
  }
  const port = typeof first === 'function' ? 0 : Number(first ?? 0);
  const backlog = args.slice(1).find((arg) => typeof arg === 'number');
  return listen.call(this, { port, host, backlog }, ...rest);
};
