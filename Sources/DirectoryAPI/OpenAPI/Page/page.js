"use strict";
// Renders openapi.json, which is next to this page. Text only ever becomes text nodes and is never interpreted as HTML.

const h = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) if (value != null) element.setAttribute(name, value);
  element.append(...children.flat().filter((child) => child != null));
  return element;
};
const find = (id) => document.getElementById(id);
const slug = (text) => text.toLowerCase().replaceAll(" ", "-");
let api;
const resolve = (value) => (value?.$ref ? value.$ref.slice(2).split("/").reduce((at, part) => at[part], api) : value);
const nameOf = (reference) => reference.$ref.split("/").pop();

// The subset of Markdown that the document uses: paragraphs, lists, **bold**, `code`.
const inline = (text) =>
  text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) =>
    part.startsWith("**") ? h("strong", {}, part.slice(2, -2)) : part.startsWith("`") ? h("code", {}, part.slice(1, -1)) : part);
const markdown = (text) =>
  text.split("\n\n").map((block) =>
    block.startsWith("- ")
      ? h("ul", {}, block.split(/\n(?=- )/).map((item) => h("li", {}, inline(item.slice(2)))))
      : h("p", {}, inline(block)));

// A schema for readers: its type in words, and its other constraints.
const type = (schema) => {
  if (schema.$ref) return h("a", { href: `#schema-${nameOf(schema)}` }, nameOf(schema));
  if (schema.type === "array") return h("span", {}, "array of ", type(schema.items));
  if (schema.anyOf) {
    const [main, ...others] = schema.anyOf;
    return h("span", {}, type({ type: schema.type, ...main }), others.some((one) => one.enum?.includes(null)) ? " or null" : "");
  }
  if (schema.enum) return schema.enum.filter((word) => word !== null).join(" | ");
  const types = [schema.type ?? "any"].flat();
  const main = types.find((one) => one !== "null");
  return (schema.format ?? main) + (types.includes("null") ? " or null" : "");
};
const limits = (schema) => {
  const words = [];
  // What texts may not have is in their descriptions, in words.
  if (schema.pattern && !schema.pattern.startsWith("^[^")) words.push(schema.pattern);
  if (schema.minimum !== undefined) words.push(`from ${schema.minimum}${schema.maximum === undefined ? "" : ` to ${schema.maximum}`}`);
  return words.join(", ");
};
const field = (name, schema, required, meaning) => {
  const limit = limits(schema.anyOf?.[0] ?? schema);
  return h("div", {},
    h("dt", {}, h("code", {}, name), h("span", { class: "type" }, type(schema)),
      required ? h("span", { class: "required" }, "required") : null),
    h("dd", {}, inline(meaning ?? ""), limit ? [" ", h("code", {}, limit)] : null));
};
const fields = (schema) =>
  h("dl", { class: "fields" }, Object.entries(schema.properties ?? {}).map(([name, property]) =>
    field(name, property, schema.required?.includes(name), property.description)));

