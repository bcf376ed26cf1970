"use strict";
// Everything works without this file. With it, a problem is where the reader is, and a question leads to its input.
document.addEventListener("DOMContentLoaded", () => {
  const problem = document.getElementById("problem");
  if (problem) problem.focus();
  // On a narrow screen the menu is a strip: show where we are in it.
  document.querySelector("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-input]");
  if (!link) return;
  const found = document.getElementById(link.dataset.input);
  if (!found) return;
  event.preventDefault();
  const folded = found.closest("details");
  if (folded) folded.open = true;
  found.scrollIntoView({ block: "center" });
  (found.matches("input, select, textarea") ? found : found.querySelector("input, select, textarea"))?.focus();
});
