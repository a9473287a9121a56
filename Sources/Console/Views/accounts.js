// Accounts: who may sign in.
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { filters } from "./filters.js";
import { newAccount } from "./accountforms.js";
import { windowed } from "./list.js";
import { pages, statusBadge } from "./people.js";
import { empty } from "./states.js";
import { go, href, rights, store } from "./store.js";

export const title = "Accounts";

const lists = { "": "/account/for-org", admins: "/account/org-admins", all: "/account" };

export default (route) => {
  let params = route.params;
  const roles = (grants) => grants.filter((grant) => !grant.orgId || grant.orgId === store.organization.id).map((grant) => grant.role);
  const list = windowed({
    label: "Accounts", columns: ["E-mail", "Name", "Roles here"], classes: ["main", "second", "third"], height: 44, noun: "account",
    load: pages(() => api.read(lists[params.list ?? ""] ?? lists[""], { limit: 500 }),
      ({ id, name, email, grants, status }) => ({ id, name, email, status: status.current, roles: roles(grants).join(", ") })),
    cells: (row) => [
      [h("a", { href: href({ view: "account", id: row.id }) }, bdi(row.email ?? "[erased]")), statusBadge(row.status)], bdi(row.name ?? ""), row.roles,
    ],
    none: empty("No account that you may see."),
  });
  const bar = filters([{ name: "list", label: "Show", options: [["", "of this organization"], ["admins", "its owners and administrators"], ["all", "all that I see"]] }]);
  bar.update(params);
  list.reload();
  return {
    element: h("div", { class: "page tall" },
      h("div", { class: "title" }, h("h1", { tabindex: -1 }, "Accounts"),
        rights.change ? button("Make an account", () => newAccount((made) => go({ view: "account", id: made.id })), { class: "primary" }) : null),
      bar.element, list.element),
    update(next) {
      if (JSON.stringify(next.params) === JSON.stringify(params)) return;
      params = next.params;
      bar.update(params);
      list.reload();
    },
  };
};
