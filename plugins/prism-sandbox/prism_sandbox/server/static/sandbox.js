// The sandbox's library for the page of a shop:
//
//   const method = PrismSandbox("pk_sandbox_...").mount("#method", { types: ["card", "sepa"] });
//   const { token } = await method.createToken();
//
// It shows a form in a frame of the sandbox's own origin, so that no card or account number reaches
// the page or its server.
"use strict";

(() => {
  const sandbox = new URL(document.currentScript.src).origin;
  const READY_WITHIN = 10000;

  function failed({ code, message, param }) {
    return Object.assign(new Error(message), { name: "PrismSandboxError", code, param });
  }

  class Method {
    #key;
    #frame = document.createElement("iframe");
    #ready;

    constructor(key) {
      this.#key = key;
      Object.assign(this.#frame, { title: "Payment method", height: 0, width: "100%" });
      this.#frame.style.border = 0;
      this.#ready = new Promise((resolve) => {
        addEventListener("message", ({ source, origin, data }) => {
          if (source !== this.#frame.contentWindow || origin !== sandbox) return;
          this.#frame.height = Number(data.height) || 0;
          resolve();
        });
      });
    }

    // Shows the form in the element of this selector. `types` are the payment methods to offer:
    // card, sepa, ach, bacs, becs, ideal, eps, bancontact_card, blik, pay_pal.
    mount(selector, { types = ["card"] } = {}) {
      const place = document.querySelector(selector);
      if (!place) throw failed({ code: "no_element", message: `There is no ${selector}.` });
      const query = new URLSearchParams({ types: types.join(), origin: location.origin });
      this.#frame.src = `${sandbox}/frame?${query}`;
      place.replaceChildren(this.#frame);
      return this;
    }

    // Resolves to {token, payment_method_type, brand, last4}. Your server pays with
    // SdkToken(token); if `token` is null, with Redirect(payment_method_type): the customer goes to
    // a bank's page, and types nothing here.
    createToken() {
      return this.#ask({ work: "createToken" });
    }

    // Tries to pay an order that your server made with create_order(hosted=False). If a bank asks
    // the customer, the page is left for the bank's. Else it resolves to the order: if `status` is
    // still "open", `decline` says why, and the customer can try again.
    async confirmOrder(clientSecret) {
      const order = await this.#ask({ work: "confirmOrder", clientSecret });
      const next = order.next_action?.url;
      if (!next) return order;
      location.assign(next);
      return new Promise(() => {});
    }

    async #ask(work) {
      await Promise.race([this.#ready, late()]);
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise((resolve) => { port1.onmessage = resolve; });
      // Delivered only while the frame shows a page of the sandbox; nobody else has the other port.
      this.#frame.contentWindow.postMessage({ ...work, key: this.#key }, sandbox, [port2]);
      const { data: { done, error } } = await answer;
      port1.close();
      if (error) throw failed(error);
      return done;
    }
  }

  const late = () => new Promise((_, reject) => {
    const message = "The sandbox's form did not load.";
    setTimeout(() => reject(failed({ code: "not_loaded", message })), READY_WITHIN);
  });

  globalThis.PrismSandbox = (publishableKey) => {
    if (!String(publishableKey).startsWith("pk_sandbox_")) {
      const message = "A page takes the publishable key (pk_sandbox_...), never the API key.";
      throw failed({ code: "invalid_public_key", message });
    }
    return new Method(publishableKey);
  };
})();
