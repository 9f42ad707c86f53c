// A person with a browser, as far as the provider's pages need one: follows redirects, keeps cookies, fills forms.

/** The buttons that mean yes. */
const presses = ["sign-in", "allow", "approve", "sign-out"];

const decode = (text) =>
  text.replace(/&(amp|lt|gt|quot|#39|#x([0-9a-f]+));/gi, (all, name, hex) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" }[name.toLowerCase()] ?? all
  );

const attributes = (tag) =>
  Object.fromEntries([...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].slice(1).map(([, name, value]) => [name.toLowerCase(), decode(value ?? "")]));

export class UserAgent {
  #cookies = new Map();

  /** What the person types into fields, by their names. */
  constructor(answers) {
    this.answers = answers;
    this.pages = 0;
  }

  /** Opens an address and does what the pages ask, until the browser would go to an address that begins with `end`; that address. */
  async open(url, end) {
    let next = { url: String(url), options: {} };
    for (let steps = 0; steps < 20; steps++) {
      if (next.url.startsWith(end)) return new URL(next.url);
      const answer = await this.#send(next);
      const location = answer.headers.get("location");
      if (location) {
        next = { url: new URL(location, next.url).href, options: {} };
        continue;
      }
      const text = await answer.text();
      if (!answer.ok && answer.status !== 400) throw new Error(`${answer.status} at ${next.url}: ${text}`);
      this.pages++;
      next = this.#submit(text, next.url);
    }
    throw new Error(`did not come to ${end}`);
  }

  #submit(page, url) {
    const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page.replace(/<footer[\s\S]*<\/footer>/i, "")); // below is the choice of a language
    if (!form) throw new Error(`no form at ${url}: ${page.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ")}`);
    const fields = new URLSearchParams();
    for (const [tag] of form[2].matchAll(/<input\b[^>]*>/gi)) {
      const { name, value = "", type = "text" } = attributes(tag);
      if (!name || type === "checkbox") continue;
      fields.set(name, type === "hidden" ? value : (this.answers[name] ?? value));
    }
    const buttons = [...form[2].matchAll(/<button\b[^>]*>/gi)].map(([tag]) => attributes(tag)).filter((button) => button.name);
    const button = buttons.find((one) => presses.includes(one.value)) ?? buttons[0];
    if (button) fields.set(button.name, button.value);
    const { action = "", method = "get" } = attributes(form[0].slice(0, form[0].indexOf(">")));
    const target = new URL(action, url);
    if (method.toLowerCase() === "get") {
      target.search = fields;
      return { url: target.href, options: {} };
    }
    return { url: target.href, options: { method: "POST", body: fields, headers: { origin: target.origin } } };
  }

  async #send({ url, options }) {
    const path = new URL(url).pathname;
    const cookie = [...this.#cookies.values()].filter((one) => path.startsWith(one.path)).map((one) => `${one.name}=${one.value}`);
    const answer = await fetch(url, { ...options, redirect: "manual", headers: { ...options.headers, cookie: cookie.join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(";").map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const path = rest.find((part) => /^path=/i.test(part))?.slice(5) ?? "/";
      if (value) this.#cookies.set(name, { name, value, path });
      else this.#cookies.delete(name);
    }
    return answer;
  }
}

export const assert = (condition, what) => {
  if (!condition) throw new Error(`not so: ${what}`);
};
