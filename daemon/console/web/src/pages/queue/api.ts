// The queue's part of the API.
import {request, type Query} from "../../app/http";
import type {Check, Claim, Department, Detail, Page, QueueItem, View} from "../../app/types";

const of = (id: number, verb = "") => `/suggestions/${id}${verb && `/${verb}`}`;

export interface Counts { states: Record<string, number>; departments: {department: string; open: number}[] }
export interface BulkAnswer { items: {id: number; done: boolean; detail: string | null}[] }

export const api = {
  list: (query: Query) => request<Page<QueueItem>>("GET", "/queue", {query}),
  counts: () => request<Counts>("GET", "/queue/counts"),
  get: (id: number) => request<Detail>("GET", of(id)),
  /// What may soon be shown, or is only compared: it does not go on record that it was.
  peek: (id: number) => request<Detail>("GET", of(id), {query: {peek: true}}),
  approve: (id: number, hash: string, despite: boolean) =>
    request<Detail>("POST", of(id, "approve"), {body: despite ? {hash, despite_claim: true} : {hash}}),
  undo: (id: number, version: number) => request<Detail>("POST", of(id, "undo"), {version}),
  edit: (id: number, version: number, text: string) => request<Detail>("POST", of(id, "edit"), {version, body: {text}}),
  check: (id: number, text: string, signal: AbortSignal) => request<Check>("POST", of(id, "check"), {body: {text}, signal, harmless: true}),
  reject: (id: number, version: number, reason: string) => request<Detail>("POST", of(id, "reject"), {version, body: {reason}}),
  snooze: (id: number, version: number, until: string | null) => request<Detail>("POST", of(id, "snooze"), {version, body: {until}}),
  assign: (id: number, version: number, to: {login?: string; department?: string}) => request<Detail>("POST", of(id, "assign"), {version, body: to}),
  handled: (id: number, version: number, note: string) => request<Detail>("POST", of(id, "handled"), {version, body: {note}}),
  settle: (id: number, version: number, posted: boolean) => request<Detail>("POST", of(id, "settle"), {version, body: {posted}}),
  claim: (id: number, take = false) => request<{claim: Claim}>("POST", of(id, "claim"), {body: take ? {take} : {}, harmless: true}),
  release: (id: number) => request("DELETE", of(id, "claim"), {harmless: true}),
  link: (id: number) => request<{url: string; expires_at: string}>("POST", of(id, "link"), {body: {}}),
  bulk: (items: {id: number; hash: string}[]) => request<BulkAnswer>("POST", "/queue/approve", {body: {items}}),
  ask: (id: number, department: string, text: string) => request("POST", of(id, "questions"), {body: {department, text}}),
  answer: (question: number, text: string) => request("POST", `/questions/${question}/answer`, {body: {text}}),
  departments: async () => (await request<Page<Department>>("GET", "/departments")).items,
  views: async () => (await request<Page<View>>("GET", "/views")).items,
  add_view: (name: string, query: string, department: string | null) => request<View>("POST", "/views", {body: {name, query, department}}),
  change_view: (view: View, name: string, query: string, department: string | null) =>
    request<View>("PUT", `/views/${view.id}`, {version: view.version, body: {name, query, department}}),
  drop_view: (view: View) => request("DELETE", `/views/${view.id}`, {version: view.version}),
};
