// The trail as it comes, read from a stream; where the service has none, it is asked again and again.
import { api } from "./api.js";

const pause = (time, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
  });

/** Reads the events of a `text/event-stream`: `{id, event, data, retry}`. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "", event = {};
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    text = lines.pop();
    for (const line of lines) {
      if (line === "") { yield event; event = {}; continue; }
      const [, name, rest] = line.match(/^([^:]*):? ?(.*)$/);
      if (name === "data") event.data = event.data === undefined ? rest : `${event.data}\n${rest}`;
      else if (name) event[name] = rest;
    }
  }
}

/**
 * - `query`: the filters of the trail.
 * - `after`: the position from which on entries are wanted.
 * - `onentry(entry)`; `onstate(state)`: `live`, `polling`, `waiting` (for the service) or `ended` (no right to read).
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

  const poll = async () => {
    let page = await api.read("/audit", { ...query, order: "asc", after: last, limit: 100 }, { signal });
    onstate("polling");
    while (!signal.aborted) {
      for (const entry of page.data) take(entry);
      if (!page.data.length) await pause(3000, signal);
      if (!signal.aborted && page.next) page = await api.follow(page.next, { signal });
    }
  };

  (async () => {
    let run = stream;
    while (!signal.aborted) {
      try { await run(); } catch (problem) {
        if (signal.aborted) return;
        if (problem.status === 401 || problem.status === 403) { onstate("ended"); return; }
        if (problem.isUnknownPath) { run = poll; continue; }
      }
      if (signal.aborted) return;
      onstate("waiting");
      await pause(wait, signal);
      wait = Math.min(wait * 2, 30_000);
    }
  })();
  return () => ending.abort();
};
