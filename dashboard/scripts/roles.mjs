/**
 * Who may call what and what it does, from docs/openapi.json: `node scripts/roles.mjs` writes src/api/roles.ts and
 * src/api/changes.ts, with `--check` it only tells whether they are up to date. Reads are left out.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const source = new URL("../../docs/openapi.json", import.meta.url);
const { paths } = JSON.parse(readFileSync(source, "utf8"));

const roles = [];
const changes = [];
for (const [path, methods] of Object.entries(paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    if (!operation["x-roles"] || method === "get") continue;
    const route = JSON.stringify(`${method.toUpperCase()} ${path}`);
    roles.push(`  ${route}: "${[...operation["x-roles"]].sort().join(" ")}",`);
    changes.push(`  ${route}: ${JSON.stringify(operation.summary.split(/[.:](?:\s|$)/)[0])},`);
  }
}

const file = (about, name, lines) =>
  `/** Made by scripts/roles.mjs from docs/openapi.json: ${about} */\n\nexport const ${name} = {\n${lines.sort().join("\n")}\n} as const;\n`;
const FILES = {
  "../src/api/roles.ts": file("who may make which change. The API decides; the page explains.", "ROLES", roles),
  "../src/api/changes.ts": file("what each change does, in the API's own words.", "CHANGES", changes),
};

for (const [name, text] of Object.entries(FILES)) {
  const target = new URL(name, import.meta.url);
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    process.stderr.write(`${name.slice(3)} is not up to date: npm run types\n`);
    process.exitCode = 1;
  }
}
