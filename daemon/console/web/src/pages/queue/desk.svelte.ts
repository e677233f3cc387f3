// The item that is looked at, and what a person decides about it. What is sent is what is on the screen.
import {SvelteMap} from "svelte/reactivity";
import {events, type Event} from "../../app/events.svelte";
import {asProblem, type Problem} from "../../app/problem";
import {door} from "../../app/session.svelte";
import {tell, words_of} from "../../app/tell";
import {one_line} from "../../app/text";
import {toasts} from "../../app/toasts.svelte";
import type {Candidate, Check, Decision, Detail} from "../../app/types";
import {moment, named, t} from "../../app/words.svelte";
import {api} from "./api";
import {differences} from "./differences";
import {queue} from "./queue.svelte";

const settle_ms = 400;     // what has just appeared takes no approval by a key meant for what was there before
const renew_ms = 25_000;   // of a claim that lasts 60 s

export type Mode = "edit" | "reject" | "ask" | "answer" | "handled" | "assign";
/// A form that is open or was closed with something in it. `base`: the reply as it was when the person began.
export interface Draft { mode: Mode; base: Candidate; item: Detail; text: string; who: string; question: number; open: boolean }

/// Each form of an item keeps its own words; an edit and a rejection are of one candidate.
const slot = (d: Omit<Draft, "text" | "who" | "open">) => `${d.item.id} ${d.mode} ${d.mode === "edit" || d.mode === "reject" ? d.base.id : d.question}`;

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
  trouble = $state.raw<Problem | null>(null); // why there is nothing to see
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  notes = $state.raw<string[]>([]);
  despite = $state("");                       // whose claim an approval has just met
  chosen = $state<number | null>(null);       // the candidate that is shown
  held = $state(false);                       // the reply that was looked at is gone, and another stands in its place
  drafts = new SvelteMap<string, Draft>();
  undos = $state.raw<Undoable[]>([]);
  /// Goes to an item; and on to the next one, once one is decided. The page sets both.
  open: (id: number) => void = () => {};
  advance: (id: number | null) => void = () => {};
  #cache = new Map<number, Detail>();
  #stood = $state(false);                     // long enough on the screen
  #noted = $state(false);                     // that it was shown is on record
  #settling = 0;
  #settled = "";
  #run = 0;
  #deciding: number | null = null;            // the item that a decision is on its way for

  /// Does what is shown take an approval?
  ready = $derived.by(() => this.#stood && this.#noted && !this.held);
  undoable = $derived.by(() => this.undos.at(-1) ?? null);

  candidates = $derived.by(() => {
    const d = this.item;
    if (!d) return [];
    return d.candidates.some(c => c.id === d.id) ? d.candidates : [as_candidate(d), ...d.candidates];
  });
  /// The reply that is on the screen.
  shown = $derived.by(() => this.candidates.find(c => c.id === (this.chosen ?? this.id)) ?? this.candidates[0] ?? null);
  draft = $derived.by(() => [...this.drafts.values()].find(d => d.open && d.item.id === this.id) ?? null);
  mine = $derived.by(() => this.item?.claim?.login === door.user?.login);
  others = $derived.by(() => this.item ? (events.people[this.item.message.id] ?? []).filter(p => p.login !== door.user?.login) : []);
  waits = $derived.by(() => this.item?.state === "open");

  // ---- what is looked at

  look(id: number | null) {
    if (id === this.id) return;
    this.#leave();
    this.id = id;
    this.item = null;
    this.gone = this.held = this.#noted = false;
    this.trouble = this.problem = null;
    this.notes = [];
    this.despite = "";
    this.chosen = this.draft?.base.id ?? null;  // a form that is open is of this reply
    queue.keep(id);
    if (id === null) return events.looking(null);
    const known = this.#cache.get(id);
    if (known && known.version === queue.items.get(id)?.version) this.#see(known);
    void this.refresh().then(() => this.#prefetch());
  }

  #leave() {
    if (this.item && this.mine && this.item.claim && !this.draft) void api.release(this.item.id).catch(() => {});
  }

  #see(item: Detail) {
    const before = this.item, saw = this.shown;
    if (before?.id === item.id && before.version > item.version) return;
    this.item = item;
    if (before?.id === item.id && saw && before.state === "open" && this.#deciding !== item.id) this.#compare(before, item, saw.id);
    this.#cache.set(item.id, item);
    if (this.#cache.size > 50) this.#cache.delete(this.#cache.keys().next().value!);
    events.looking(item.message.id);
    this.settle();
  }

  /// What changed under the reader's eyes is told. Where their reply is gone, another takes no approval unseen.
  #compare(before: Detail, now: Detail, saw: number) {
    const told = differences(before, now, saw);
    if (told.length) this.notes = [...new Set([...this.notes, ...told])];
    if (this.waits && !this.candidates.some(c => c.id === saw)) {
      this.chosen = null;
      this.held = true;
    }
  }

  /// Called whenever what is shown may have changed: it must stand for a while before it takes an approval.
  settle(anew = false) {
    const now = this.shown ? `${this.shown.id} ${this.shown.hash}` : "";
    if (now === this.#settled && !anew) return;
    this.#settled = now;
    this.#stood = false;
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => { this.#stood = true; }, settle_ms);
  }

  async refresh() {
    const id = this.id, run = ++this.#run;
    if (id === null) return;
    try {
      const item = await api.get(id);
      if (run !== this.#run || id !== this.id) return;
      this.trouble = null;
      this.#noted = true;
      queue.see(item);
      this.#see(item);
    } catch (e) {
      if (run !== this.#run || id !== this.id) return;
      const problem = asProblem(e);
      if (problem.status === 404) this.gone = true;
      else if (this.item) tell(problem);
      else this.trouble = problem;
    }
  }

  async #prefetch() {
    const next = this.id === null ? null : queue.after(this.id);
    if (next === null || this.#cache.get(next)?.version === queue.items.get(next)?.version) return;
    try { this.#cache.set(next, await api.peek(next)); } catch { /* it is asked for again when it is looked at */ }
  }

  take(event: Event) {
    if (event.type === "item") {
      const {item} = event;
      if (this.item && (item.id === this.item.id ? item.version !== this.item.version || item.state !== this.item.state : item.message === this.item.message.id)) {
        if (this.#deciding !== this.item.id) void this.refresh();
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
    this.held = false;
    this.settle();
  }

  // ---- deciding

  /// Carries one decision out. Whatever comes of it, what the daemon then says of the item is what is shown. `done` is told
  /// whether the person is still there: what was done is recorded all the same.
  async #decide<T>(work: () => Promise<T>, done: (answer: T, here: boolean) => void) {
    const item = this.item, draft = this.draft;
    if (this.busy || !item) return;
    this.busy = true;
    this.#deciding = item.id;
    this.problem = null;
    this.notes = [];
    this.despite = "";
    let problem: Problem | null = null, answer: T | undefined;
    try {
      answer = await work();
    } catch (e) {
      problem = asProblem(e);
    }
    if (problem?.status !== 401 && this.id === item.id) await this.refresh();
    this.busy = false;
    this.#deciding = null;
    const here = this.id === item.id;
    if (problem) {
      if (here) this.#refused(problem, item);
      else tell(problem);
      return;
    }
    const canary = (answer as Detail | null | undefined)?.canary;
    if (!canary) return done(answer as T, here);
    this.end(true, draft);
    toasts.say(t(canary.caught ? "done.caught" : "done.canary"));
  }

  #refused(problem: Problem, before: Detail) {
    if (problem.status === 401) return;
    this.problem = problem;
    const now = this.item;
    if (!now) return;
    if (problem.status === 409 || problem.status === 412) {
      this.notes = differences(before, now, this.shown?.id);
      // The person is shown what it now is; a reason that they typed goes with that.
      const {draft} = this, base = draft && draft.mode !== "edit" && this.candidates.find(c => c.id === draft.base.id);
      if (base) this.put({base});
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
    if (this.held) {
      this.held = false;  // they have been told; from now on it is this one that they look at
      this.settle(true);
      toasts.say(t("changed.reply-gone"));
      return;
    }
    if (!this.ready) { toasts.say(t("done.too-fast")); return; }
    void this.#decide(() => api.approve(shown.id, shown.hash, despite), (answer, here) => this.#approved(shown.id, answer, here));
  }

  #approved(id: number, answer: Detail, here: boolean) {
    const until = Date.parse(answer.undo_until ?? "");
    const mine: Undoable | null = until > Date.now() ? {id, version: answer.version, until, toast: null} : null;
    const name = one_line(answer.contact.name || answer.contact.handle) || t("item.somebody");
    const toast = toasts.say(t(answer.state === "open" ? "done.approved-first" : "done.approved", {name}),
      mine ? {action: {label: t("act.undo"), run: () => void this.undo(mine)}, ms: until - Date.now()} : {});
    if (mine) this.undos = [...this.undos.filter(u => u.until > Date.now()), {...mine, toast}];
    if (here) this.#next();
  }

  /// What is shown, if it is approved and has not begun to be sent; else the last approval.
  get undoes(): Undoable | null {
    const d = this.item;
    if (d?.state === "approved" && d.undo_until && door.may("approver")) return {id: d.id, version: d.version, until: Infinity, toast: null};
    return this.undoable;
  }

  /// Takes an approval back, while it can be.
  async undo(one = this.undoes) {
    const told = this.undos.find(u => u.id === one?.id);
    this.undos = this.undos.filter(u => u !== told);
    if (told?.toast) toasts.drop(told.toast);
    if (!one || one.until < Date.now()) { toasts.say(t("done.nothing-to-undo")); return; }
    try {
      await api.undo(one.id, one.version);
      toasts.say(t("done.undone"));
      if (this.id === one.id) await this.refresh();
      else this.open(one.id);
    } catch (e) {
      tell(asProblem(e));
    }
  }

  reject(reason: string) {
    const {draft} = this, base = draft?.mode === "reject" ? draft.base : this.shown;
    if (!base || !this.waits) return;
    void this.#decide(() => api.reject(base.id, base.version, reason), (_answer, here) => {
      this.end(true, draft);
      toasts.say(t("done.rejected"));
      if (here) this.#next();
    });
  }

  snooze(until: string | null) {
    const item = this.item;
    if (!item || !this.waits) return;
    void this.#decide(() => api.snooze(item.id, item.version, until), (_answer, here) => {
      toasts.say(until ? t("done.snoozed", {when: moment(until)}) : t("done.woken"));
      if (until && here) this.#next();
    });
  }

  assign(to: {login?: string; department?: string}) {
    const {item, draft} = this;
    if (!item || !this.waits) return;
    void this.#decide(() => api.assign(item.id, item.version, to), () => {
      this.end(true, draft);
      toasts.say(t("done.assigned"));
    });
  }

  handled(note: string) {
    const {item, draft} = this;
    if (!item) return;
    void this.#decide(() => api.handled(item.id, item.version, note), (_answer, here) => {
      this.end(true, draft);
      toasts.say(t("done.handled"));
      if (here) this.#next();
    });
  }

  ask(department: string, text: string) {
    const {item, draft} = this;
    if (!item) return;
    void this.#decide(() => api.ask(item.id, department, text), () => {
      this.end(true, draft);
      toasts.say(t("done.asked", {department}));
    });
  }

  answer(question: number, text: string) {
    const {draft} = this;
    void this.#decide(() => api.answer(question, text), () => {
      this.end(true, draft);
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
    let saved: {same: boolean; decision: Decision} | null = null;
    let approved: Detail | null = null;
    void this.#decide(async () => {
      let now: {text: string; id: number; hash: string; verdict: {decision: Decision}} = base;
      if (text !== base.text) {
        const edited = await api.edit(base.id, base.version, text);
        if (edited.canary) return edited;
        now = await api.get(base.id);
      }
      saved = {same: now.text === text, decision: now.verdict.decision};
      if (!approve || !saved.same || saved.decision !== told || saved.decision === "deny") return null;
      this.end(true, draft);
      return approved = await api.approve(now.id, now.hash, this.mine || Boolean(this.despite));
    }, (_answer, here) => {
      this.end(true, draft);
      if (approved) this.#approved(base.id, approved, here);
      else if (approve && saved && (saved.decision !== told || saved.decision === "deny")) {
        toasts.say(t("edit.verdict-moved", {verdict: named("verdict", saved.decision)}), {ms: 10_000});
      } else toasts.say(t("done.saved"));
    });
  }

  // ---- forms

  begin(mode: Mode, question = 0) {
    const item = this.item, base = this.shown;
    if (!item || !base || (mode !== "answer" && !this.waits)) return;
    this.end();  // one form at a time; what is in another stays with it
    const fresh: Draft = {mode, base, item, text: mode === "edit" ? base.text : "", who: mode === "ask" ? item.department : "", question, open: true};
    const old = this.drafts.get(slot(fresh));
    // An edit goes on from what it was begun from; any other form is about what is shown now.
    if (!old || mode === "edit" && old.text === old.base.text) this.drafts.set(slot(fresh), fresh);
    else this.drafts.set(slot(old), mode === "edit" ? {...old, open: true} : {...fresh, text: old.text, who: old.who});
    if (mode === "edit" && !item.claim) void this.claim(true);
  }

  /// What is typed stays with the draft, not with the form: the form comes and goes.
  put(change: Partial<Pick<Draft, "base" | "item" | "text" | "who">>) {
    const {draft} = this;
    if (draft) this.drafts.set(slot(draft), {...draft, ...change});
  }

  /// Closes a form; `forget` drops what is in it, unless the person has typed on since.
  end(forget = false, draft = this.draft) {
    const now = draft && this.drafts.get(slot(draft));
    if (!now) return;
    if (forget && now.text === draft.text) this.drafts.delete(slot(draft));
    else this.drafts.set(slot(draft), {...now, open: false});
  }

  /// Is something typed that only this page knows?
  get unsaved() {
    return [...this.drafts.values()].some(d => (d.mode === "edit" ? d.text !== d.base.text : d.text.trim() !== "") &&
      (d.open || ((queue.items.get(d.item.id) ?? this.#cache.get(d.item.id))?.state ?? "open") === "open"));
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
    const item = this.item;
    if (!item) return;
    try {
      await api.release(item.id);
      if (this.item?.id === item.id) this.item = {...this.item, claim: null};
    } catch (e) {
      tell(asProblem(e));
    }
  }
}

export const desk = new Desk();
