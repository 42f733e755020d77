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

  function number(text) {
    const plain = text.replace(/\s/g, "");
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) return NaN; // the server asks which it is
    return Number(plain.replace(",", "."));
  }

  // strange is what should be explained before the entry is put aside.
  function strange() {
    const v = number(form.elements.value.value), d = form.dataset;
    if (form.elements.explain.value.trim() || Number.isNaN(v)) return "";
    if (d.last !== "" && v < Number(d.last)) return d.below;
    if (d.high !== "" && v > Number(d.high)) return d.above;
    return "";
  }

  async function show() {
    const entries = await all();
    section.hidden = entries.length === 0;
    list.replaceChildren(...entries.map(line));
    offline.hidden = navigator.onLine;
  }

  function line(entry) {
    const item = document.createElement("li"), status = document.createElement("span"), what = document.createElement("strong");
    item.dataset.state = entry.state;
    item.className = entry.state === "sent" || entry.state === "known" || entry.state === "waiting" ? "sent" : "";
    what.textContent = entry.point + ": " + entry.value + " (" + entry.at.replace("T", " ") + ") ";
    const failed = entry.state === "asks" || entry.state === "refused";
    status.textContent = (failed ? says.refused + ": " : "") + (entry.says || says[entry.state]) + " ";
    item.append(what, status);
    const button = (text, act) => {
      const b = document.createElement("button");
      b.type = "button";
      b.textContent = text;
      b.setAttribute("aria-label", text + " " + entry.point + " " + entry.value);
      b.addEventListener("click", act);
      item.append(" ", b);
    };
    const link = (text, to) => {
      const a = document.createElement("a");
      a.href = to;
      a.textContent = text;
      item.append(a);
    };
    if (entry.address) link(says.receipt, entry.address);
    if (entry.state === "signin") link(says.login, "/signin?next=" + encodeURIComponent(location.pathname + location.search));
    if (failed) button(says.edit, () => edit(entry));
    if (failed || item.className === "sent") button(says.drop, () => drop(entry.key).then(show));
    return item;
  }

  function edit(entry) {
    for (const name of ["value", "at", "explain"]) form.elements[name].value = entry[name];
    form.elements.key.value = entry.key;
    form.elements.value.focus();
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
    return { ...entry, state: said.state || "refused", says: said.says || "", address: said.address || "", photo: done ? null : entry.photo };
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
    ask.textContent = strange();
    if (ask.textContent) { form.elements.explain.focus(); return; }
    const f = form.elements, photo = f.photo.files[0] || null;
    const entry = { key: f.key.value || key(), action: form.action, point: f.point.value, value: f.value.value.trim(), at: f.at.value, pass: f.pass ? f.pass.value : "", explain: f.explain.value.trim(), photo, photoName: photo ? photo.name : "", state: "kept", says: "" };
    await put(entry);
    const at = f.at.value;
    form.reset();
    f.value.value = f.explain.value = "";
    f.at.value = at;
    f.key.value = key();
    await show();
    await flush();
  });

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
