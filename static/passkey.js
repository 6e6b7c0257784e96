// Passkeys: asks the device and hands its answer in with the form. Without this file a password is the way in.
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
  const { credential } = form.elements, failed = document.getElementById("passkey-failed");
  form.hidden = false;
  document.getElementById("no-passkeys")?.remove();

  const asked = async () => {
    const answer = await fetch(form.dataset.question, { method: "POST" });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };
  const made = async () => PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(form.dataset.options));
  const found = async () => PublicKeyCredential.parseRequestOptionsFromJSON(await asked());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = form.dataset.passkey === "add"
        ? await navigator.credentials.create({ publicKey: await made() })
        : await navigator.credentials.get({ publicKey: await found() });
      credential.value = JSON.stringify(answer.toJSON());
      form.submit();
    } catch {
      // The browser has said why, if there was anything to say; who pressed Cancel knows.
      failed.hidden = false;
    }
  });
})();
