// The daemon's HTTP API and its live events.

const base = "/api/v1";

/// What went wrong, as the daemon (problem+json) or the network says it. `status` 0: no answer came.
export class Problem extends Error {
  constructor(status, title, detail = "") {
    super(title);
    Object.assign(this, {status, title, detail});
  }
}

async function request(method, path, body) {
  const headers = {accept: "application/json"};
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
  list: async state => (await request("GET", `/suggestions?state=${state}`))?.items ?? [],
  get: id => request("GET", `/suggestions/${id}`),
  departments: async () => (await request("GET", "/departments"))?.items ?? [],
  answer: (id, text) => request("POST", `/questions/${id}/answer`, {text}),
  act: (id, verb, body) => request("POST", `/suggestions/${id}/${verb}`, body),
};

/// Keeps one WebSocket open until stop(): on_all() when everything may have changed, on_one(id), on_line(is it live?).
export function listen({on_all, on_one, on_line}) {
  let socket = null, timer = 0, attempts = 0, stopped = false;

  function connect() {
    clearTimeout(timer);
    const s = socket = new WebSocket(`ws${location.origin.slice(4)}${base}/events`, "kith.events.1");
    s.onmessage = e => { if (s === socket) receive(e.data); };
    s.onclose = () => { if (s === socket) lost(); };
  }

  function receive(data) {
    try { JSON.parse(data).forEach(happened); } catch { /* not ours */ }
  }

  function happened(frame) {
    if (frame.type === "hello") {
      attempts = 0;
      on_line(true);
      on_all();
    } else if (frame.type === "item") {
      on_one(frame.item.id);
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
