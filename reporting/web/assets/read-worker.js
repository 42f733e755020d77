// Keeps the form by the meter, and what it is made of, for places without a
// connection. It answers from what it kept only when the network does not.
"use strict";
const kept = "heatledger-read-1", form = /^\/sites\/[^/]+\/read$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", e => e.waitUntil(self.clients.claim()));

self.addEventListener("message", e => {
  if (!e.data || !Array.isArray(e.data.keep)) return;
  e.waitUntil(caches.open(kept).then(c => Promise.all(e.data.keep.map(a => {
    const u = new URL(a, self.location.origin);
    if (u.origin !== self.location.origin) return null;
    return fetch(u, { credentials: "same-origin", headers: { Accept: "text/html,*/*" } }).then(r => { if (r.ok && !r.redirected) return c.put(u.href, r); }).catch(() => null);
  }))));
});

self.addEventListener("fetch", e => {
  const u = new URL(e.request.url);
  if (e.request.method !== "GET" || u.origin !== self.location.origin) return;
  if (e.request.mode === "navigate" && form.test(u.pathname)) {
    e.respondWith(fetch(e.request).then(r => {
      // Who is no longer signed in keeps nothing here.
      if (r.redirected || r.type === "opaqueredirect" || r.status === 401 || r.status === 403) caches.delete(kept);
      return r;
    }, lost => caches.match(e.request.url).then(r => r || Promise.reject(lost))));
  } else if (u.pathname.startsWith("/assets/")) {
    e.respondWith(caches.match(u.href).then(r => r || fetch(e.request)));
  }
});
