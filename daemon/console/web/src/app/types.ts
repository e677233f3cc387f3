// The shapes of the API that the pages share (daemon/console/openapi.yaml has them all).

export type Role = "viewer" | "drafter" | "approver" | "lead" | "admin";
export type Decision = "allow" | "second" | "deny";
export type State = "open" | "approved" | "sending" | "unsure" | "delivered" | "refused" | "rejected" | "withdrawn" | "expired" | "handled";

export interface User {
  id: number; name: string; login: string; role: Role; departments: string[]; accounts: string[];
  language: "en" | "de" | null; theme: "light" | "dark" | null;
  oidc?: ProviderLink | null;
}
export interface ProviderLink { issuer: string; linked_at: string }
export interface Session { user: User; second_factor: "done" | "needed" | "setup"; absolute_end_at: string }
export interface SessionOptions { password: boolean; oidc: {name: string; url: string} | null; needs_setup: boolean }

export interface Page<T> { items: T[]; next: string | null }
export interface Person { login: string; name: string }
export interface Claim extends Person { until: string }

export interface QueueItem {
  id: number; version: number; message: number; thread: string; account: string; platform: string; department: string; playbook: string;
  title: string; kind: string; language: string; state: State;
  contact: {id: number; handle: string; name: string; stage: string; customer: boolean};
  excerpt: string; draft: string; received_at: string; expires_at: string | null; urgency: 0 | 1 | 2 | 3; because: string;
  verdict: Decision; first_approval_by: string | null; assigned: Person | {department: string} | null; snoozed_until: string | null;
  claim: Claim | null; candidates: number; changed: boolean; questions_waiting: number;
}

export interface Piece { text: string; kind: "text" | "link" | "mention" | "tag"; url?: string }
export interface Length { used: number; most: number; unit: string; link_length?: number }
export interface Verdict { decision: Decision; reasons: {rule: string; says: string; why: string}[]; packs?: unknown; not_before?: string | null }
export interface Cite { id: string; title: string; text: string; url: string; review_by: string | null; owner: string }
export interface Candidate {
  id: number; version: number; hash: string; rank: number; kind: string; reply: string; text: string; language: string;
  verdict: Verdict; length: Length; cites: Cite[]; preview: Piece[];
}
export interface ThreadLine {
  native_id: string; author: {name: string; handle: string}; ours: boolean; text: string; written_at: string;
}
export interface Question {
  id: number; department: string; text: string; asked_by: string; asked_at: string; answer: string | null; answered_by: string | null;
  answered_at: string | null; kept_as: string | null;
}
export interface Detail extends Omit<QueueItem, "message" | "verdict" | "playbook" | "changed" | "contact" | "candidates"> {
  text: string; hash: string; length: Length; preview: Piece[]; reply: {id: string; kind: string};
  message: {
    id: number; native_id: string; text: string; revision: string; written_at: string; url: string | null; deleted: boolean;
    marks: {begin: number; end: number; trigger: string}[];
  };
  thread_lines: ThreadLine[];
  contact: QueueItem["contact"] & {path: {at: string; from: string; to: string; why: string}[]};
  candidates: Candidate[]; cites: Cite[]; verdict: Verdict;
  playbook: {id: string; title: string; revision: string; commit: string | null};
  questions: Question[]; changed: string[];
  history: {at: string; who: string; act: string; suggestion: number; detail: string}[];
  receipt: {url: string | null; at: string} | null;
  reason?: string | null; undo_until?: string | null; held?: string | null; purpose?: string; canary?: {caught: boolean; told: string} | null;
}

export interface Check {
  verdict: Verdict; length: Length; preview: Piece[]; problems: {kind: string; begin: number; end: number; detail: string}[];
}
export interface View { id: number; version: number; name: string; query: string; department: string | null }
export interface Department { id: string; name: string }
/// What an approval link shows. `good`: it can still approve this.
export interface Link {
  suggestion: number; login: string; expires_at: string; used_at: string | null; good: boolean; hash: string; state: State; text: string;
  account: string; platform: string; verdict: Verdict; preview?: Piece[];
  message: {text: string; written_at: string; url: string | null; author: {name?: string; handle?: string}};
  canary?: {caught: boolean; told: string};
}

export interface Status {
  version: string;
  accounts: {id: string; platform: string; state: string; since: string; detail: string; last_event_at: string | null; gaps: number}[];
  playbooks: {count: number; live: number; commit: string; loaded_at: string; errors: string[]};
  stopped?: {scope: string; by: string; at: string; reason: string}[];
  packs?: {id: string; in_force: boolean; detail: string}[];
  canaries?: {rate: number};
}
