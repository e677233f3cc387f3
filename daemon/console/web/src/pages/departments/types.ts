// What the API says of departments.
import type {Question} from "../../app/types";

interface Waiting { open: number; oldest_at: string | null }
export interface Digest {
  every: "day" | "week"; to: "file" | "email" | "webhook"; where: string; next_at: string;
  last: {since: string; until: string; state: string; attempts: number; ended_at: string | null; error: string} | null;
}
export interface Line {
  id: string; name: string; languages: string[]; queue: Waiting;
  questions: {waiting: number; answered: number; oldest_at: string | null};
  unanswered: number; answers: {count: number; due: number; stale: number}; digest: Digest | null;
}
export interface Asked extends Question { message: number; suggestion: number; language: string }
export interface Answer {
  id: string; owner: string; review_by: string; days_left: number; age: "current" | "due" | "stale";
  posted: number; solved: number; not_solved: number; undecided: number;
}
export interface Whole {
  id: string; name: string; languages: string[]; queue: Waiting;
  questions: {waiting: number; answered: number; oldest_at: string | null; items: Asked[]};
  unanswered: {message: number; account: string; received_at: string; department: string; playbook: string; because: string}[];
  answers: Answer[]; digest: Digest | null;
}
