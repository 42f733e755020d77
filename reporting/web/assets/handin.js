// Adds to the pages of handing in what a browser can do beyond forms: drops files,
// shows how far an upload is, and hides what a column does not need. Without it everything works by forms alone.
"use strict";
for (const form of document.querySelectorAll("[data-upload]")) {
  const input = form.querySelector("input[type=file]"), hint = form.querySelector("[data-drop]"), status = form.querySelector("[data-progress]");
  hint.hidden = false;
  form.addEventListener("dragover", e => { e.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", e => {
    e.preventDefault();
    form.classList.remove("over");
    if (e.dataTransfer.files.length) input.files = e.dataTransfer.files;
  });
  form.addEventListener("submit", e => {
    if (!input.files.length) return;
    e.preventDefault();
    if (form.dataset.sending) return; // the button stays in reach: a keyboard would lose its place
    form.dataset.sending = "yes";
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.upload.addEventListener("progress", p => {
      status.textContent = status.dataset.says + (p.lengthComputable ? " " + Math.floor(100 * p.loaded / p.total) + " %" : "");
    });
    request.addEventListener("load", () => {
      if (request.status < 400) { location.assign(request.responseURL); return; }
      // What is wrong is said by the page that came back.
      const came = new DOMParser().parseFromString(request.responseText, "text/html"), trouble = came.querySelector("#trouble");
      delete form.dataset.sending;
      status.textContent = "";
      const old = document.querySelector("#trouble");
      if (old) old.remove();
      if (trouble) { form.before(document.adoptNode(trouble)); trouble.focus(); } else { status.textContent = (came.querySelector("main") || came.body).innerText.trim(); }
    });
    request.addEventListener("error", () => { delete form.dataset.sending; status.textContent = ""; form.submit(); });
    request.send(new FormData(form));
  });
}
// Only columns of values have a point and a unit.
for (const column of document.querySelectorAll("fieldset.column")) {
  const is = column.querySelector("select");
  const show = () => { for (const field of column.querySelectorAll("[data-value]")) field.hidden = is.value !== "value"; };
  is.addEventListener("change", show);
  show();
}
