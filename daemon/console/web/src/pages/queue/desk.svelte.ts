// The item that is looked at, and what a person decides about it. What is sent is what is on the screen.
import {SvelteMap} from "svelte/reactivity";
import {events, type Event} from "../../app/events.svelte";
import {asProblem, type Problem} from "../../app/problem";
import {door} from "../../app/session.svelte";
import {tell, words_of} from "../../app/tell";
import {toasts} from "../../app/toasts.svelte";
import type {Candidate, Check, Detail} from "../../app/types";
import {moment, named, t} from "../../app/words.svelte";
import {api} from "./api";
import {differences} from "./differences";
import {queue} from "./queue.svelte";

const settle_ms = 400;     // what has just appeared takes no approval by a key meant for what was there before
const renew_ms = 25_000;   // of a claim that lasts 60 s

export type Mode = "edit" | "reject" | "ask" | "answer" | "handled" | "assign";
/// A form that is open or was closed with something in it. `base`: the reply as it was when the person began.
export interface Draft { mode: Mode; base: Candidate; item: Detail; text: string; who: string; question: number; open: boolean }

/// An approval that can be taken back, as it was seen; `toast` tells of it.
interface Undoable { id: number; version: number; until: number; toast: number | null }

const as_candidate = (d: Detail): Candidate => ({
  id: d.id, version: d.version, hash: d.hash, rank: 0, kind: d.kind, reply: d.reply.id, text: d.text, language: d.language,
  verdict: d.verdict, length: d.length, cites: d.cites, preview: d.preview,
});

class Desk {
  id = $state<number | null>(null);
  item = $state.raw<Detail | null>(null);
  gone = $state(false);
  busy = $state(false);
  ready = $state(false);
  problem = $state.raw<Problem | null>(null);
  notes = $state.raw<string[]>([]);
  despite = $state("");                       // whose claim an approval has just met
  chosen = $state<number | null>(null);       // the candidate that is shown
  drafts = new SvelteMap<number, Draft>();
  undoable = $state.raw<Undoable | null>(null);
  /// Goes to an item; and on to the next one, once one is decided. The page sets both.
  open: (id: number) => void = () => {};
  advance: (id: number | null) => void = () => {};
  #cache = new Map<number, Detail>();
  #settling = 0;
  #settled = "";
  #run = 0;

  candidates = $derived.by(() => {
    const d = this.item;
    if (!d) return [];
    return d.candidates.some(c => c.id === d.id) ? d.candidates : [as_candidate(d), ...d.candidates];
  });
  /// The reply that is on the screen.
  shown = $derived.by(() => this.candidates.find(c => c.id === (this.chosen ?? this.id)) ?? this.candidates[0] ?? null);
  draft = $derived.by(() => {
    const d = this.id === null ? undefined : this.drafts.get(this.id);
    return d?.open ? d : null;
  });
  mine = $derived.by(() => this.item?.claim?.login === door.user?.login);
  others = $derived.by(() => this.item ? (events.people[this.item.message.id] ?? []).filter(p => p.login !== door.user?.login) : []);
  waits = $derived.by(() => this.item?.state === "open");

  // ---- what is looked at

  look(id: number | null) {
    if (id === this.id) return;
    this.#leave();
    this.id = id;
    this.item = null;
    this.gone = false;
    this.problem = null;
    this.notes = [];
    this.despite = "";
    this.chosen = null;
    queue.keep(id);
    if (id === null) return events.looking(null);
    const known = this.#cache.get(id);
    if (known && known.version === queue.items.get(id)?.version) this.#see(known);
    void this.refresh().then(() => this.#prefetch());
  }

  #leave() {
    if (this.item && this.mine && this.item.claim && !this.drafts.get(this.item.id)?.open) void api.release(this.item.id).catch(() => {});
  }

  #see(item: Detail) {
    const before = this.item;
    if (before?.id === item.id && before.version > item.version) return;
    if (before?.id === item.id && !this.busy && before.state === "open") {
      const told = differences(before, item);
      if (told.length) this.notes = told;
    }
    this.item = item;
    this.#cache.set(item.id, item);
    if (this.#cache.size > 50) this.#cache.delete(this.#cache.keys().next().value!);
    events.looking(item.message.id);
    this.settle();
  }

  /// Called whenever what is shown may have changed: it must stand for a while before it takes an approval.
  settle() {
    const now = this.shown ? `${this.shown.id} ${this.shown.hash}` : "";
    if (now === this.#settled) return;
    this.#settled = now;
    this.ready = false;
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => { this.ready = true; }, settle_ms);
  }

