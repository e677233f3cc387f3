// What is wrong in a file, and where.
export interface Finding { file: string; line: number; column: number; what: string; mend: string }

/// GET /status has them as lines, "file:line:column: what; how to mend it".
export function findings(lines: string[]): Finding[] {
  return lines.map(line => {
    const at = /^(.+?):(\d+):(\d+): ([\s\S]*)$/.exec(line);
    return at ? {file: at[1]!, line: Number(at[2]), column: Number(at[3]), what: at[4]!, mend: ""} : {file: "", line: 0, column: 0, what: line, mend: ""};
  });
}
