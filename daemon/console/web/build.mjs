// Builds the page, packs it, and writes what the assembler and the compiler carry into the program.
//   node build.mjs WEB OUT    WEB: a folder shared by all builds of the tree; OUT: files.S and files.inc go there
//   node build.mjs WEB --check    what svelte-check and TypeScript say of the sources
// What is there already for exactly these sources is taken as it is: a second preset packs nothing.
import {execFileSync} from "node:child_process";
import {createHash} from "node:crypto";
import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {dirname, extname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {brotliCompressSync, constants, gzipSync} from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(process.argv[2]);
const out = process.argv[3];
const own = ["package.json", "package-lock.json", "vite.config.ts", "svelte.config.js", "tsconfig.json", "index.html", "build.mjs", "src"];

const files = (folder, under = "") => readdirSync(join(folder, under), {withFileTypes: true})
  .flatMap(e => e.isDirectory() ? files(folder, join(under, e.name)) : [join(under, e.name)]).sort();

const digest = parts => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(String(part.length)).update("\0").update(part);
  return hash.digest("hex").slice(0, 16);
};

function hash_of_sources() {
  const names = own.flatMap(name => name === "src" ? files(here, "src") : [name]).sort();
  return digest(names.flatMap(name => [name, readFileSync(join(here, name))]));
}

/// The packages that the lock file names, once for all builds.
function install() {
  const wanted = digest(["package.json", "package-lock.json"].map(name => readFileSync(join(here, name))));
  const mark = join(web, "node_modules", ".installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  mkdirSync(web, {recursive: true});
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(here, name), join(web, name));
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {cwd: web, stdio: "inherit"});
  writeFileSync(mark, wanted);
}

/// A copy of the sources where Node finds the packages: two folders up from it there are none.
function stage(name) {
  const staged = join(web, name);
  rmSync(staged, {recursive: true, force: true});
  mkdirSync(staged, {recursive: true});
  for (const one of own) cpSync(join(here, one), join(staged, one), {recursive: true});
  return staged;
}

const run = (staged, program, ...more) =>
  execFileSync(process.execPath, [join(web, "node_modules", program), ...more], {cwd: staged, stdio: "inherit"});

/// dist/ as it is, and each file beside it as .br and .gz.
function build(name) {
  const staged = stage(`${name}.new`);
  run(staged, "vite/bin/vite.js", "build", "--logLevel", "warn");
  for (const file of files(join(staged, "dist"))) {
    const path = join(staged, "dist", file);
    const content = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(content, {params: {[constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length}}));
    writeFileSync(`${path}.gz`, gzipSync(content, {level: 9}));
  }
  // Older builds of the page are of no use to anybody.
  for (const old of readdirSync(web)) if (/^[0-9a-f]{16}$/.test(old)) rmSync(join(web, old), {recursive: true, force: true});
  renameSync(staged, join(web, name));
}

const types = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"};

/// Writes only what differs, so that nothing is assembled anew for nothing.
function write(file, content) {
  if (existsSync(file) && readFileSync(file, "utf8") === content) return;
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, content);
}

function embed(dist) {
  const assembler = ["    .section .rodata"], declared = [], listed = [];
  files(dist).filter(file => !/\.(br|gz)$/.test(file)).forEach((file, i) => {
    const type = types[extname(file)];
    if (!type) throw new Error(`build.mjs does not know the type of ${file}: add it to types`);
    const views = ["", ".br", ".gz"].map((ending, k) => {
      const symbol = `kith_page_${i}_${k}`, path = join(dist, file) + ending;
      assembler.push(`    .globl ${symbol}`, `${symbol}:`, `    .incbin "${path}"`, "    .byte 0");
      declared.push(`extern const char ${symbol}[];`);
      return `{${symbol}, ${readFileSync(path).length}}`;
    });
    const etag = digest([readFileSync(join(dist, file))]);
    listed.push(`    {"${file}", "${type}", "${etag}", ${file.startsWith("assets/")}, ${views.join(", ")}},`);
  });
  assembler.push('    .section .note.GNU-stack,"",%progbits', "");
  write(join(out, "files.S"), assembler.join("\n"));
  write(join(out, "files.inc"), `extern "C" {\n${declared.join("\n")}\n}\nstatic constexpr kith::console::page_file files[] = {\n${listed.join("\n")}\n};\n`);
}

install();
if (out === "--check") {
  const staged = stage("checked");
  run(staged, "svelte-check/bin/svelte-check", "--tsconfig", "./tsconfig.json", "--fail-on-warnings");
  rmSync(staged, {recursive: true});
} else {
  const name = hash_of_sources();
  if (!existsSync(join(web, name))) build(name);
  embed(join(web, name, "dist"));
}
