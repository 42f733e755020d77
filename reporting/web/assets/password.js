// Lets people see the password they type, and says of a new one how strong it looks.
// What is refused is decided by the server, which knows the list of breached ones.
"use strict";
const words = document.currentScript.dataset;
for (const form of document.forms) {
  const fields = [...form.querySelectorAll("input[type=password]")];
  if (fields.length === 0) continue;
  const line = document.createElement("p"), label = document.createElement("label"), box = document.createElement("input");
  box.type = "checkbox";
  label.className = "one";
  label.append(box, " " + words.show);
  line.append(label);
  fields[fields.length - 1].closest("p").after(line);
  const show = shown => { for (const f of fields) f.type = shown ? "text" : "password"; };
  box.addEventListener("change", () => show(box.checked));
  form.addEventListener("submit", () => show(false)); // browsers keep what stands in fields of text
  const fresh = fields.find(f => f.getAttribute("aria-describedby") === "rule");
  if (fresh) tell(fresh);
}

// strength of a password from 0 to 4: as long as it is, as far as it does not repeat.
function strength(text) {
  const length = Math.min([...text].length, 2 * new Set(text).size);
  return [12, 15, 20, 26].filter(least => length >= least).length;
}

function tell(field) {
  const meter = document.createElement("meter"), said = document.createElement("small");
  meter.max = 4; meter.low = 2; meter.high = 3; meter.optimum = 4; meter.hidden = true;
  meter.setAttribute("aria-hidden", "true"); // the words beside it say the same
  said.setAttribute("role", "status");
  field.closest("p").append(meter, " ", said);
  field.addEventListener("input", () => {
    const left = field.minLength - [...field.value].length, strong = strength(field.value);
    meter.hidden = field.value === "";
    meter.value = strong;
    said.textContent = field.value === "" ? "" : left > 0 ? words.short.replace("{n}", left) : strong < 2 ? words.weak : strong < 3 ? words.fair : words.good;
  });
}
