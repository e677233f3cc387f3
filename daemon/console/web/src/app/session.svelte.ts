// Who is at the page. The shell shows the door while nobody is; what the page holds stays in memory meanwhile.
import {events} from "./events.svelte";
import {request, whenSignedOut} from "./http";
import {asProblem, type Problem} from "./problem";
import type {Role, Session, SessionOptions} from "./types";
import {unsaved} from "./unsaved.svelte";
import {setLanguage, type Language} from "./words.svelte";

const ranks: Role[] = ["viewer", "drafter", "approver", "lead", "admin"];

class Door {
  /// null: nobody, or not known yet (see `asked`).
  session = $state.raw<Session | null>(null);
  options = $state.raw<SessionOptions>({password: true, oidc: null, needs_setup: false});
  asked = $state(false);
  trouble = $state.raw<Problem | null>(null);

  get user() { return this.session?.user ?? null; }
  get inside() { return this.session?.second_factor === "done"; }

  /// Has the person at least this role?
  may(least: Role) { return ranks.indexOf(this.user?.role ?? "viewer") >= ranks.indexOf(least); }

  async ask() {
    this.trouble = null;
    try {
      await this.take(await request<Session>("GET", "/session"));
    } catch (e) {
      const problem = asProblem(e);
      if (problem.status !== 401) this.trouble = problem;
      this.session = null;
      if (problem.status === 401) this.options = await request<SessionOptions>("GET", "/session/options").catch(() => this.options);
    }
    this.asked = true;
  }

  /// After each step at the door: the session as it now is.
  async take(session: Session) {
    await setLanguage(session.user.language ?? stored("language") as Language | null);
    theme(session.user.theme ?? stored("theme"));
    this.session = session;
    if (this.inside) events.start(() => this.lose());
  }

  /// The session is over; the door appears above what was being done.
  lose() {
    if (!this.session) return;
    // At the door again, one is not sent back by the late answer to what was asked before.
    if (!this.inside) return void this.ask();
    events.stop();
    this.session = null;
    void request<SessionOptions>("GET", "/session/options").then(o => { this.options = o; }, () => {});
  }

  async leave() {
    if (!await unsaved.ask()) return;
    try {
      await request("DELETE", "/session");
    } catch (e) {
      if (asProblem(e).status !== 401) {
        unsaved.given_up = false;
        throw e;
      }
    }
    location.replace("/console");  // a new page holds nothing of what this one knew
  }
}

export const door = new Door();
whenSignedOut(() => door.lose());

/// What this browser remembers of the reader's wishes before it knows who reads.
export function stored(name: string): string | null {
  try { return localStorage.getItem(`kith.${name}`); } catch { return null; }
}
export function store(name: string, value: string | null) {
  try {
    if (value === null) localStorage.removeItem(`kith.${name}`);
    else localStorage.setItem(`kith.${name}`, value);
  } catch { /* storage is denied */ }
}

/// null: as the system says.
export function theme(wanted: string | null) {
  store("theme", wanted);
  if (wanted) document.documentElement.dataset.theme = wanted;
  else delete document.documentElement.dataset.theme;
}