  async refresh() {
    const id = this.id, run = ++this.#run;
    if (id === null) return;
    try {
      const item = await api.get(id);
      if (run === this.#run && id === this.id) this.#see(item);
    } catch (e) {
      if (run !== this.#run || id !== this.id) return;
      const problem = asProblem(e);
      if (problem.status === 404) this.gone = true;
      else tell(problem);
    }
  }

  async #prefetch() {
    const next = this.id === null ? null : queue.after(this.id);
    if (next === null || this.#cache.get(next)?.version === queue.items.get(next)?.version) return;
    try { this.#cache.set(next, await api.get(next)); } catch { /* it is asked for again when it is looked at */ }
  }

  take(event: Event) {
    if (event.type === "item") {
      const {item} = event;
      if (this.item && (item.id === this.item.id ? item.version !== this.item.version || item.state !== this.item.state : item.message === this.item.message.id)) {
        if (!this.busy) void this.refresh();
      } else if (item.id === this.id && !this.item) void this.refresh();
    } else if (event.type === "claim" && this.item && (event.id === this.item.id || event.message === this.item.message.id)) {
      this.item = {...this.item, claim: event.claim};
      if (!event.claim) this.despite = "";
    } else if (event.type === "question" && this.item) void this.refresh();
  }

  start() {
    const stops = [events.on(e => this.take(e)), events.onAnew(() => void this.refresh())];
    const timer = setInterval(() => { if (this.item && this.mine && !document.hidden) void this.claim(true); }, renew_ms);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }

  switch(n: number) {
    const candidate = this.candidates[n];
    if (!candidate || this.draft || !this.waits) return;
    this.chosen = candidate.id;
    this.settle();
  }

  // ---- deciding

  /// Carries one decision out. Whatever comes of it, what the daemon then says of the item is what is shown.
  async #decide(work: () => Promise<unknown>, done: (answer: Detail | null) => void) {
    const item = this.item;
    if (this.busy || !item) return;
    this.busy = true;
    this.problem = null;
    this.notes = [];
    this.despite = "";
    let problem: Problem | null = null, answer: Detail | null = null;
    try {
      answer = await work() as Detail | null;
    } catch (e) {
      problem = asProblem(e);
    }
    if (problem?.status !== 401) await this.refresh();
    this.busy = false;
    if (this.id !== item.id) {
      if (problem) tell(problem);
      return;
    }
    if (problem) this.#refused(problem, item);
    else if (answer?.canary) {
      this.end(true);
      toasts.say(t(answer.canary.caught ? "done.caught" : "done.canary"));
    } else done(answer);
  }

  #refused(problem: Problem, before: Detail) {
    if (problem.status === 401) return;
    this.problem = problem;
    const now = this.item;
    if (!now) return;
    if (problem.status === 409 || problem.status === 412) {
      this.notes = differences(before, now);
      if (now.state === "open" && now.hash === before.hash && now.claim && !this.mine) this.despite = now.claim.name;
    }
  }

  #next() {
    if (this.id !== null) this.advance(queue.after(this.id));
  }

  get may_approve() {
    return this.waits && door.may("approver") && this.shown !== null && this.shown.verdict.decision !== "deny" && !this.draft;
  }

  approve(despite = false) {
    const shown = this.shown;
    if (!this.may_approve || !shown || this.busy) return;
    if (!this.ready) { toasts.say(t("done.too-fast")); return; }
    void this.#decide(() => api.approve(shown.id, shown.hash, despite), answer => this.#approved(shown.id, answer));
  }

