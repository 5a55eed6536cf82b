// Lists the operations of openapi.json and sends requests to them. Everything is text: nothing sent or answered is
// ever read as markup.

const METHODS = ["get", "post", "put", "patch", "delete"];
const prefix = location.pathname.replace(/\/api\/v1\/docs\/?$/, "");

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function resolved(schema, description, depth = 0) {
  if (!schema || depth > 6) return {};
  if (schema.$ref) return resolved(description.components.schemas[schema.$ref.split("/").pop()], description, depth + 1);
  const some = (schema.anyOf ?? schema.oneOf ?? []).find((one) => one.type !== "null");
  return some ? resolved(some, description, depth + 1) : schema;
}

function example(schema, description, depth = 0) {
  const found = resolved(schema, description, depth);
  if (found.default !== undefined) return found.default;
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  if (found.type === "object" && depth < 4) {
    const wanted = (found.required ?? []).filter((name) => found.properties?.[name]);
    return Object.fromEntries(wanted.map((name) => [name, example(found.properties[name], description, depth + 1)]));
  }
  return { array: [], object: {}, number: 0, integer: 0, boolean: false }[found.type] ?? "";
}

function field(parameter) {
  const schema = parameter.schema ?? {};
  const values = schema.enum ?? (schema.anyOf ?? []).flatMap((one) => one.enum ?? []);
  const input = values.length
    ? make("select", {}, make("option", { value: "" }), ...values.map((value) => make("option", { value }, value)))
    : make("input", { autocomplete: "off" });
  input.required = Boolean(parameter.required);
  const words = parameter.description ? `: ${parameter.description}` : "";
  return { input, parameter, label: make("label", {}, `${parameter.name} (${parameter.in})${words}`, input) };
}

async function send(method, path, fields, body, output) {
  const headers = { Accept: "application/json" };
  const query = new URLSearchParams();
  let target = path;
  for (const { input, parameter } of fields) {
    if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value && parameter.in === "query") query.set(parameter.name, input.value);
    else if (input.value && parameter.in === "header") headers[parameter.name] = input.value;
  }
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  output.hidden = false;
  output.textContent = "…";
  try {
    const asked = query.size ? `${target}?${query}` : target;
    const answer = await fetch(prefix + asked, { method, headers, body: body ? body.value : undefined });
    const text = await answer.text();
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // not JSON: shown as it came
    }
    const etag = answer.headers.get("etag");
    output.textContent = `${answer.status} ${answer.statusText}${etag ? `\nETag: ${etag}` : ""}\n\n${shown}`;
  } catch (error) {
    output.textContent = `No answer: ${error.message}`;
  }
}

function operation(method, path, described, description) {
  const fields = (described.parameters ?? []).map(field);
  const schema = described.requestBody?.content?.["application/json"]?.schema;
  const body = schema
    ? make("textarea", { value: JSON.stringify(example(schema, description), null, 2), spellcheck: false })
    : null;
  const output = make("pre", { hidden: true });
  const roles = described["x-roles"]?.join(", ") ?? "everybody";
  const form = make(
    "form",
    {},
    make("p", { className: "note" }, `For ${roles}.`),
    ...fields.map((one) => one.label),
    ...(body ? [make("label", {}, "body (JSON)", body)] : []),
    make("button", { type: "submit" }, "Send"),
    output,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(method.toUpperCase(), path, fields, body, output);
  });
  const title = make("summary", {}, make("span", { className: "method" }, method.toUpperCase()), make("code", {}, path));
  title.append(` ${described.summary ?? ""}`);
  return make("details", {}, title, form);
}

function show(description) {
  const tags = new Map();
  for (const [path, item] of Object.entries(description.paths)) {
    for (const method of METHODS.filter((one) => item[one])) {
      const tag = item[method].tags?.[0] ?? "other";
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push(operation(method, path, item[method], description));
    }
  }
  const sections = [...tags].map(([tag, found]) => make("section", {}, make("h2", {}, tag), ...found));
  document.getElementById("operations").replaceChildren(...sections);
  document.getElementById("search").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const one of document.querySelectorAll("details")) {
      one.hidden = !one.firstChild.textContent.toLowerCase().includes(wanted);
    }
    for (const section of sections) section.hidden = !section.querySelector("details:not([hidden])");
  });
}

try {
  const answer = await fetch("openapi.json");
  show(await answer.json());
} catch (error) {
  document.getElementById("operations").textContent = `The description could not be read: ${error.message}`;
}
