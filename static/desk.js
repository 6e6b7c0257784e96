// What the desk's forms need beyond htmx. Every form works without this file.
(() => {
  const draft = () => document.getElementById("draft");
  let unsaved = false;

  // Leaving with something unsaved asks first. What saved itself, or is being sent, is not unsaved.
  addEventListener("input", (event) => { if (draft()?.contains(event.target)) unsaved = true; });
  addEventListener("submit", () => { unsaved = false; });
  addEventListener("htmx:after:swap", () => {
    if (document.querySelector("#saved[data-saved]")) unsaved = false;
  });
  // Who was signed out meanwhile keeps what they typed, and is told.
  addEventListener("htmx:before:response", (event) => {
    const { raw } = event.detail.ctx.response;
    if (!draft() || !raw.redirected || !new URL(raw.url).pathname.endsWith("/sign-in")) return;
    event.preventDefault();
    unsaved = true;
    document.getElementById("signed-out").hidden = false;
    document.getElementById("signed-out").scrollIntoView();
  });

  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
