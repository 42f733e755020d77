// The form by the meter, where connections come and go: an entry with its photo is
// kept in the browser until the server has taken it. The same entry may be sent
// more than once: the server takes a reading of a meter at a time once.
"use strict";
(() => {
  const form = document.querySelector("[data-read]"), section = document.querySelector("[data-queue]"), list = section.querySelector("ul");
  const offline = document.querySelector("[data-offline]"), ask = form.querySelector("[data-ask]");
  const says = section.dataset;
  let sending = false, again = false;

  const opened = new Promise((done, fail) => {
    const r = indexedDB.open("heatledger-read", 1);
    r.onupgradeneeded = () => r.result.createObjectStore("entry", { keyPath: "key" });
    r.onsuccess = () => done(r.result);
    r.onerror = () => fail(r.error);
  });
  const store = (mode, work) => opened.then(db => new Promise((done, fail) => {
    const t = db.transaction("entry", mode), r = work(t.objectStore("entry"));
    t.oncomplete = () => done(r && r.result);
    t.onerror = t.onabort = () => fail(t.error);
  }));
  const put = entry => store("readwrite", s => s.put(entry)), all = () => store("readonly", s => s.getAll()), drop = key => store("readwrite", s => s.delete(key));

  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");

  // number is what is read without doubt, null what may be read in two ways, NaN what
  // is none: as ParseTypedNumber of the server.
  function number(text) {
    const plain = text.trim();
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) return null;
    for (const form of [/^(\d+)(?:[.,](\d+))?$/, /^(\d{1,3}(?:\.\d{3})+)(?:,(\d+))?$/, /^(\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/, /^(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+)(?:[.,](\d+))?$/, /^(\d{1,3}(?:['’]\d{3})+)(?:[.,](\d+))?$/]) {
      const found = form.exec(plain);
      if (found) return Number(found[1].replace(/\D/g, "") + (found[2] ? "." + found[2] : ""));
    }
    return NaN;
  }

  // asks is what should be mended or explained before the entry is put aside, and
  // the field to do it in.
  function asks() {
    const f = form.elements, v = number(f.value.value), d = form.dataset;
    if (v === null) return [d.open, f.value];
    if (Number.isNaN(v) && !/^\s*[-+\u2212]/.test(f.value.value)) return [d.nonumber, f.value];
    if (f.explain.value.trim()) return ["", null];
    // By the hour it was read at; what lies before the last reading the server judges.
    const hours = (Date.parse(f.at.value) - Date.parse(d.lastat)) / 3600000;
    if (d.last === "" || !(hours >= 0)) return ["", null];
    if (v < Number(d.last)) return [d.below, f.explain];
    if (d.fast !== "" && v > Number(d.last) + Number(d.fast) * (hours + 1)) return [d.above, f.explain];
    return ["", null];
  }

  // show draws the queue anew; whoever is at one of its buttons stays there.
  async function show() {
    const entries = await all(), on = document.activeElement, held = list.contains(on) ? on.closest("li").dataset.key : "";
    section.hidden = entries.length === 0;
    list.replaceChildren(...entries.map(line));
    offline.hidden = navigator.onLine;
    if (!held) return;
    const same = Array.from(list.children).find(item => item.dataset.key === held);
    const next = same && (same.querySelector("[data-deed=" + on.dataset.deed + "]") || same.querySelector("a, button")) || list.querySelector("a, button") || form.elements.value;
    next.focus();
  }

  function line(entry) {
    const item = document.createElement("li"), status = document.createElement("span"), what = document.createElement("strong");
    item.dataset.state = entry.state;
    item.dataset.key = entry.key;
    item.className = entry.state === "sent" || entry.state === "known" || entry.state === "waiting" ? "sent" : "";
    what.textContent = entry.point + ": " + entry.value + " (" + entry.at.replace("T", " ") + ") ";
    const failed = entry.state === "asks" || entry.state === "refused";
    status.textContent = (failed ? says.refused + ": " : "") + (entry.says || says[entry.state]) + " ";
    item.append(what, status);
    const button = (deed, text, act) => {
      const b = document.createElement("button");
      b.type = "button";
      b.dataset.deed = deed;
      b.textContent = text;
      b.setAttribute("aria-label", text + " " + entry.point + " " + entry.value);
      b.addEventListener("click", act);
      item.append(" ", b);
    };
    const link = (text, to) => {
      const a = document.createElement("a");
      a.href = to;
      a.dataset.deed = "open";
      a.textContent = text;
      item.append(a);
    };
    if (entry.address) link(says.receipt, entry.address);
    if (entry.state === "signin") link(says.login, "/signin?next=" + encodeURIComponent(location.pathname + location.search));
    if (failed) button("edit", says.edit, () => edit(entry));
    if (failed || item.className === "sent") button("drop", says.drop, () => drop(entry.key).then(show));
    return item;
  }

  function edit(entry) {
    for (const name of ["value", "at", "explain"]) form.elements[name].value = entry[name];
    form.elements.key.value = entry.key;
    pass(Boolean(entry.twice));
    (entry.twice ? form.elements.pass : form.elements.value).focus();
  }

  // pass asks which of two is meant where the clock showed a time twice.
  function pass(twice) {
    form.elements.pass.closest("p").hidden = !twice;
    form.elements.pass.disabled = !twice;
  }

  async function send(entry) {
    const body = new FormData();
    for (const name of ["point", "key", "value", "at", "pass", "explain"]) if (entry[name]) body.append(name, entry[name]);
    if (entry.photo) body.append("photo", entry.photo, entry.photoName);
    let answer;
    try {
      answer = await fetch(entry.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
    } catch {
      return { ...entry, state: "kept", says: "" };
    }
    if (answer.status === 401 || answer.status === 403) return { ...entry, state: "signin", says: "" };
    const kind = answer.headers.get("Content-Type") || "";
    if (answer.status >= 500 || answer.status === 429 || !kind.startsWith("application/json")) return { ...entry, state: "kept", says: says.failed };
    const said = await answer.json();
    const done = said.state === "sent" || said.state === "known" || said.state === "waiting";
    return { ...entry, state: said.state || "refused", says: said.says || "", twice: Boolean(said.twice), address: said.address || "", photo: done ? null : entry.photo };
  }

  // flush sends what waits, one after the other. Who asks while that goes on, since
  // the connection is back, is answered by another round.
  async function flush() {
    again = true;
    if (sending) return;
    sending = true;
    try {
      while (again) {
        again = false;
        for (const entry of await all()) {
          if (entry.state !== "kept" && entry.state !== "signin") continue;
          await put(await send(entry));
          await show();
        }
      }
    } finally {
      sending = false;
    }
  }

  form.addEventListener("submit", async e => {
    e.preventDefault();
    const [question, field] = asks();
    ask.textContent = question;
    if (question) { field.focus(); return; }
    const f = form.elements, photo = f.photo.files[0] || null;
    const entry = { key: f.key.value || key(), action: form.action, point: f.point.value, value: f.value.value.trim(), at: f.at.value, pass: f.pass.disabled ? "" : f.pass.value, explain: f.explain.value.trim(), photo, photoName: photo ? photo.name : "", state: "kept", says: "" };
    await put(entry);
    const at = f.at.value;
    form.reset();
    f.value.value = f.explain.value = "";
    f.at.value = at;
    f.key.value = key();
    pass(false);
    await show();
    await flush();
  });

  form.elements.at.addEventListener("input", () => pass(false));
  window.addEventListener("online", flush);
  window.addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  setInterval(flush, 15000);
  show().then(flush);

  if ("serviceWorker" in navigator) {
    const own = Array.from(document.querySelectorAll("link[href],script[src]"), n => n.href || n.src);
    navigator.serviceWorker.register(form.dataset.worker, { scope: "/sites/" }).then(() => navigator.serviceWorker.ready).then(r => {
      r.active.postMessage({ keep: [location.href, ...own] });
    }).catch(() => {}); // without it the page has to stay open
  }
})();
