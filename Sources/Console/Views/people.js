// Everybody, in a list of any length.
import { api } from "./api.js";
import { bdi, button, debounced, h } from "./dom.js";
import { hire } from "./forms.js";
import { filters } from "./filters.js";
import { windowed } from "./list.js";
import { empty } from "./states.js";
import { go, href, rights, store } from "./store.js";

export const title = "People";

/** What rows show, which is all that is kept of many people. */
export const brief = ({ id, name, email, role, type, active, status }) => ({ id, name, email, role, type, active, status: status.current });

/** A reader of a list page by page, of which only some is kept. */
export const pages = (first, keep) => async (next) => {
  const page = next ? await api.follow(next) : await first();
  return { rows: page.data.map(keep), next: page.next };
};

export const statusBadge = (status) => (status === "ACTIVE" ? null : h("span", { class: `badge ${status.toLowerCase()}` }, status));

export default (route) => {
  let params = route.params;
  const list = windowed({
    label: "People", columns: ["Name", "Title", "Type", "E-mail"], classes: ["main", "second", "third", "fourth"], height: 44, noun: "person",
    load: pages(() => {
      const { q, status, type, email, manager } = params;
      if (q) return api.read(`/employee/by-name/${encodeURIComponent(q)}`, { limit: 500 });
      return api.read("/employee", { status, type, email, manager, limit: 500 });
    }, brief),
    cells: (row) => [
      [h("a", { href: href({ view: "person", id: row.id }) }, bdi(row.name)), statusBadge(row.status)],
      bdi(row.role ?? ""), row.type, bdi(row.email ?? ""),
    ],
    none: empty("Nobody matches.", h("p", {}, "Every word of a name must begin a word of theirs.")),
  });
  const bar = filters([
    { name: "q", label: "Name", type: "search", placeholder: "Beginnings of names", excludes: ["status", "type", "email", "manager"] },
    { name: "status", label: "Status", options: [["", "any"], ["ACTIVE", "active"], ["INACTIVE", "inactive"], ["ERASED", "erased"]] },
    { name: "manager", label: "Manager", options: [["", "any"], ["none", "has none"], ["inactive", "has left"]] },
    { name: "type", label: "Type", placeholder: "EMPLOYEE" },
    { name: "email", label: "E-mail", type: "email" },
  ]);
  bar.update(params);
  list.reload();
  const element = h("div", { class: "page tall" },
    h("div", { class: "title" }, h("h1", { tabindex: -1 }, "People"),
      rights.change ? button("Hire somebody", () => hire((made) => go({ view: "person", id: made.id })), { class: "primary" }) : null),
    bar.element, list.element);
  return {
    element,
    update(next) {
      if (JSON.stringify(next.params) === JSON.stringify(params)) return;
      params = next.params;
      bar.update(params);
      list.reload();
    },
    search: bar.element.querySelector("input"),
  };
};
