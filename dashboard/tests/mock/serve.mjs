/**
 * Serves the built page with the headers of the deployed one, a recorded API and a small imitation of Cognito.
 *
 *   node tests/mock/serve.mjs [--port 8123] [--recording tests/fixtures/demo.json]
 *
 * A recording maps "GET /models?limit=100" (query sorted) to {status, body}. Sign in as "demo" with any password;
 * "new" must choose a password first, "mfa" is asked for a code; the password "wrong" is refused.
 */
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

function tokens(name) {
  const claims = { "cognito:username": name, email: `${name}@example.com`, "cognito:groups": ["auditor"] };
  const IdToken = `${encode({ alg: "none" })}.${encode(claims)}.unsigned`;
  return { AuthenticationResult: { IdToken, AccessToken: IdToken, RefreshToken: "refresh", ExpiresIn: 3600 } };
}

function cognito(action, body, response) {
  const refuse = (kind) => send(response, 400, { __type: kind, message: kind });
  const name = body.AuthParameters?.USERNAME ?? body.ChallengeResponses?.USERNAME ?? "demo";
  if (action === "RespondToAuthChallenge") return send(response, 200, tokens(name));
  if (action !== "InitiateAuth") return send(response, 200, {});
  if (body.AuthParameters?.PASSWORD === "wrong") return refuse("NotAuthorizedException");
  const challenge = { new: "NEW_PASSWORD_REQUIRED", mfa: "SOFTWARE_TOKEN_MFA" }[name];
  return send(response, 200, challenge ? { ChallengeName: challenge, Session: "session" } : tokens(name));
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  if (url.pathname === "/config.json") {
    return send(response, 200, {
      region: "local",
      userPoolClientId: "mock",
      cognitoEndpoint: "/cognito",
      apiBase: "/api/v1",
    });
  }
  if (url.pathname.startsWith("/api/v1/")) return api(request, url, response);
  if (url.pathname !== "/cognito") return page(url.pathname, response);
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () =>
    cognito(String(request.headers["x-amz-target"]).split(".")[1], JSON.parse(Buffer.concat(parts)), response),
  );
});
server.listen(Number(values.port), "127.0.0.1", () =>
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`),
);
