/**
 * Serves the built page with the headers of the deployed one, a recorded API and a small imitation of Cognito's
 * sign-in page: authorize, token, revoke and logout, code flow with PKCE only.
 *
 *   node tests/mock/serve.mjs [--port 8123] [--recording tests/fixtures/demo.json]
 *
 * A recording maps "GET /models?limit=100" (query sorted) to {status, body}. Sign in as "demo" (an auditor) or one of GROUPS with any password;
 * the password "wrong" is refused by the page, "denied" by sending the browser back with an error.
 */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8123" },
    recording: { type: "string", default: join(here, "../fixtures/demo.json") },
  },
});

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const recording = JSON.parse(readFileSync(values.recording, "utf8"));

function send(response, status, body, type = "application/json") {
  const text = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  response.end(text);
}

function page(path, response) {
  const name = normalize(path === "/" ? "/index.html" : path).replace(/^(\.\.[/\\])+/, "");
  try {
    send(
      response,
      200,
      readFileSync(join(here, "../../dist", name)),
      TYPES[extname(name)] ?? "application/octet-stream",
    );
  } catch {
    send(response, 404, "not found", "text/plain");
  }
}

function api(request, url, response) {
  if (!/^Bearer \S+/.test(request.headers.authorization ?? "")) return send(response, 401, { message: "Unauthorized" });
  url.searchParams.sort();
  const path = decodeURIComponent(url.pathname.replace("/api/v1", ""));
  const query = url.searchParams.toString();
  const key = `${request.method} ${path}${query ? `?${query}` : ""}`;
  const found = recording[key];
  if (found) return send(response, found.status, found.body);
  return send(response, 404, { title: "Not Found", status: 404, detail: `Nothing is recorded for ${key}.` });
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Who signs in as one of these is in that group; everybody else is an auditor. */
const GROUPS = { admin: "admin", owner: "model_owner", officer: "compliance_officer", engineer: "ml_engineer" };

function tokens(name) {
  const groups = [GROUPS[name] ?? "auditor"];
  const claims = { "cognito:username": name, email: `${name}@example.com`, "cognito:groups": groups };
  return {
    id_token: `${encode({ alg: "none" })}.${encode(claims)}.unsigned`,
    refresh_token: `refresh-${name}`,
    expires_in: 3600,
  };
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function signInPage(fields, response, said = "") {
  const hidden = [...fields].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const form = `<form method="post" action="/login">${hidden.join("")}
    <label>Username <input name="username" autofocus></label>
    <label>Password <input name="password" type="password"></label><button>Sign in</button></form>`;
  const text = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Sign in</title><main><h1>Sign in</h1><p>${said}</p>${form}</main>`;
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(text);
}

const codes = new Map();

function login(form, response) {
  const { username, password, redirect_uri, state, code_challenge, code_challenge_method } = Object.fromEntries(form);
  const back = (query) => {
    response.writeHead(302, { location: `${redirect_uri}?${new URLSearchParams({ ...query, state })}` });
    response.end();
  };
  if (password === "denied") return back({ error: "access_denied", error_description: "You may not use this." });
  if (password === "wrong" || code_challenge_method !== "S256") {
    for (const name of ["username", "password"]) form.delete(name);
    return signInPage(form, response, "Incorrect username or password.");
  }
  const code = randomBytes(16).toString("hex");
  codes.set(code, { username, redirect_uri, code_challenge });
  return back({ code });
}

function token(form, response) {
  const refuse = () => send(response, 400, { error: "invalid_grant" });
  if (form.get("grant_type") === "refresh_token") {
    return send(response, 200, tokens(form.get("refresh_token").replace("refresh-", "")));
  }
  const found = codes.get(form.get("code"));
  codes.delete(form.get("code"));
  const proof = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  if (!found || found.redirect_uri !== form.get("redirect_uri") || found.code_challenge !== proof) return refuse();
  return send(response, 200, tokens(found.username));
}

function posted(request, take) {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => take(new URLSearchParams(Buffer.concat(parts).toString())));
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  const taken = `${request.method} ${url.pathname}`;
  if (url.pathname === "/config.json") {
    return send(response, 200, {
      region: "local",
      userPoolClientId: "mock",
      loginUrl: `http://${request.headers.host}`,
      apiBase: "/api/v1",
    });
  }
  if (url.pathname.startsWith("/api/v1/")) return api(request, url, response);
  if (taken === "GET /oauth2/authorize") return signInPage(url.searchParams, response);
  if (taken === "POST /login") return posted(request, (form) => login(form, response));
  if (taken === "POST /oauth2/token") return posted(request, (form) => token(form, response));
  if (taken === "POST /oauth2/revoke") return posted(request, () => send(response, 200, {}));
  if (taken === "GET /logout") {
    response.writeHead(302, { location: url.searchParams.get("logout_uri") });
    return response.end();
  }
  return page(url.pathname, response);
});
server.listen(Number(values.port), "127.0.0.1", () =>
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`),
);
