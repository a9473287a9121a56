import { api } from "./api.js";
import { h } from "./dom.js";
import { session } from "./store.js";

export const title = "Sign in";

/** - `done(account)`: somebody has signed in; `reason`: why one must. */
export const signIn = (done, reason) => {
	const wrong = h("p.wrong", { role: "alert", id: "token-wrong" }, reason ?? "");
	const input = h("textarea", { id: "token", rows: 4, spellcheck: "false", autocomplete: "off", required: true, "aria-describedby": "token-wrong" });
	const send = h("button", { type: "submit", class: "primary" }, "Sign in");
	const form = h("form.signin", { novalidate: true },
		h("h1", { tabindex: -1 }, "Sign in"), h("label", { for: "token" }, "Token"), input, wrong, h("div.actions", send));
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		const token = input.value.trim();
		send.disabled = true;
		wrong.textContent = "";
		try {
			if (!token) throw new Error("Paste a token.");
			const account = await api.account(token);
			session.token = token;
			done(account);
		} catch (problem) {
			wrong.textContent = problem.message;
			input.ariaInvalid = true;
			input.focus();
		}
		send.disabled = false;
	});
	return h("div.welcome", form,
		h("section", { "aria-labelledby": "how" }, h("h2", { id: "how" }, "How to get a token"),
			h("p", h("code", "bin/run"), " prints a link that signs in here. Whoever has the keys of the service makes tokens for others:"),
			h("pre", { tabindex: 0 }, h("code", "directory token --account you@example.com --data-dir .directory")),
			h("p", "or, with a database of your own, ", h("code", "--database-url"), " instead of ", h("code", "--data-dir"), "."),
			h("p", "An organization's programs sign tokens with one of its keys, and identity providers sign them with theirs: see ",
				h("a", { href: "docs" }, "the API's description"), "."),
			h("p.quiet", "The token stays in this tab until you sign out or close it.")));
};
