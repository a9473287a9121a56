import { api } from "./api.js";
import { pause } from "./dom.js";

/** Reads the events of a `text/event-stream`: `{id, event, data, retry}`. */
async function* events(body) {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let text = "";
	for (;;) {
		const { value, done } = await reader.read();
		if (done) return;
		const blocks = (text + value).split(/\r?\n\r?\n/);
		text = blocks.pop();
		// A line that begins with a colon is a comment, which keeps the connection from being silent.
		for (const block of blocks) yield Object.fromEntries(block.split(/\r?\n/).map((line) => line.match(/^([^:]*):? ?(.*)$/).slice(1)));
	}
}

/**
 * Follows the trail with some filters after a position. Returns what ends it.
 * - `onstate(state)`: `live`, `waiting` (for the service) or `ended` (no right to read).
 */
export const follow = ({ query, after, onentry, onstate }) => {
	const ending = new AbortController(), { signal } = ending;
	let last = after, wait = 1000;

	const stream = async () => {
		const headers = { Accept: "text/event-stream", "Last-Event-ID": String(last) };
		const { body } = await api.raw("/audit/stream", { ...query, after: last }, { headers, signal });
		onstate("live");
		for await (const event of events(body)) {
			if (event.retry) wait = Number(event.retry) || wait;
			const entry = event.data && JSON.parse(event.data);
			if (!entry || entry.position <= last) continue;
			last = entry.position;
			onentry(entry);
		}
	};

	(async () => {
		while (!signal.aborted) {
			try { await stream(); } catch (problem) {
				if (problem.status === 401 || problem.status === 403) { onstate("ended"); return; }
			}
			if (signal.aborted) return;
			onstate("waiting");
			await pause(wait);
		}
	})();
	return () => ending.abort();
};
