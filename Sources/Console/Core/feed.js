// The trail as it comes, read from a stream.
import { api } from "./api.js";

const pause = (time, signal) =>
	new Promise((resolve) => {
		const timer = setTimeout(resolve, time);
		signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
	});

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
 * - `query`: the filters of the trail.
 * - `after`: the position from which on entries are wanted.
 * - `onentry(entry)`; `onstate(state)`: `live`, `waiting` (for the service) or `ended` (no right to read).
 * Returns what ends it.
 */
export const follow = ({ query, after, onentry, onstate }) => {
	const ending = new AbortController(), { signal } = ending;
	let last = after, wait = 1000;

	const take = (entry) => {
		if (entry.position <= last) return;
		last = entry.position;
		onentry(entry);
	};

	const stream = async () => {
		const response = await api.stream("/audit/stream", { ...query, after: last }, { "Last-Event-ID": String(last) }, signal);
		onstate("live");
		wait = 1000;
		for await (const event of events(response.body)) {
			if (event.retry) wait = Number(event.retry) || wait;
			if (event.data) take(JSON.parse(event.data));
		}
	};

	(async () => {
		while (!signal.aborted) {
			try { await stream(); } catch (problem) {
				if (signal.aborted) return;
				if (problem.status === 401 || problem.status === 403) { onstate("ended"); return; }
			}
			if (signal.aborted) return;
			onstate("waiting");
			await pause(wait, signal);
			wait = Math.min(wait * 2, 30_000);
		}
	})();
	return () => ending.abort();
};