  #approved(id: number, answer: Detail | null) {
    const until = Date.parse(answer?.undo_until ?? "");
    const undo = answer && until > Date.now() ? {label: t("act.undo"), run: () => this.undo(this.undoable)} : undefined;
    const first = (answer?.state ?? this.item?.state) === "open";
    const toast = toasts.say(t(first ? "done.approved-first" : "done.approved"), undo ? {action: undo, ms: until - Date.now()} : {});
    if (answer && undo) this.undoable = {id, version: answer.version, until, toast};
    this.#next();
  }

  /// What is shown, if it is approved and has not begun to be sent; else the last approval.
  get undoes(): Undoable | null {
    const d = this.item;
    if (d?.state === "approved" && d.undo_until && door.may("approver")) return {id: d.id, version: d.version, until: Infinity, toast: null};
    return this.undoable;
  }

  /// Takes an approval back, while it can be.
  async undo(last = this.undoes) {
    if (last?.id === this.undoable?.id) {
      if (this.undoable?.toast) toasts.drop(this.undoable.toast);
      this.undoable = null;
    }
    if (!last || last.until < Date.now()) { toasts.say(t("done.nothing-to-undo")); return; }
    try {
      await api.undo(last.id, last.version);
      toasts.say(t("done.undone"));
      if (this.id === last.id) await this.refresh();
      else this.open(last.id);
    } catch (e) {
      tell(asProblem(e));
    }
  }

  reject(reason: string) {
    const base = this.draft?.mode === "reject" ? this.draft.base : this.shown;
    if (!base || !this.waits) return;
    void this.#decide(() => api.reject(base.id, base.version, reason), () => {
      this.end(true);
      toasts.say(t("done.rejected"));
      this.#next();
    });
  }

  snooze(until: string | null) {
    const item = this.item;
    if (!item || !this.waits) return;
    void this.#decide(() => api.snooze(item.id, item.version, until), () => {
      toasts.say(until ? t("done.snoozed", {when: moment(until)}) : t("done.woken"));
      if (until) this.#next();
    });
  }

  assign(to: {login?: string; department?: string}) {
    const item = this.item;
    if (!item || !this.waits) return;
    void this.#decide(() => api.assign(item.id, item.version, to), () => {
      this.end(true);
      toasts.say(t("done.assigned"));
    });
  }

  handled(note: string) {
    const item = this.item;
    if (!item) return;
    void this.#decide(() => api.handled(item.id, item.version, note), () => {
      this.end(true);
      toasts.say(t("done.handled"));
      this.#next();
    });
  }

  ask(department: string, text: string) {
    const item = this.item;
    if (!item) return;
    void this.#decide(() => api.ask(item.id, department, text), () => {
      this.end(true);
      toasts.say(t("done.asked", {department}));
    });
  }

  answer(question: number, text: string) {
    void this.#decide(() => api.answer(question, text), () => {
      this.end(true);
      toasts.say(t("done.answered"));
    });
  }

  posted(was: boolean) {
    const item = this.item;
    if (!item) return;
    void this.#decide(() => api.settle(item.id, item.version, was), () => toasts.say(t("done.settled")));
  }

  /// Saves the wording in the editor; `approve` goes on where what was saved is what was typed, and is judged as the
  /// person was shown (`checked`).
  save(text: string, approve: boolean, checked: Check | null) {
    const draft = this.draft;
    if (!draft || draft.mode !== "edit" || !text.trim()) return;
    const {base} = draft;
    const told = checked?.verdict.decision ?? base.verdict.decision;
    const work = async () => {
      if (text === base.text) return {same: true, id: base.id, hash: base.hash, decision: base.verdict.decision};
      await api.edit(base.id, base.version, text);
      const now = await api.get(base.id);
      return {same: now.text === text, id: now.id, hash: now.hash, decision: now.verdict.decision};
    };
    let saved: Awaited<ReturnType<typeof work>> | null = null;
    let approved: Detail | null = null;
    void this.#decide(async () => {
      saved = await work();
      if (!approve || !saved.same || saved.decision !== told || saved.decision === "deny") return null;
      this.end(true);
      approved = await api.approve(saved.id, saved.hash, this.mine || Boolean(this.despite));
      return approved;
    }, () => {
      this.end(true);
      if (approved) this.#approved(base.id, approved);
      else if (approve && saved && (saved.decision !== told || saved.decision === "deny")) {
        toasts.say(t("edit.verdict-moved", {verdict: named("verdict", saved.decision)}), {ms: 10_000});
      } else toasts.say(t("done.saved"));
    });
  }

  // ---- forms

  begin(mode: Mode, question = 0) {
    const item = this.item, base = this.shown;
    if (!item || !base || (mode !== "answer" && !this.waits)) return;
    const old = this.drafts.get(item.id);
    if (old && old.mode === mode && old.question === question) this.drafts.set(item.id, {...old, open: true});
    else this.drafts.set(item.id, {mode, base, item, text: mode === "edit" ? base.text : "", who: mode === "ask" ? item.department : "", question, open: true});
    if (mode === "edit" && !item.claim) void this.claim(true);
  }

  /// What is typed stays with the draft, not with the form: the form comes and goes.
  put(change: Partial<Draft>) {
    const draft = this.id === null ? undefined : this.drafts.get(this.id);
    if (draft) this.drafts.set(this.id!, {...draft, ...change});
  }

  end(forget = false) {
    if (this.id === null) return;
    const draft = this.drafts.get(this.id);
    if (!draft) return;
    if (forget) this.drafts.delete(this.id);
    else this.drafts.set(this.id, {...draft, open: false});
  }

  // ---- claims

  async claim(quietly = false, take = false) {
    const item = this.item;
    if (!item || item.state !== "open" || !door.may("drafter")) return;
    try {
      const {claim} = await api.claim(item.id, take);
      if (this.item?.id === item.id) this.item = {...this.item, claim};
    } catch (e) {
      const problem = asProblem(e);
      if (!quietly) toasts.say(words_of(problem), {bad: true});
      if (problem.status === 409) void this.refresh();
    }
  }

  async release() {
    if (!this.item) return;
    try {
      await api.release(this.item.id);
      this.item = {...this.item, claim: null};
    } catch (e) {
      tell(asProblem(e));
    }
  }
}

export const desk = new Desk();
