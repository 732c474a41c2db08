// Keeps the live part of a page current: a message of the stream makes the page be read again.
// What is shown is always what the server rendered. Without this script pages work all the same.
"use strict";
(() => {
  const body = document.body;
  const badge = document.querySelector("[data-state]");
  const live = document.querySelector("[data-live]");
  if (!live || !badge || !body.dataset.stream) return;

  // A person may ask the API sixty times a minute, and a page asks it up to three times.
  const pause = 5000;
  const shortest = 1000, longest = 30000;
  let wait = shortest, timer = null, last = -pause;

  const say = (state, text) => {
    badge.dataset.state = state;
    badge.textContent = text;
    badge.hidden = false;
  };

  // Somebody who types or has a button in focus is not interrupted.
  const isBusy = () => live.contains(document.activeElement);

  const read = async () => {
    timer = null;
    if (document.hidden || isBusy()) return again(shortest);
    last = performance.now();
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    // Signed out, or gone: the page itself says what.
    if (answer.type === "opaqueredirect") return location.reload();
    if (!answer.ok) return again(longest);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh || isBusy()) return;
    live.replaceChildren(...fresh.childNodes);
    body.dataset.token = page.body.dataset.token;
  };

  const again = (after) => {
    const soonest = last + pause - performance.now();
    timer ??= setTimeout(() => read().catch(() => again(longest)), Math.max(after, soonest));
  };

  const listen = () => {
    const { stream, speaks, token } = body.dataset;
    const socket = new WebSocket(stream, [speaks, token]);
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ type: "subscribe" }));
      wait = shortest;
      say("on", "Live");
      again(0);
    });
    socket.addEventListener("message", () => again(300));
    socket.addEventListener("close", () => {
      say("off", "Not live");
      // The page is read first: it brings another token.
      setTimeout(() => read().catch(() => {}).finally(listen), Math.max(wait, pause));
      wait = Math.min(wait * 2, longest);
    });
  };
  listen();
})();
