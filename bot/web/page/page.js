// The page's own script: live lines, sending that survives a bad line, and leaving at once.
// No framework, nothing stored in the browser, no string ever becomes markup.
// @ts-check
(() => {
  /** Lines that come so soon after the first belong to one answer. */
  const ANSWER_MS = 5_000;
  /** Nothing heard for so long: the stream is dead, though it looks open. The server gives a sign every five seconds. */
  const SILENT_MS = 13_000;
  /** Her line comes back sooner than this, or the stream has not brought it. */
  const ECHO_MS = 4_000;
  /** Cut off for longer: no longer a trifle. */
  const CUT_MS = 15_000;
  /** So long an answer is waited for at first, and at most when it did not come. */
  const PATIENCE_MS = [12_000, 48_000];
  /** Notices that point to the numbers, and those that are over once the server is heard. */
  const CALLS = ["trouble", "too_many", "offline", "offline_quiet", "effort"];
  const OF_THE_LINE = ["trouble", "offline", "offline_quiet", "reconnecting"];
  /** So much of a long message stays in sight above its choices. */
  const QUESTION_LINES = 4;
  /** @typedef {{ label: string, kind: string, value: string, style?: string }} Choice */
  /** @typedef {{ n: number, from: string, at: number, text: string, choices: Choice[], lang: "vi" | "en" | null }} Line */
  /** @typedef {{ key: string, text?: string, choice?: string, shown: string, item: HTMLElement, taken: boolean, tries: number }} Pending */
  /** @type {any} */
  const facts = JSON.parse(byId("facts").textContent ?? "{}");
  let t = facts.texts[facts.lang];
  const lines = byId("lines");
  const choices = byId("choices");
  const text = /** @type {HTMLTextAreaElement} */ (byId("text"));
  /** @type {Pending[]} */
  const waiting = [];
  let after = facts.after;
  let open = facts.open;
  let leaving = false;
  /** Lines were taken away while the gate is closed. */
  let hidden = facts.isLocked;
  /** It is known to be her: they come back as soon as nothing of hers can be lost by it. */
  let comesBack = false;
  let sending = false;
  /** @type {EventSource | null} */
  let source = null;
  let pollTimer = 0;
  let streamFailures = 0;
  /** When the server was last heard, and since when it cannot be reached; 0: it can. */
  let heardAt = Date.now();
  let cutAt = 0;
  /** She has written, and has not moved the page since: what comes is shown wherever it stands. */
  let follows = false;
  /** The first line that came after her words, and when. @type {Element | null} */
  let answer = null;
  let answeredAt = 0;
  /** She has just begun: the first question is on its way. */
  let begins = false;
  /** How often the beginning has failed while it is tried; null: it is not. @type {number | null} */
  let starting = null;
  /** A line of hers came that stands for none of those on their way: it may be the one that is just being taken. */
  let cameEarly = false;
  /** Which text the notice says; null: what came with the page. @type {string | undefined | null} */
  let noticed = null;

  /** @param {string} id */
  function byId(id) {
    return /** @type {HTMLElement} */ (document.getElementById(id));
  }
  /** @param {string} tag @param {string} cls @param {string} [words] */
  function make(tag, cls, words) {
    const el = document.createElement(tag);
    if (cls) el.className = cls;
    if (words !== undefined) el.textContent = words;
    return el;
  }

  /** @param {string} from */
  function whoSays(from) {
    const el = make("p", "who", t[from]);
    el.dataset.t = from;
    return el;
  }

  /** So that nothing is brought into sight behind what stands fixed; of a header in two rows only the way out does. */
  function measure() {
    // She is leaving: there is nothing left to measure.
    if (!document.getElementById("exit")) return;
    const { style } = document.documentElement;
    const height = document.querySelector("header")?.offsetHeight ?? 0;
    const more = height - byId("exit").offsetHeight - 20;
    const lift = Math.max(0, more);
    style.setProperty("--lift", `${-lift}px`);
    style.setProperty("--above", `calc(${height - lift}px + 0.75rem)`);
    style.setProperty("--below", `calc(${byId("write").offsetHeight}px + 3rem)`);
  }
  if ("ResizeObserver" in window) {
    const sizes = new ResizeObserver(measure);
    for (const fixed of document.querySelectorAll("header, #write")) sizes.observe(fixed);
  }

  // ── leaving ────────────────────────────────────────────────────────────────

  /** @param {boolean} [isOver] the talk has ended already: only this tab goes, and leaves alone what began since */
  function leave(isOver) {
    if (leaving) return;
    leaving = true;
    if (isOver) {
      empty();
      return location.replace(facts.exitUrl);
    }
    // Should the server not hear of it, nothing that this browser asks for afterwards opens her talk.
    // biome-ignore lint/suspicious/noDocumentCookie: cookieStore answers later, and not everywhere
    document.cookie = facts.leftMark;
    empty();
    otherTabs?.postMessage("left");
    // keepalive and the beacon outlive the page; the server ends the session even if we are gone by then.
    const sent = fetch("/api/page/leave", {
      method: "POST",
      keepalive: true,
      headers: { "x-asked-by": "page" },
    });
    sent.catch(() => navigator.sendBeacon?.("/api/page/leave"));
    location.replace(facts.exitUrl);
  }
  // Without a network the server tells the other tabs nothing.
  const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("left") : null;
  otherTabs?.addEventListener("message", () => leave(true));
  function empty() {
    source?.close();
    source = null;
    clearTimeout(pollTimer);
    document.body.replaceChildren();
    document.title = "…";
  }
  byId("exit").addEventListener("click", (e) => {
    e.preventDefault();
    leave();
  });
  let escapes = 0;
  let lastEscape = 0;
  addEventListener(
    "keydown",
    (e) => {
      if (e.key !== "Escape") {
        escapes = 0;
        return;
      }
      escapes = e.timeStamp - lastEscape < 2000 ? escapes + 1 : 1;
      lastEscape = e.timeStamp;
      if (escapes >= 3) leave();
    },
    true,
  );
  // Coming back with the "back" button may show a frozen copy: ask the server what is still true.
  addEventListener("pageshow", (e) => {
    if (!e.persisted) return;
    empty();
    location.reload();
  });
  // Who looks at this tab after a long while may be somebody else: the server knows what may still be read.
  let touchedAt = Date.now();
  const touched = () => {
    touchedAt = Date.now();
  };
  for (const way of ["pointerdown", "keydown", "scroll"])
    addEventListener(way, touched, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !open || Date.now() - touchedAt <= facts.gapMs) return;
    // Words of hers that have not gone yet exist nowhere else.
    if (waiting.some((p) => !p.taken)) return;
    empty();
    location.reload();
  });
  // A page that goes into the back-forward memory must not show what was said.
  addEventListener("pagehide", () => source?.close());

  // ── the language ───────────────────────────────────────────────────────────

  for (const way of document.querySelectorAll("nav a, nav button"))
    way.addEventListener("click", changeLanguage);
  /** In a talk she says it, so that the talk changes too. @param {Event} e */
  function changeLanguage(e) {
    e.preventDefault();
    const way = /** @type {HTMLElement} */ (e.currentTarget);
    const wanted = way.lang === "en" ? "en" : "vi";
    // At once: while a counsellor is here, no machine answers; and what stands in the box or has not gone yet stays.
    dress(wanted);
    if (open) send({ text: facts.names[wanted] }, facts.names[wanted]);
  }
  /** All that stands round the talk, in the language of the talk. @param {"vi" | "en"} lang */
  function dress(lang) {
    facts.lang = lang;
    t = facts.texts[lang];
    document.documentElement.lang = lang;
    document.title = t.title;
    for (const el of document.querySelectorAll("[data-t]"))
      el.textContent = t[/** @type {HTMLElement} */ (el).dataset.t ?? ""];
    for (const el of document.querySelectorAll("[data-label]"))
      el.setAttribute("aria-label", t[/** @type {HTMLElement} */ (el).dataset.label ?? ""]);
    for (const el of document.querySelectorAll("[data-vi]"))
      el.textContent = /** @type {HTMLElement} */ (el).dataset[lang] ?? "";
    /** @type {HTMLInputElement} */ for (const field of document.querySelectorAll('input[name="lang"]'))
      field.value = lang;
    const said = noticed;
    noticed = null;
    if (said) notice(said);
    const other = lang === "en" ? "vi" : "en";
    const way = make("button", "", facts.names[other]);
    way.lang = other;
    way.addEventListener("click", changeLanguage);
    document.querySelector("nav")?.replaceChildren(way);
  }

  // ── asking the server ──────────────────────────────────────────────────────

  /** @param {string} path @param {object} [body] @param {number} [tries] how often it was asked in vain */
  function post(path, body, tries) {
    const headers = { "x-asked-by": "page", "content-type": "application/json" };
    return ask(path, { method: "POST", headers, body: JSON.stringify(body ?? {}) }, tries);
  }
  /** A line on which nothing comes back would keep her waiting for ever. @param {string} path @param {RequestInit} [how] */
  async function ask(path, how, tries = 0) {
    const [first = 0, most = 0] = PATIENCE_MS;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), Math.min(most, first * 2 ** tries));
    try {
      const answer = await fetch(`/api/page/${path}`, { ...how, signal: stop.signal });
      // An answer may stop in its middle too.
      return new Response(await answer.text(), answer);
    } finally {
      clearTimeout(timer);
    }
  }
  async function ensureOpen() {
    if (open) return true;
    /** @type {object} */
    let made = {};
    for (;;) {
      const answer = await post("open", made);
      if (!answer.ok) return answer;
      const { effort } = await answer.json();
      if (!effort) break;
      notice("effort");
      made = { effort: await search(effort) };
      if (leaving) return answer;
    }
    notice();
    open = true;
    showTalk();
    return true;
  }
  /**
   * Many came from this network: a number is searched, so that a flood costs its sender something. Where the browser
   * cannot count (an old one, a page without https), waiting does instead.
   * @param {{ challenge: string, bits: number, waitMs: number }} asked
   */
  async function search({ challenge, bits, waitMs }) {
    const until = Date.now() + waitMs;
    const bytes = new TextEncoder();
    for (let from = 0; crypto.subtle && Date.now() < until && !leaving; from += 512) {
      const digests = await Promise.all(
        Array.from({ length: 512 }, (_, i) =>
          crypto.subtle.digest("SHA-256", bytes.encode(`${challenge}:${from + i}`)),
        ),
      );
      const at = digests.findIndex((d) => Math.clz32(new DataView(d).getUint32(0)) >= bits);
      if (at >= 0) return { challenge, number: from + at };
    }
    while (Date.now() < until + 500 && !leaving) await new Promise((go) => setTimeout(go, 250));
    return { challenge };
  }
  function showTalk() {
    document.body.className = "talking";
    byId("talk").hidden = false;
    document.getElementById("welcome")?.remove();
    byId("numbers").removeAttribute("open");
    listen();
  }
  /** @param {string} [which] the name of its text; none: nothing is to be said */
  function notice(which) {
    // An answer may still come while the page is going away: it is empty by then.
    // The same words stay as they are: a screen reader must not say them at each try, nor a link vanish under a finger.
    if (leaving || which === noticed) return;
    noticed = which;
    if (!which) return byId("notice").replaceChildren();
    const box = make("p", "notice", t[which]);
    // The numbers themselves stand at the end of the page, out of sight on a phone: the first two come along.
    if (CALLS.includes(which)) {
      byId("numbers").setAttribute("open", "");
      box.append(...firstNumbers());
    }
    byId("notice").replaceChildren(box);
  }
  function firstNumbers() {
    const row = make("span", "links");
    const links = [...byId("numbers").querySelectorAll('a[href^="tel:"]')].slice(0, 2);
    row.append(...links.map((link) => link.cloneNode(true)));
    return links.length > 0 ? [row] : [];
  }
  /** What to say while nothing comes: words of hers that have not gone are not to be passed over. */
  function cutOff() {
    if (!navigator.onLine) return offline();
    const isLong = cutAt > 0 && Date.now() - cutAt > CUT_MS;
    return isLong || streamFailures > 1 || isStuck() ? "trouble" : "reconnecting";
  }
  function isStuck() {
    return (starting ?? 0) > 0 || waiting.some((p) => !p.taken && p.tries > 0);
  }
  function offline() {
    return waiting.some((p) => !p.taken) ? "offline" : "offline_quiet";
  }

  // ── showing lines ──────────────────────────────────────────────────────────

  /** @param {Line} line */
  function show(line) {
    if (leaving || line.n <= after) return;
    after = line.n;
    const wasAtEnd = atEnd();
    if (line.lang && line.lang !== facts.lang) dress(line.lang);
    const own = line.from === "you" ? arrived(line.text) : null;
    if (line.from === "you" && !own) cameEarly = waiting.some((p) => !p.taken);
    const item = own ?? newItem(line);
    item.dataset.n = String(line.n);
    const links = line.choices.filter((c) => c.kind !== "answer");
    if (links.length > 0) {
      const row = make("p", "links");
      row.append(...links.map(linkOf));
      item.append(row);
    }
    // What she has just written and is still on its way stays below what has arrived.
    const next = waiting[0]?.item ?? null;
    // One that stands right already is not moved: a reader's place on it would be lost, and it would be read out again.
    if (item.parentNode !== lines || item.nextElementSibling !== next) lines.insertBefore(item, next);
    offer(line.from === "you" ? [] : line.choices);
    if (line.from !== "you" && document.hidden) document.title = `• ${t.title}`;
    if (line.from === "you") awaitAnswer();
    else if (answer === null) {
      answer = item;
      answeredAt = performance.now();
    }
    if (begins && line.from === "bot") {
      begins = false;
      if (hidesChoices(item)) toQuestion(item);
      else toEnd(item);
      return;
    }
    // What comes later is not its answer any more: a counsellor writes while she reads.
    if (follows && (answer === null || performance.now() - answeredAt < ANSWER_MS)) {
      if (!toEnd(answer ?? item) && answer !== item) showLatest(item);
    } else if (wasAtEnd) toEnd(item);
    else showLatest(item);
  }
  /** @param {Line} line */
  function newItem(line) {
    const item = make("li", `line ${line.from}`);
    const words = make("div", "text");
    // A number that a counsellor writes can be tapped.
    const parts = line.from === "counsellor" ? line.text.split(new RegExp(facts.number)) : [line.text];
    words.append(...parts.map((part, i) => (i % 2 ? numberLink(part) : part)));
    item.append(whoSays(line.from), words);
    return item;
  }
  /** @param {string} number */
  function numberLink(number) {
    const a = /** @type {HTMLAnchorElement} */ (make("a", "", number));
    a.href = `tel:${number.replace(/[^0-9+]/g, "")}`;
    return a;
  }
  // A counsellor comes while she looks elsewhere: a dot says it, and nobody else anything.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !leaving) document.title = t.title;
  });
  /** Who has just written wants to see what comes, from its first line, wherever the page stands: an answer to danger must not lie below. */
  function awaitAnswer() {
    follows = true;
    answer = null;
  }
  /** @param {Event} event */
  function moved(event) {
    const isKey = event instanceof KeyboardEvent;
    if (!isKey || (/^(Page|Arrow)|^(Home|End)$/.test(event.key) && event.target !== text)) follows = false;
  }
  for (const way of ["wheel", "touchmove", "keydown"]) addEventListener(way, moved, { passive: true });
  /** @param {Choice} c */
  function linkOf(c) {
    const a = /** @type {HTMLAnchorElement} */ (make("a", c.kind === "call" ? "call" : "out", c.label));
    if (c.kind === "call") {
      a.href = `tel:${c.value.replace(/[^0-9+]/g, "")}`;
      if (!c.label.includes(c.value)) a.textContent = `${c.label} · ${c.value}`;
    } else if (/^https?:\/\//.test(c.value)) {
      a.href = c.value;
      a.target = "_blank";
      a.rel = "noopener noreferrer";
    }
    return a;
  }
  /** @param {Choice[]} all */
  function offer(all) {
    const answers = all.filter((c) => c.kind === "answer");
    for (const old of choices.querySelectorAll("button")) old.remove();
    choices.hidden = answers.length === 0;
    for (const c of answers) {
      const button = /** @type {HTMLButtonElement} */ (make("button", c.style ?? "plain", c.label));
      button.name = "choice";
      button.value = c.value;
      choices.append(button);
    }
  }
  function atEnd() {
    return (
      innerHeight + scrollY > document.documentElement.scrollHeight - 260 ||
      (byId("write").getBoundingClientRect().top > 0 && lastVisible())
    );
  }
  function lastVisible() {
    const last = lines.lastElementChild;
    return !last || last.getBoundingClientRect().top < innerHeight;
  }
  /**
   * To a line with what can be chosen under it; where both do not fit, to its beginning: she reads before she chooses.
   * Measured before anything moves: a smooth movement has not happened yet when the call returns.
   * @param {Element} item
   * @returns {boolean} whether both fit
   */
  function toEnd(item) {
    document.getElementById("latest")?.remove();
    const last = choices.hidden ? (lines.lastElementChild ?? item) : choices;
    const needed = last.getBoundingClientRect().bottom - item.getBoundingClientRect().top;
    const room = roomFor();
    if (needed > room) item.scrollIntoView({ block: "start" });
    else last.scrollIntoView({ block: "end" });
    return needed <= room;
  }
  /** Does a line leave no room for any of the choices under it? Whether she can talk is asked before all else. @param {Element} item */
  function hidesChoices(item) {
    const first = choices.querySelector("button");
    return (
      first !== null && first.getBoundingClientRect().bottom - item.getBoundingClientRect().top > roomFor()
    );
  }
  /** To the last lines of a message, where its question stands, and what can be chosen under it. @param {Element} item */
  function toQuestion(item) {
    const { scrollPaddingTop, fontSize } = getComputedStyle(document.documentElement);
    const keeps = Number.parseFloat(scrollPaddingTop) + QUESTION_LINES * Number.parseFloat(fontSize) * 1.55;
    scrollBy({ top: item.getBoundingClientRect().bottom - keeps });
  }
  /** The height between the header and the box that she writes in. */
  function roomFor() {
    const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
    return innerHeight - Number.parseFloat(scrollPaddingTop) - Number.parseFloat(scrollPaddingBottom);
  }
  /** @param {Element} item */
  function showLatest(item) {
    if (document.getElementById("latest")) return;
    const button = make("button", "", t.latest);
    button.id = "latest";
    button.addEventListener("click", () => toEnd(item));
    document.body.append(button);
  }

  // ── sending ────────────────────────────────────────────────────────────────

  /** @param {{ text?: string, choice?: string }} said @param {string} shown @returns {HTMLElement} her line */
  function send(said, shown) {
    const item = make("li", "line you pending");
    item.append(whoSays("you"), make("div", "text", shown), make("p", "state", t.sending));
    lines.append(item);
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const key = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    waiting.push({ key, ...said, shown, item, taken: false, tries: 0 });
    offer([]);
    byId("talk").hidden = false;
    awaitAnswer();
    toEnd(item);
    void flush();
    return item;
  }
  /** One at a time and in order; a lost answer is asked again with the same key, so it is taken once. */
  async function flush() {
    if (sending || leaving) return;
    const next = waiting.find((p) => !p.taken);
    if (!next) return;
    sending = true;
    const again = await trySend(next);
    sending = false;
    if (leaving) return;
    if (again > 0) setTimeout(flush, again);
    else void flush();
  }
  /** @param {Pending} p @returns {Promise<number>} ms until the next try; 0: go on with the next */
  async function trySend(p) {
    try {
      const opened = await ensureOpen();
      const answer = opened === true ? await post("write", pick(p), p.tries) : opened;
      if (answer.ok) {
        p.taken = true;
        setState(p, "");
        notice();
        if (cameEarly) drop(p);
        cameEarly = false;
        unhide();
        if (source?.readyState !== 1) void poll();
        else setTimeout(() => waiting.includes(p) && renew(), ECHO_MS);
        return 0;
      }
      if (answer.status === 404) return sessionGone();
      if (answer.status === 429) {
        notice("too_many");
        setState(p, t.not_sent);
        return Math.max(1000, Number(answer.headers.get("retry-after") ?? 2) * 1000);
      }
      if (answer.status === 413 || answer.status === 400) {
        notice("too_long");
        giveBack(p);
        return 0;
      }
      throw new Error("refused");
    } catch {
      p.tries += 1;
      setState(p, t.not_sent, true);
      notice(navigator.onLine ? "trouble" : offline());
      return Math.min(15000, 1000 * 2 ** Math.min(p.tries, 4));
    }
  }
  /** @param {Pending} p */
  function pick(p) {
    const said = p.choice !== undefined ? { choice: p.choice } : { text: p.text };
    return { key: p.key, lang: facts.lang, ...said };
  }
  /** The session ended elsewhere (another tab, a long pause): a fresh one takes the words. */
  function sessionGone() {
    open = false;
    after = 0;
    return 1000;
  }
  /** @param {Pending} p @param {string} words @param {boolean} [retry] */
  function setState(p, words, retry) {
    // The line itself may have come before the answer to its call.
    const state = p.item.querySelector(".state");
    if (!state) return;
    state.textContent = words;
    if (!retry) return;
    const button = make("button", "", t.retry);
    button.addEventListener("click", () => void flush());
    state.append(button);
  }
  /** Too long to be taken: her words go back into the box, nothing is lost. @param {Pending} p */
  function giveBack(p) {
    drop(p);
    text.value = text.value ? `${p.shown}\n${text.value}` : p.shown;
    text.focus();
  }
  /** @param {Pending} p */
  function drop(p) {
    if (!waiting.includes(p)) return;
    waiting.splice(waiting.indexOf(p), 1);
    p.item.remove();
  }
  /** Her line has arrived: what stood for it is it from now on. @param {string} words @returns {HTMLElement | null} */
  function arrived(words) {
    let at = waiting.findIndex((p) => p.shown.trim() === words.trim());
    if (at < 0) at = waiting.findIndex((p) => p.taken);
    const item = waiting[at]?.item;
    if (!item) return null;
    waiting.splice(at, 1);
    if (waiting.length === 0) notice();
    item.classList.remove("pending");
    item.querySelector(".state")?.remove();
    const text = item.querySelector(".text");
    // Her private words come back covered.
    if (text && text.textContent !== words) text.textContent = words;
    return item;
  }

  byId("write").addEventListener("submit", (e) => {
    e.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    // All of it stays in the box: a browser that cuts what is pasted does it without a word.
    if (words.length > facts.maxText) return notice("too_long");
    text.value = "";
    send({ text: words }, words);
  });
  text.addEventListener("keydown", (e) => {
    // Enter sends on a keyboard; on a phone the Enter key makes a new line and the button sends.
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || matchMedia("(pointer: coarse)").matches) return;
    e.preventDefault();
    /** @type {HTMLFormElement} */ (byId("write")).requestSubmit();
  });
  choices.addEventListener("submit", (e) => {
    e.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (e).submitter);
    if (!button) return;
    const item = send({ choice: button.value }, button.textContent ?? "");
    // The button is gone: who reads with keys or by ear goes on from what she said, not from the top of the page.
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
  });
  document.getElementById("start-form")?.addEventListener("submit", (e) => {
    e.preventDefault();
    void start();
  });
  /** Who pressed once must not sit before an empty page: it is tried until the first words come, or she writes first. */
  async function start() {
    if (starting !== null) return;
    begins = true;
    starting = 0;
    while (!leaving && after === 0 && waiting.length === 0) {
      const trouble = await tryStart();
      if (leaving || trouble === null) break;
      starting += 1;
      notice(trouble);
      await new Promise((go) => setTimeout(go, Math.min(8_000, 1_000 * 2 ** (starting ?? 0))));
    }
    starting = null;
    // On a phone the cursor would bring up the keyboard, and the first question would lie behind it.
    if (matchMedia("(pointer: fine)").matches) text.focus({ preventScroll: true });
  }
  /** @returns {Promise<string | null>} which notice says why not; null: begun */
  async function tryStart() {
    try {
      const opened = await ensureOpen();
      const answer = opened === true ? await post("arrive", { lang: facts.lang }, starting ?? 0) : opened;
      if (answer.ok) notice();
      // Ended meanwhile, in another tab: another one begins.
      if (answer.status === 404) sessionGone();
      return answer.ok ? null : answer.status === 429 ? "too_many" : "trouble";
    } catch {
      return navigator.onLine ? "trouble" : offline();
    }
  }

  // ── listening ──────────────────────────────────────────────────────────────

  function listen() {
    source?.close();
    source = null;
    heardAt = Date.now();
    clearTimeout(pollTimer);
    if (leaving) return;
    if (!("EventSource" in window) || streamFailures > 3) {
      schedulePoll(streamFailures > 3 ? 4000 : 3000);
      return;
    }
    // The browser itself sends Last-Event-ID when it comes back; `after` is for a stream that we open anew.
    const mine = new EventSource(`/api/page/stream?after=${after}`);
    source = mine;
    mine.addEventListener("open", () => {
      streamFailures = 0;
      heard();
      void flush();
    });
    mine.addEventListener("beat", heard);
    mine.addEventListener("line", (e) => {
      heard();
      show(JSON.parse(e.data));
    });
    mine.addEventListener("ended", () => leave());
    // It may be somebody else: only what comes from now on is shown, until it is known to be her.
    mine.addEventListener("locked", hide);
    mine.addEventListener("unlocked", reveal);
    mine.addEventListener("error", () => {
      if (source !== mine || leaving) return;
      cut();
      // CONNECTING: the browser tries by itself. CLOSED: it gave up (a status other than 200), so we do.
      if (mine.readyState === EventSource.CLOSED) {
        streamFailures += 1;
        void poll();
        pollTimer = setTimeout(listen, 2000 * streamFailures);
      }
    });
  }
  function hide() {
    comesBack = false;
    if (hidden) return;
    hidden = true;
    lines.replaceChildren(...waiting.map((p) => p.item));
    offer([]);
  }
  function reveal() {
    comesBack = hidden;
    unhide();
  }
  /** Not while she writes: what stands in the box or has not gone yet exists nowhere else. */
  function unhide() {
    if (!comesBack || text.value || waiting.some((p) => !p.taken)) return;
    empty();
    location.reload();
  }
  async function poll() {
    const from = after;
    try {
      const answer = await ask(`lines?after=${from}`);
      if (answer.status >= 500) return cut();
      // Ended in another tab, which this one could not hear.
      if (answer.status === 404 && after > 0 && waiting.every((p) => p.taken)) return leave(true);
      if (!answer.ok) return;
      const body = await answer.json();
      heard();
      if (body.ended) return leave();
      if (body.isLocked && !hidden) {
        hide();
        after = from;
      }
      for (const line of body.lines) show(line);
      if (body.isLocked === false) reveal();
    } catch {
      cut();
    }
  }
  function heard() {
    heardAt = Date.now();
    cutAt = 0;
    if (!isStuck() && (noticed === null || OF_THE_LINE.includes(noticed ?? ""))) notice();
  }
  function cut() {
    if (cutAt === 0) cutAt = Date.now();
    notice(cutOff());
  }
  /** What the stream may have lost is asked for, and another one opened. */
  function renew() {
    heardAt = Date.now();
    void poll();
    if (source) listen();
  }
  /** A network that changed, or a proxy that forgot us, leaves a stream that looks open and is not. */
  function watch() {
    if (leaving || !open || !source) return;
    if (cutAt > 0) notice(cutOff());
    if (Date.now() - heardAt < SILENT_MS) return;
    cut();
    renew();
  }
  setInterval(watch, 2_500);
  /** @param {number} ms */
  function schedulePoll(ms) {
    clearTimeout(pollTimer);
    pollTimer = setTimeout(async () => {
      await poll();
      if (!leaving && !source) schedulePoll(ms);
    }, ms);
  }
  addEventListener("offline", () => notice(offline()));
  addEventListener("online", () => {
    notice();
    streamFailures = 0;
    if (open) listen();
    void flush();
  });
  if (open) {
    const last = lines.lastElementChild;
    offer(last?.classList.contains("you") ? [] : facts.choices);
    if (last) toEnd(last);
    else if (!choices.hidden) choices.scrollIntoView({ block: "end" });
    listen();
  }
})();
