// Passkeys: asks the server what to ask the device, and brings the answer back.
// Without it one signs in by password; what it serves is hidden until it runs.
"use strict";
for (const place of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    const status = place.querySelector("[role=status]");
    status.textContent = "";
    const run = place.dataset.passkey === "signin" ? signIn(place) : register(place);
    run.then(next => { location.assign(next); }, () => { status.textContent = status.dataset.failed; });
  });
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, c => c.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

async function ask(address, body) {
  const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function signIn(place) {
  const { ceremony, options } = await ask("/signin/passkey/begin");
  options.challenge = bytes(options.challenge);
  const key = await navigator.credentials.get({ publicKey: options });
  const r = key.response;
  const answer = await ask("/signin/passkey?" + new URLSearchParams({ ceremony, next: place.dataset.next, lang: place.dataset.lang }), {
    id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment, clientExtensionResults: key.getClientExtensionResults(),
    response: { clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: r.userHandle ? text(r.userHandle) : null },
  });
  return answer.next;
}

async function register(place) {
  const { ceremony, options } = await ask("/account/passkeys/begin");
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials || []) known.id = bytes(known.id);
  const key = await navigator.credentials.create({ publicKey: options });
  const r = key.response;
  const answer = await ask("/account/passkeys?" + new URLSearchParams({ ceremony, name: place.querySelector("input").value, ...("next" in place.dataset && { next: place.dataset.next }) }), {
    id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment, clientExtensionResults: key.getClientExtensionResults(),
    response: { clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports ? r.getTransports() : [] },
  });
  return answer.next;
}