// An example, generated from a schema.
const sampleID = "019abcde-0000-7000-8000-00000000002a";
const sample = (schema, depth = 0) => {
  schema = resolve(schema);
  if (schema.examples) return schema.examples[0];
  if (schema.enum) return schema.enum[0];
  switch ([schema.type].flat()[0]) {
    case "array": return depth > 3 ? [] : [sample(schema.items, depth + 1)];
    case "object": {
      const some = Object.entries(schema.properties ?? {}).filter(([name]) => depth < 2 || schema.required?.includes(name));
      // Lists that only some callers see are shown empty.
      const isBare = (name, property) => property.type === "array" && property.items.$ref && !schema.required?.includes(name);
      return Object.fromEntries(some.map(([name, property]) => [name, isBare(name, property) ? [] : sample(property, depth + 1)]));
    }
    case "boolean": return true;
    case "integer": return schema.minimum ?? 42;
    case undefined: return "…";
  }
  return { uuid: sampleID, email: "ada@acme.example", "date-time": "2026-11-24T07:00:00.123456Z", date: "2024-05-02" }[schema.format] ?? "…";
};
const pretty = (value) => JSON.stringify(value, null, 2);

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const curl = (method, path, operation, parameters) => {
  const base = location.origin === "null" ? "http://127.0.0.1:8080" : location.origin;
  const example = (name) => encodeURIComponent(parameters.find((one) => one.in === "path" && one.name === name).example);
  const query = parameters.filter((one) => one.in === "query" && one.required).map((one) => `${one.name}=${encodeURIComponent(one.example)}`);
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => example(name)) + (query.length ? `?${query.join("&")}` : "");
  const parts = [`curl ${method === "GET" ? "" : `-X ${method} `}${quoted(base + filled)}`];
  if (!operation.security) parts.push(`-H "Authorization: Bearer $TOKEN"`);
  const body = operation.requestBody?.content["application/json"];
  if (body) parts.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body.example))}`);
  if (parameters.some((one) => one.name === "Idempotency-Key")) parts.splice(1, 0, `-H "Idempotency-Key: $(uuidgen)"`);
  return parts.join(" \\\n  ");
};
const copy = async (text, button) => {
  try { await navigator.clipboard.writeText(text); } catch {
    const area = h("textarea", {}, text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
};
const code = (caption, text, label) => {
  const button = h("button", { class: "copy", type: "button", "aria-label": label }, "Copy");
  button.addEventListener("click", () => copy(text, button));
  return h("figure", { class: "sample" }, h("figcaption", {}, caption), h("pre", { tabindex: "0" }, h("code", {}, text)), button);
};

const section = (title, ...content) => [h("h4", {}, title), ...content];
const folded = (title, headers) =>
  h("details", {}, h("summary", {}, title, headers.map(([name]) => h("code", {}, name))),
    h("dl", { class: "fields" }, headers.map(([name, one]) => field(name, one.schema, false, one.description))));
const article = (path, method, operation) => {
  const parameters = (operation.parameters ?? []).map(resolve);
  const by = (place) => parameters.filter((one) => one.in === place);
  const list = (some) => h("dl", { class: "fields" }, some.map((one) => field(one.name, one.schema, one.required, one.description)));
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  // What the service sends itself has a name instead of a path.
  const isSent = !path.startsWith("/");
  const answers = Object.entries(operation.responses).map(([status, reference]) => {
    const answer = resolve(reference), schema = Object.values(answer.content ?? {})[0]?.schema;
    const shows = Number(status) < 300 && schema ? [" — ", type(schema)] : null;
    return h("li", { class: parseInt(status) < 400 ? "good" : null }, h("b", {}, status), h("span", {}, inline(answer.description), shows));
  });
  const good = Object.entries(operation.responses).find(([status]) => Number(status) < 300);
  const shown = good && resolve(good[1]).content?.["application/json"]?.schema;
  const headers = good ? Object.entries(resolve(good[1]).headers ?? {}).map(([name, header]) => [name, resolve(header)]) : [];
  const left = h("div", {});
  for (const [place, title] of [["path", "Path"], ["query", "Query"]]) {
    if (by(place).length) left.append(...section(title, list(by(place))));
  }
  if (body) {
    const schema = resolve(body.schema);
    left.append(...section(schema.type === "array" ? `Body, an array of at most ${schema.maxItems}` : "Body", fields(schema.items ?? schema)));
  }
  if (by("header").length) left.append(folded("Headers", by("header").map((one) => [one.name, one])));
  left.append(...section("Responses", h("ul", { class: "answers" }, answers)));
  if (headers.length) left.append(folded("Response headers", headers));
  const right = h("div", {}, isSent ? null : code("Request", curl(method, path, operation, parameters), `Copy the curl of ${operation.summary}`));
  if (body) right.append(code("Body", pretty(body.example ?? sample(body.schema)), `Copy the body of ${operation.summary}`));
  if (shown) right.append(code(`Response ${good[0]}`, pretty(sample(shown)), `Copy the response of ${operation.summary}`));
  const route = isSent ? "the webhook's URL" : path.split(/(\{\w+\})/).map((part) => (part.startsWith("{") ? h("span", { class: "part" }, part) : part));
  const notes = operation.description.split("\n\n").filter((block) => !block.startsWith("**Access:**")).join("\n\n");
  const element = h("article", { id: operation.operationId, "aria-labelledby": `title-${operation.operationId}` },
    h("div", { class: "head" }, h("h3", { id: `title-${operation.operationId}` }, operation.summary),
      h("a", { class: "anchor", href: `#${operation.operationId}`, "aria-label": `Link to ${operation.summary}` }, "#")),
    h("p", { class: "route path" }, h("span", { class: `method ${method}` }, method), route),
    isSent ? null : h("p", { class: "who" }, h("strong", {}, "Access: "), operation["x-access"],
      operation["x-reference-number"] ? ` · operation ${operation["x-reference-number"]} of the reference` : ""),
    notes ? markdown(notes) : null,
    h("div", { class: "columns" }, left, h("div", { class: "code-side" }, right)));
  return element;
};

