// The daemon's HTTP API and its live events.

const base = "/api/v1";

/// What went wrong, as the daemon (problem+json) or the network says it. `status` 0: no answer came.
export class Problem extends Error {
  constructor(status, title, detail = "") {
    super(title);
    Object.assign(this, {status, title, detail});
  }
}

async function request(method, path, body, more = {}) {
  const headers = {accept: "application/json", ...more};
  if (method !== "GET") {
    headers["x-kith-request"] = "1";
    headers["content-type"] = "application/json";
  }
  let response, text;
  try {
    response = await fetch(base + path, {
      method, headers, cache: "no-store", signal: AbortSignal.timeout(20000),
      body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
    });
    text = await response.text();
  } catch {
    throw new Problem(0, "Kith did not answer", method === "GET" ? "" : "It is not known whether this was done: look again before you repeat it.");
  }
  let data = null;
  try { data = JSON.parse(text); } catch { /* an empty body, or a proxy's page */ }
  if (response.ok) return data;
  throw new Problem(response.status, data?.title || `The daemon answered ${response.status}`, data?.detail || "");
}

export const api = {
  session: () => request("GET", "/session"),
  sign_in: password => request("POST", "/session", {password}),
  set_up: (token, password) => request("POST", "/session/setup", {token, password}),
  sign_out: () => request("DELETE", "/session"),
  status: () => request("GET", "/status"),
  async list(state) {
    const all = [];
    let next = "";
    do {
      const part = await request("GET", `/suggestions?state=${state}&limit=200${next && `&cursor=${next}`}`);
      all.push(...part?.items ?? []);
      next = state === "closed" ? "" : part?.next ?? "";  // of what is over, the newest are enough
    } while (next);
    return all;
  },
  get: id => request("GET", `/suggestions/${id}`),
  departments: async () => (await request("GET", "/departments"))?.items ?? [],
  answer: (id, text) => request("POST", `/questions/${id}/answer`, {text}),
  /// `version`: what the person saw; the daemon refuses if it has changed since.
  act(id, verb, {version, ...body}) {
    return request("POST", `/suggestions/${id}/${verb}`, body, version === undefined ? {} : {"if-match": `"${version}"`});
  },
};

/// Keeps one WebSocket open until stop(): on_all() when everything may have changed, on_one(id), on_line(is it live?).
export function listen({on_all, on_one, on_line}) {
  let socket = null, timer = 0, attempts = 0, seq = -1, stopped = false;

  function connect() {
    clearTimeout(timer);
    const s = socket = new WebSocket(`ws${location.origin.slice(4)}${base}/events`, "kith.events.1");
    s.onmessage = e => { if (s === socket) receive(e.data); };
    s.onclose = () => { if (s === socket) lost(); };
  }

  function receive(data) {
    let frame;
    try { frame = JSON.parse(data); } catch { return; }
    if (frame.type === "hello") {
      attempts = 0;
      seq = frame.seq;
      on_line(true);
      on_all();
    } else if (frame.type === "suggestion") {
      const missed = frame.seq > seq + 1;
      seq = Math.max(seq, frame.seq);
      if (missed) on_all();
      else on_one(frame.id);
    }
  }

  function lost() {
    socket = null;
    if (stopped) return;
    attempts += 1;
    on_line(false);
    timer = setTimeout(connect, Math.random() * Math.min(30000, 500 * 2 ** attempts));
  }

  function wake() {
    if (!socket && !stopped && !document.hidden) connect();
  }

  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  connect();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      const s = socket;
      socket = null;
      s?.close();
    },
  };
}
