// All groups.
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { filters } from "./filters.js";
import { newGroup } from "./groupforms.js";
import { windowed } from "./list.js";
import { pages, statusBadge } from "./people.js";
import { empty } from "./states.js";
import { go, href, rights } from "./store.js";

export const title = "Groups";

export default (route) => {
  let params = route.params;
  const list = windowed({
    label: "Groups", columns: ["Name", "Type", "Status"], classes: ["main", "third", "third"], height: 44, noun: "group",
    load: pages(() => api.read("/group", { status: params.status, type: params.type, limit: 500 }),
      ({ id, name, type, status }) => ({ id, name, type, status: status.current })),
    cells: (row) => [[h("a", { href: href({ view: "group", id: row.id }) }, bdi(row.name)), statusBadge(row.status)], row.type, row.status],
    none: empty("No group matches."),
  });
  const bar = filters([
    { name: "status", label: "Status", options: [["", "any"], ["ACTIVE", "active"], ["INACTIVE", "inactive"]] },
    { name: "type", label: "Type", placeholder: "TEAM" },
  ]);
  bar.update(params);
  list.reload();
  return {
    element: h("div", { class: "page tall" },
      h("div", { class: "title" }, h("h1", { tabindex: -1 }, "Groups"),
        rights.change ? button("Make a group", () => newGroup((made) => go({ view: "group", id: made.id })), { class: "primary" }) : null),
      bar.element, list.element),
    update(next) {
      if (JSON.stringify(next.params) === JSON.stringify(params)) return;
      params = next.params;
      bar.update(params);
      list.reload();
    },
  };
};
