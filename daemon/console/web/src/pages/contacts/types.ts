// What the API says of contacts.
export interface Identity {
  number: number; account: string; id: string; handle: string; name: string; bot: boolean; blocked: boolean; messages: number;
  first_seen_at: string; last_seen_at: string;
}
export interface Contact {
  id: number; zone: string; identities: Identity[];
  stages: {account: string; stage: string | null; since: string; until: string | null}[];
  decisions: {act: string; identity: number; contact: number; reason: string; by: string; at: string}[];
}
export interface Evidence {
  id: number; signal: string; at: string; message?: {id: number; native_id: string; url: string}; event?: {native_id: string; about: string};
}
export interface Move { account: string; at: string; from: string | null; to: string | null; why: string; because: Evidence[] }
export interface Whole extends Contact { path: Move[] }
export interface OptOut {
  id: number; account: string; contact: {id: string; handle: string; name: string}; how: string; asked_at: string; noted_by: string; reason: string;
  lifted_at: string | null;
}
export const stages = ["attention", "attraction", "affinity", "audience", "advocate"];
export const nameOf = (c: Contact): string => c.identities.map(i => i.name || i.handle || i.id).find(Boolean) ?? "";
