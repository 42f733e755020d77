// Writes the code of a letter's link into the form. It stands behind the #, so that no
// server and no log ever gets it in an address; it is taken out of the history too.
// Without it one types the code, which the letter names.
"use strict";
(() => {
  const field = document.getElementById("code");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[A-Za-z0-9 -]{20,60}$/.test(code)) return;
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("new").focus();
})();