const render = () => {
  document.title = `${api.info.title} API`;
  const nav = find("nav"), main = find("main");
  find("top").replaceChildren(h("h1", {}, `${api.info.title} API`), h("p", { class: "quiet" }, api.info.summary), ...markdown(api.info.description));
  const items = [];
  const operations = Object.entries({ ...api.paths, ...api.webhooks }).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
  for (const { name } of api.tags) {
    const group = operations.filter(({ operation }) => operation.tags.includes(name));
    if (!group.length) continue;
    const part = h("section", { "aria-labelledby": slug(name) }, h("h2", { id: slug(name) }, name));
    const links = h("ul", {});
    const heading = h("div", {}, h("h2", {}, h("a", { href: `#${slug(name)}`, class: "quiet" }, name)), links);
    for (const { path, method, operation } of group) {
      const element = article(path, method, operation);
      const link = h("li", {}, h("a", { href: `#${operation.operationId}`, title: `${method} ${path}` },
        h("span", { class: `method ${method}` }, method === "DELETE" ? "DEL" : method), h("span", {}, operation.summary.split(/[:,]/)[0])));
      part.append(element);
      links.append(link);
      items.push({ text: `${method} ${path} ${operation.operationId} ${element.textContent}`.toLowerCase(), element, link, part, heading });
    }
    main.append(part);
    nav.append(heading);
  }
  const schemas = h("section", { "aria-labelledby": "schemas" }, h("h2", { id: "schemas" }, "Schemas"));
  const schemaLinks = h("ul", { class: "plain" });
  const schemaHeading = h("div", {}, h("h2", {}, h("a", { href: "#schemas", class: "quiet" }, "Schemas")), schemaLinks);
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const element = h("article", { id: `schema-${name}` }, h("div", { class: "head" }, h("h3", {}, name)),
      h("p", { class: "quiet" }, inline(schema.description ?? "")), fields(schema.items ?? schema));
    const link = h("li", {}, h("a", { href: `#schema-${name}` }, name));
    schemas.append(element);
    schemaLinks.append(link);
    items.push({ text: `${name} ${element.textContent}`.toLowerCase(), element, link, part: schemas, heading: schemaHeading });
  }
  main.append(schemas);
  nav.append(schemaHeading);
  search(items);
  follow(items);
  if (location.hash) find(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
};

const search = (items) => {
  const input = find("search");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const groups = new Map();
    let count = 0;
    for (const item of items) {
      const isFound = words.every((word) => item.text.includes(word));
      item.element.hidden = item.link.hidden = !isFound;
      if (isFound) count += 1;
      groups.set(item.part, { heading: item.heading, isShown: isFound || groups.get(item.part)?.isShown });
    }
    for (const [part, { heading, isShown }] of groups) part.hidden = heading.hidden = !isShown;
    find("top").hidden = words.length > 0;
    find("found").textContent = words.length ? (count === 1 ? "1 match" : `${count} matches`) : "";
  };
  input.addEventListener("input", () => { apply(); scrollTo({ top: 0 }); });
  addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "Escape" && document.activeElement === input) {
      input.value = "";
      apply();
      input.blur();
    }
  });
  // Following a link to a hidden element clears the search.
  addEventListener("hashchange", () => {
    const target = find(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest("[hidden]")) return;
    input.value = "";
    apply();
    target.scrollIntoView();
  });
};

// Highlights in the navigation what is being read.
const follow = (items) => {
  const links = new Map(items.map((item) => [item.element, item.link.firstElementChild]));
  let current;
  const observer = new IntersectionObserver((entries) => {
    const first = entries.filter((entry) => entry.isIntersecting)[0];
    if (!first) return;
    current?.removeAttribute("aria-current");
    current = links.get(first.target);
    current.setAttribute("aria-current", "true");
    const box = current.getBoundingClientRect(), nav = find("nav"), frame = nav.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) nav.scrollTop += box.top - frame.top - frame.height / 3;
  }, { rootMargin: "-110px 0px -70% 0px" });
  for (const { element } of items) observer.observe(element);
};

fetch("./openapi.json")
  .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
  .then((document) => { api = document; render(); })
  .catch((error) => { find("top").replaceChildren(h("h1", {}, "Directory API"), h("p", {}, `openapi.json could not be read (${error.message}).`)); });
